"""Whether the files found by the ledger's path are still those that were opened, with nothing taken back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from proxy.ledger.disk.files import DATA, LedgerError, Look, Mark, look_into


class Watch:
    """Looks at the ledger in the folder ``path``: it must be the one that ``mark`` tells of, no older copy of it.

    It holds the file open, so that it can look when the process has no file descriptor left: raises ``LedgerError``
    if the file can't be opened. To be closed.
    """

    def __init__(self, path: Path, mark: Mark) -> None:
        self._path = path
        self.mark = mark
        try:
            self._descriptor = os.open(path / DATA, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError):
            raise LedgerError(self._told("removed")) from None
        except OSError as error:
            raise LedgerError(f"the ledger in {path} can't be opened: {error}") from error

    def close(self) -> None:
        """Let go of the file; nothing may be asked after that. Closing twice is harmless."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1  # the number may be another file's from now on

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def lost(self, ledger: str | None = None) -> str | None:
        """Why the files aren't that ledger's now, None if they are; ``ledger`` is the id that was read in them, if any.

        A deleted file stays readable and even writable to those who hold it, and all of it would be gone at the next
        start: what can't be found by its path isn't kept.
        """
        look = self._look()
        if look is None or (look.device, look.inode) != (self.mark.device, self.mark.inode):
            what = "removed or replaced"
        elif not look.is_whole:
            what = "cut short"
        elif look.transaction < self.mark.transaction or ledger not in (None, self.mark.ledger):
            what = "overwritten with another ledger or an older copy"
        else:
            self.mark = self.mark._replace(transaction=look.transaction)
            return None
        return self._told(what)

    def _told(self, what: str) -> str:
        return f"the ledger's files in {self._path} were {what} while in use; put them back or restart"

    def _look(self) -> Look | None:
        """The file that is held, if it is the one that the path leads to."""
        try:
            status = (self._path / DATA).stat()
            look = look_into(self._descriptor)
        except OSError:
            return None
        return look if (status.st_dev, status.st_ino) == (look.device, look.inode) else None
