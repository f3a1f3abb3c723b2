"""The ledger's environment: created once, whole or not at all; opened only if it is one of ours and whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

import lmdb

from proxy.ledger.disk.files import DATA, LOCK, LedgerError, alone_in, look_at, make_folder, replacing, take_over

MAX_READERS = 1024

_LOCK_SPACE = MAX_READERS * 64 + 4096
"""Octets of ``lock.mdb``: LMDB's header, and a cache line for each reader."""


class Access(Enum):
    """What a process wants of a ledger."""

    CREATE = "to read and write it, and to make an empty one where none is: only for the first start"
    WRITE = "to read and write one that is there"
    READ = "to read one that is there, on a disk that can't be written too"


def open_environment(path: Path, map_size: int, access: Access, schema: bytes) -> lmdb.Environment:
    """Open the ledger's files in ``path``; raises ``LedgerError``.

    A new one gets ``schema``, and an id. Several processes may do this at once: one creates, the others wait.
    """
    try:
        if access is Access.CREATE and not (path / DATA).exists():
            _create(path, map_size, schema)
        _check(path)
        env = lmdb.open(
            str(path),
            map_size=map_size,
            max_dbs=32,
            max_readers=MAX_READERS,
            max_spare_txns=4,
            mode=0o600,
            readahead=False,
            create=False,
            readonly=access is Access.READ,
            lock=_lock(path, access),
        )
    except (OSError, lmdb.Error) as error:
        raise LedgerError(f"the ledger in {path} can't be opened: {error}{_advice(error)}") from error
    if env.flags()["lock"]:
        env.reader_check()
    return env


def _create(path: Path, map_size: int, schema: bytes) -> None:
    make_folder(path)
    with alone_in(path):
        if (path / DATA).exists():
            return
        refuse_if_gone(path)
        with (
            replacing(path) as fresh,
            lmdb.open(str(fresh), map_size=map_size, max_dbs=1, mode=0o600, lock=False) as env,
            env.begin(write=True) as txn,
        ):
            meta = env.open_db(b"meta", txn=txn)
            txn.put(b"schema", schema, db=meta)
            txn.put(b"id", new_id(), db=meta)


def open_meta(database: Callable[..., Any], path: Path) -> Any:
    """The database ``meta`` of the ledger in ``path``; a file without one isn't an empty ledger."""
    try:
        return database(b"meta", create=False)
    except lmdb.NotFoundError:
        raise LedgerError(f"{path / DATA} is damaged: it holds nothing of a ledger; restore a backup") from None


def check_schema(found: bytes | None, known: tuple[bytes, ...], path: Path) -> None:
    """Refuse a ledger that this program doesn't know."""
    if found not in known:
        raise LedgerError(
            f"the ledger in {path} has schema {found!r}, this program knows {known[-1]!r}:"
            " if it was written by a newer version, run that one; else restore a backup"
        )


def new_id() -> bytes:
    """What a ledger is told from all others by."""
    return secrets.token_hex(16).encode()


def refuse_if_gone(path: Path) -> None:
    """Raise ``LedgerError`` where the data of a ledger is missing that was here."""
    if (path / LOCK).exists():
        raise LedgerError(
            f"the ledger in {path} is gone: {LOCK} is there and {DATA} is not; restore a backup into this folder."
            " To begin with an empty ledger, give [store] path a new folder"
        )


def _check(path: Path) -> None:
    data = path / DATA
    if not data.exists():
        refuse_if_gone(path)
        raise LedgerError(f"there is no ledger in {path}: check the path, and whether its disk is mounted")
    if data.stat().st_size == 0:
        raise LedgerError(f"the ledger in {path} is damaged: {DATA} is empty; restore a backup")
    look = look_at(path)
    if look is not None and look.transaction and not look.is_whole:
        raise LedgerError(f"the ledger in {path} is damaged: {DATA} is shorter than its contents; restore a backup")


def _lock(path: Path, access: Access) -> bool:
    """Whether LMDB's lock file can be used. If it can, it has its room on disk now.

    LMDB maps it without having asked for that; where a full disk has no room, the first touch would end the process.
    """
    lock = path / LOCK
    try:
        is_new = not lock.exists()
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if is_new:
                take_over(path / DATA, lock)
            status = os.fstat(descriptor)
            if status.st_blocks * 512 < _LOCK_SPACE:
                os.posix_fallocate(descriptor, 0, max(_LOCK_SPACE, status.st_size))
        finally:
            os.close(descriptor)
    except OSError:
        if access is Access.READ:
            return False
        raise
    return True


def _advice(error: Exception) -> str:
    if isinstance(error, lmdb.InvalidError | lmdb.CorruptedError | lmdb.VersionMismatchError):
        return "; data.mdb is damaged or not an LMDB file: restore a backup"
    if isinstance(error, lmdb.ReadonlyError | PermissionError) or "ermission" in str(error):
        return "; give the user that runs the proxy write access to it"
    return ""
