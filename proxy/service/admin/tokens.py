"""Bearer tokens of the admin HTTP: read from a file, kept as hashes, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import Literal, NamedTuple

Role = Literal["read", "write"]

SHORTEST = 16
"""Characters that a token must have at the least."""


class TokenError(Exception):
    """A token file that can't be used; the message says where and what to do."""


class Holder(NamedTuple):
    """Who has a token: the name goes into the journal."""

    name: str
    role: Role


class Tokens:
    """The tokens of a file with a line each: role (``read`` or ``write``), name, token; ``#`` begins a comment.

    Raises ``TokenError``.
    """

    def __init__(self, path: Path) -> None:
        self._holders = [(_hash(token), holder) for holder, token in _lines(path)]

    def holder(self, token: str) -> Holder | None:
        """Who has this token; takes as long whether anybody has it or not."""
        given, found = _hash(token), None
        for known, holder in self._holders:
            if hmac.compare_digest(given, known):
                found = holder
        return found


def one_that_may_write(path: Path) -> str | None:
    """The first token of a file that may write, for commands of whoever may read the file; raises ``TokenError``."""
    return next((token for holder, token in _lines(path) if holder.role == "write"), None)


def _lines(path: Path) -> list[tuple[Holder, str]]:
    """Who has which token; raises ``TokenError``."""
    try:
        text = path.read_text("utf-8")
        is_open = bool(path.stat().st_mode & 0o007)
    except (OSError, UnicodeDecodeError) as error:
        raise TokenError(f"{path}: can't be read: {error}") from None
    if is_open:
        raise TokenError(f"{path}: everybody may read or write it; run: chmod o= {path}")
    found: list[tuple[Holder, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if words := re.split(r"(?:^|\s)#", line)[0].split():
            found.append(_read(words, f"{path}: line {number}"))
    if not found:
        raise TokenError(f"{path}: holds no token; write a line such as: read grafana TOKEN")
    return found


def _read(words: list[str], where: str) -> tuple[Holder, str]:
    if len(words) != 3 or words[0] not in ("read", "write"):
        raise TokenError(f"{where}: must be: read or write, a name, and a token")
    if len(words[2]) < SHORTEST:
        raise TokenError(f"{where}: the token must have at least {SHORTEST} characters; try: openssl rand -hex 32")
    return Holder(words[1], "write" if words[0] == "write" else "read"), words[2]


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
