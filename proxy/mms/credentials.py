"""Whom the MMSC has taken: requests are told apart by what proves who sends them, and only a hash of that is kept.

HTTP has no bind. A refusal because of consent tells that a consumer said STOP, so it is only for those whom the MMSC
knows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import NamedTuple

from proxy.mm7.http import HttpMessage

KEPT_FOR = 3600.0
"""Seconds for which credentials count that the MMSC has taken."""

MOST_KEPT = 100_000
MOST_CHALLENGE = 64 << 10
"""Octets of the MMSC's challenge (401) at the most that is repeated to others."""

_USER = re.compile(r'username\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)


class Client(NamedTuple):
    """Who is at the other end: its address without the port, and its certificate, if it showed one."""

    host: str
    certificate: bytes = b""


def user_of(request: HttpMessage) -> str:
    """The user that a request names by Basic (RFC 7617) or Digest (RFC 7616); empty if it names none."""
    scheme, _, rest = request.header("authorization").strip().partition(" ")
    if scheme.lower() == "digest":
        found = _USER.search(rest)
        return found[1] if found else ""
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(rest.strip(), validate=True).partition(b":")[0].decode("utf-8", "replace")
    except binascii.Error:
        return ""


class Credentials:
    """Those that one route's MMSC has taken lately."""

    def __init__(self, salt: bytes) -> None:
        """``salt`` is a secret of this process: the hashes are worth nothing elsewhere."""
        self._salt = salt
        self._taken: dict[bytes, float] = {}
        self._refused: dict[bytes, None] = {}
        self.challenge: HttpMessage | None = None
        """What the MMSC answered last to somebody whom it didn't take, if that is a 401; None if it is not known."""

    def key(self, request: HttpMessage, client: Client) -> bytes:
        """What stands for those of a request.

        A password (Basic, a token) by itself, wherever it comes from. What differs each time (Digest), or is not there,
        by the address that it comes from, with the user's name.
        """
        said = request.header("authorization").strip()
        scheme = said.partition(" ")[0].lower()
        if not said or scheme in ("digest", "ntlm", "negotiate"):
            said = f"{client.host} {scheme} {user_of(request)}"
        return hashlib.blake2b(said.encode() + b"\0" + client.certificate, key=self._salt, digest_size=16).digest()

    def are_taken(self, key: bytes, now: float) -> bool:
        """Whether the MMSC has taken these within the last hour; ``now`` in seconds of a clock that only goes on."""
        return now - self._taken.get(key, -KEPT_FOR) < KEPT_FOR

    def took(self, key: bytes, now: float) -> None:
        """The MMSC has taken these."""
        self._taken.pop(key, None)
        self._taken[key] = now
        self._refused.pop(key, None)
        if len(self._taken) > MOST_KEPT:
            del self._taken[next(iter(self._taken))]

    def refused(self, key: bytes) -> None:
        """The MMSC has turned these away."""
        self._taken.pop(key, None)
        self._refused.pop(key, None)
        self._refused[key] = None
        if len(self._refused) > MOST_KEPT:
            del self._refused[next(iter(self._refused))]

    def were_refused(self, key: bytes) -> bool:
        """Whether the MMSC has turned these away when it saw them last."""
        return key in self._refused
