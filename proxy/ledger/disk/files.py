"""Files of the ledger: told apart from others, and made so that a power cut leaves them whole or not there."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from struct import Struct, error
from typing import NamedTuple

DATA, LOCK = "data.mdb", "lock.mdb"
"""The names that LMDB gives its files."""

_FRESH = "new"
"""Folder in the ledger's, in which a new file is built."""

_PAGE_SIZE = Struct("=40xL")
_META = Struct("=16xL116xQQ")
"""Of a meta page, of which there are two at the beginning: the magic number, the last page, the transaction."""

_MAGIC = 0xBEEFC0DE


class LedgerError(Exception):
    """The ledger can't be opened, read or written; the message says which, where and what to do."""


class Mark(NamedTuple):
    """What tells the ledger that a process has open from every other, and from an older copy of itself.

    ``ledger`` was drawn when it was created; ``device`` and ``inode`` are the file's; ``transaction`` is the last one
    that was seen.
    """

    ledger: str
    device: int
    inode: int
    transaction: int


class Look(NamedTuple):
    """The file as it is now: its place, its last transaction (0: it can't be told), and whether all of it is there."""

    device: int
    inode: int
    transaction: int
    is_whole: bool


def look_at(path: Path) -> Look | None:
    """The ledger's file in the folder ``path``, read without LMDB, whose map must not be touched if it was cut short.

    None if there is none that can be read.
    """
    try:
        descriptor = os.open(path / DATA, os.O_RDONLY)
    except OSError:
        return None
    try:
        return look_into(descriptor)
    finally:
        os.close(descriptor)


def look_into(descriptor: int) -> Look:
    """``look_at`` for a file that is open.

    Its size is looked at last: another process that writes makes the file longer first, and then says so in it.
    """
    try:
        (page,) = _PAGE_SIZE.unpack(os.pread(descriptor, _PAGE_SIZE.size, 0))
        metas = [_META.unpack(os.pread(descriptor, _META.size, place)) for place in (0, page)]
    except (OSError, error):
        metas = []
    status = os.fstat(descriptor)
    if not metas:
        return Look(status.st_dev, status.st_ino, 0, is_whole=False)
    transaction, last_page = max((meta[2], meta[1]) if meta[0] == _MAGIC else (0, 0) for meta in metas)
    return Look(status.st_dev, status.st_ino, transaction, is_whole=status.st_size >= (last_page + 1) * page)


def sync(path: Path) -> None:
    """Have the file, or the names in the folder, on disk when this returns."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, for their owner only; when this returns all are on disk."""
    path = path.absolute()
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
        sync(folder.parent)
    if not path.is_dir():
        raise NotADirectoryError(f"{path} is not a folder")


@contextmanager
def alone_in(path: Path) -> Iterator[None]:
    """Wait until no other process is in here, with the same folder."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A folder to build a new ``data.mdb`` in, which at the end takes its place in ``path`` at once, and is on disk.

    If it takes the place of a file, it has that one's owner and mode. Whatever interrupts this leaves the old file.
    """
    fresh = path / _FRESH
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    try:
        yield fresh
        take_over(path / DATA, fresh / DATA)
        sync(fresh / DATA)
        sync(fresh)
        os.replace(fresh / DATA, path / DATA)
        sync(path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def take_over(old: Path, new: Path) -> None:
    """Give a new file the owner and mode of the old one, where there is one; else it is for its owner only."""
    if not old.exists():
        new.chmod(0o600)
        return
    status, ours = old.stat(), new.stat()
    if (status.st_uid, status.st_gid) != (ours.st_uid, ours.st_gid):
        os.chown(new, status.st_uid, status.st_gid)
    new.chmod(status.st_mode & 0o7777)
