"""HTTP messages as they may be shown to people: without what proves who somebody is."""

from __future__ import annotations

import re

_SECRETS = re.compile(
    rb"^((?:proxy-)?authorization|cookie|set-cookie)([ \t]*:)[^\r\n]*(?:\r\n[ \t][^\r\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
BLANK = b"********"
"""Stands for credentials of any length."""


def blanked(octets: bytes) -> bytes:
    """The octets of one message, with credentials and cookies blanked."""
    head, blank, body = octets.partition(b"\r\n\r\n")
    return _SECRETS.sub(rb"\1\2 " + BLANK, head) + blank + body
