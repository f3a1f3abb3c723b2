"""The ledger as commands open it, and the numbers that they are given."""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from proxy.cli.failing import fail, settings
from proxy.consent.numbers import Numbering, Pair
from proxy.consent.written import NumberError, written_pairs
from proxy.ledger.disk.environment import Access
from proxy.ledger.disk.files import DATA, LOCK, LedgerError
from proxy.ledger.ledger import Ledger
from proxy.service.assembly import open_ledger


@contextmanager
def opened(
    config: Path, access: Access = Access.READ, folder: Path | None = None
) -> Iterator[tuple[Ledger, Numbering]]:
    """The ledger, and how its numbers are read; whatever is wrong ends the command.

    One that doesn't exist is only made by what writes: a wrong path must not look like an empty ledger.
    """
    try:
        loaded = settings(config)
        if folder is not None:
            loaded = loaded.model_copy(update={"store": loaded.store.model_copy(update={"path": folder})})
        may_create = loaded.store.create
        if not (may_create and access is Access.CREATE) and not (loaded.store.path / DATA).exists():
            advice = "the first run, import or set makes it" if may_create else "restore a backup, or mount its disk"
            fail(f"there is no ledger in {loaded.store.path}; {advice}")
        with open_ledger(loaded, access) as ledger:
            if not ledger.store.is_locked:
                where = f"{loaded.store.path}: {LOCK} can't be written"
                typer.echo(f"{where}; read without a lock, which can be wrong if the proxy writes now", err=True)
            yield ledger, Numbering(loaded.consent.country)
    except BrokenPipeError:
        raise  # whoever read our output has seen enough
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))
    except LedgerError as error:
        fail(str(error))


def for_its_owner(path: str, flags: int) -> int:
    """An ``opener`` for files with telephone numbers: nobody else may read them."""
    return os.open(path, flags, 0o600)


def is_in_use(path: Path) -> bool:
    """Whether another process has the ledger open: it holds a lock on LMDB's lock file then."""
    try:
        with (path / LOCK).open("r+b") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def pair_of(numbering: Numbering, business: str, consumer: str) -> Pair:
    """The pair that these numbers most likely mean; what is none ends the command."""
    return pairs_of(numbering, business, consumer)[0]


def pairs_of(numbering: Numbering, business: str, consumer: str) -> list[Pair]:
    """All pairs that they may mean, the likeliest first; what is none ends the command."""
    try:
        return written_pairs(business, consumer, numbering)
    except NumberError as error:
        fail(str(error))


def operator() -> str:
    """Who is at the keyboard, behind sudo too."""
    return os.environ.get("SUDO_USER") or getpass.getuser()
