"""The ledger's files: opened only if they are whole, told apart from others, made durable by name."""

from __future__ import annotations

import os
from pathlib import Path

import lmdb


class LedgerError(Exception):
    """The ledger can't be opened, read or written; the message says which, where and what to do."""


def open_environment(path: Path, map_size: int) -> lmdb.Environment:
    """Open the files in ``path``, or make them where nothing shows that there were some; raises ``LedgerError``."""
    existed = (path / "data.mdb").exists()
    if existed and (path / "data.mdb").stat().st_size == 0:
        raise LedgerError(
            f"the ledger in {path} is damaged: data.mdb is empty; restore a backup, or remove it to begin anew"
        )
    if not existed and (path / "lock.mdb").exists():
        raise LedgerError(
            f"the ledger in {path} is gone: lock.mdb is there and data.mdb is not;"
            " restore a backup, or remove lock.mdb to begin anew"
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        env = lmdb.open(
            str(path), map_size=map_size, max_dbs=16, max_readers=1024, max_spare_txns=4, mode=0o600, readahead=False
        )
    except (OSError, lmdb.Error) as error:
        raise LedgerError(f"the ledger in {path} can't be opened: {error}{_advice(error)}") from error
    size = (env.info()["last_pgno"] + 1) * env.stat()["psize"]
    if existed and (path / "data.mdb").stat().st_size < size:
        env.close()
        raise LedgerError(f"the ledger in {path} is damaged: data.mdb is shorter than its contents; restore a backup")
    env.reader_check()
    if not existed:
        sync_folder(path)
        sync_folder(path.parent)
    return env


def _advice(error: Exception) -> str:
    if isinstance(error, lmdb.InvalidError | lmdb.CorruptedError | lmdb.VersionMismatchError):
        return "; data.mdb is damaged or not an LMDB file: restore a backup, or move it away to begin anew"
    if isinstance(error, lmdb.ReadonlyError | PermissionError) or "ermission" in str(error):
        return "; give the user that runs the proxy write access to it"
    return ""


def sync_folder(path: Path) -> None:
    """Make a new file's name durable, which LMDB leaves to us."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def identity(path: Path) -> tuple[int, int] | None:
    """What tells the ledger's file from any other, None if there is none."""
    try:
        status = os.stat(path / "data.mdb")
    except OSError:
        return None
    return status.st_dev, status.st_ino
