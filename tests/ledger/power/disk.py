"""What may be on a disk after a power cut: what was synced for certain, and of the rest all, nothing or any part."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_HEAD = re.compile(rb"([CWTSMUR]) ([01]) (\d+) (\d+) ([^\n]*)\n")

FOLDER = -1


class Step(NamedTuple):
    """One thing that a process did to its files, as ``recorder.c`` wrote it down."""

    what: str
    is_synced: bool
    offset: int
    path: str
    octets: bytes


def read_steps(log: Path) -> list[Step]:
    """All steps, in order."""
    octets, steps, at = log.read_bytes(), [], 0
    while at < len(octets):
        head = _HEAD.match(octets, at)
        assert head, octets[at : at + 80]
        begin, size = head.end(), int(head[4])
        step = Step(head[1].decode(), head[2] == b"1", int(head[3]), head[5].decode(), octets[begin : begin + size])
        steps.append(step)
        at = begin + size + 1
    return steps


class Change(NamedTuple):
    """A change of a file's octets (none: its size is set)."""

    offset: int
    octets: bytes | None

    def apply(self, content: bytearray) -> None:
        if self.octets is None:
            content[:] = content[: self.offset].ljust(self.offset, b"\0")
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.octets)] = self.octets


class Naming(NamedTuple):
    """A change of names, on disk when ``folder`` is synced: ``path`` names this from then on, and ``gone`` nothing."""

    folder: str
    path: str
    inode: int | None
    gone: str = ""

    def apply(self, names: dict[str, int]) -> None:
        if self.gone:
            names.pop(self.gone, None)
        if self.inode is None:
            names.pop(self.path, None)
        else:
            names[self.path] = self.inode


class Disk:
    """A disk that takes steps; ``images`` are the disks that a power cut may leave at this moment."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self._safe_names: dict[str, int] = {}
        self._namings: list[Naming] = []
        self._safe: list[bytearray] = []
        self._changes: list[list[Change]] = []

    def take(self, step: Step) -> None:
        match step.what:
            case "C":
                self._safe.append(bytearray())
                self._changes.append([])
                self._name(Naming(_folder(step.path), step.path, len(self._safe) - 1))
            case "M":
                self._name(Naming(_folder(step.path), step.path, FOLDER))
            case "U":
                self._name(Naming(_folder(step.path), step.path, None))
            case "R":
                new = step.octets.decode()
                self._name(Naming(_folder(new), new, self.names[step.path], step.path))
            case "S" if step.path == "." or self.names.get(step.path) == FOLDER:
                for naming in (naming for naming in self._namings if naming.folder == step.path):
                    naming.apply(self._safe_names)
                self._namings = [naming for naming in self._namings if naming.folder != step.path]
            case "S":
                inode = self.names[step.path]
                for change in self._changes[inode]:
                    change.apply(self._safe[inode])
                self._changes[inode] = []
            case "W" | "T":
                inode = self.names[step.path]
                change = Change(step.offset, step.octets if step.what == "W" else None)
                if step.is_synced:
                    change.apply(self._safe[inode])
                else:
                    self._changes[inode].append(change)

    def _name(self, naming: Naming) -> None:
        naming.apply(self.names)
        self._namings.append(naming)

    def images(self, chance: random.Random) -> Iterator[dict[str, bytes | None]]:
        """The files that may be there, by path, and the folders (None)."""
        for names in (self._safe_names, self.names):
            yield self._image(names, lambda changes: [])
            yield self._image(names, lambda changes: changes)
            yield self._image(names, lambda changes: [change for change in changes if chance.random() < 0.5])

    def _image(self, names: dict[str, int], arrives: object) -> dict[str, bytes | None]:
        assert callable(arrives)
        found: dict[str, bytes | None] = {}
        for path, inode in names.items():
            if not all(folder in names for folder in _above(path)):
                continue
            if inode == FOLDER:
                found[path] = None
                continue
            content = bytearray(self._safe[inode])
            for change in arrives(self._changes[inode]):
                change.apply(content)
            found[path] = bytes(content)
        return found


def _folder(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _above(path: str) -> Iterator[str]:
    while (path := _folder(path)) != ".":
        yield path


def put(image: dict[str, bytes | None], root: Path) -> None:
    """Make these files and folders."""
    for path, octets in sorted(image.items()):
        if octets is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(octets)
