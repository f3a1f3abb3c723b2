"""Whether the files found by the ledger's path are still those that were opened, with nothing taken back."""

from __future__ import annotations

from pathlib import Path

from proxy.consent.files import Mark, look_at


class Watch:
    """Looks at the ledger in the folder ``path``: it must be the one that ``mark`` tells of, no older copy of it."""

    def __init__(self, path: Path, mark: Mark) -> None:
        self._path = path
        self.mark = mark

    def lost(self, ledger: str | None = None) -> str | None:
        """Why the files aren't that ledger's now, None if they are; ``ledger`` is the id that was read in them, if any.

        A deleted file stays readable and even writable to those who hold it, and all of it would be gone at the next
        start: what can't be found by its path isn't kept.
        """
        look = look_at(self._path)
        if look is None or (look.device, look.inode) != (self.mark.device, self.mark.inode):
            what = "removed or replaced"
        elif not look.is_whole:
            what = "cut short"
        elif look.transaction < self.mark.transaction or ledger not in (None, self.mark.ledger):
            what = "overwritten with another ledger or an older copy"
        else:
            self.mark = self.mark._replace(transaction=look.transaction)
            return None
        return f"the ledger's files in {self._path} were {what} while in use; put them back or restart"
