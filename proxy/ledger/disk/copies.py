"""Copies of the ledger's file: a smaller one in its place, a backup elsewhere. A copy counts when it is on disk."""

from __future__ import annotations

from pathlib import Path

import lmdb

from proxy.ledger.disk.environment import new_id
from proxy.ledger.disk.files import LedgerError, make_folder, replacing

_UNFINISHED = (b"parts", b"part_times")
"""The databases that hold what consumers wrote. A backup is kept long, and must not have it."""


def compact(env: lmdb.Environment, path: Path) -> None:
    """Put a copy of the environment without free pages in the place of ``path``'s file; nobody may write meanwhile."""
    with replacing(path) as fresh:
        env.copy(str(fresh), compact=True)
        _settle(fresh)


def backup(env: lmdb.Environment, path: Path) -> None:
    """Copy the environment as it stands at one moment into the empty folder ``path``; raises ``LedgerError``.

    The copy has an id of its own, and no free pages, in which deleted text may still be, and no unfinished replies.
    """
    make_folder(path)
    if any(path.iterdir()):
        raise LedgerError(f"{path} is not empty; name a new folder for the copy")
    try:
        with replacing(path) as fresh:
            env.copy(str(fresh), compact=True)
            if _forget_unfinished(fresh):
                with replacing(fresh) as again, _opened(fresh) as copied:
                    copied.copy(str(again), compact=True)
            _settle(fresh)
    except lmdb.Error as error:
        raise LedgerError(f"the copy in {path} could not be made: {error}") from error


def _forget_unfinished(folder: Path) -> bool:
    """Empty what holds text; whether there was any."""
    with _opened(folder) as env, env.begin(write=True) as txn:
        found = False
        for name in _UNFINISHED:
            try:
                database = env.open_db(name, txn=txn, create=False)
            except lmdb.NotFoundError:
                continue
            found = found or txn.stat(database)["entries"] > 0
            txn.drop(database, delete=False)
        return found


def _settle(folder: Path) -> None:
    """Make the copy one of its own: put over the ledger that it was made of, while that is in use, it must be noticed.

    Both meta pages are written: in a fresh copy the older one names an empty ledger, and if the newer is damaged
    later, or a running process is led to the older one, that must be none.
    """
    ledger = new_id()
    with _opened(folder) as env:
        for _ in range(2):
            with env.begin(write=True) as txn:
                txn.put(b"id", ledger, db=env.open_db(b"meta", txn=txn))


def _opened(folder: Path) -> lmdb.Environment:
    """A copy that nobody else has open."""
    size = (folder / "data.mdb").stat().st_size
    return lmdb.open(str(folder), map_size=size + (1 << 20), max_dbs=len(_UNFINISHED) + 1, mode=0o600, lock=False)
