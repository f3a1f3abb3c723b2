"""Where to listen or connect, as ``host:port``."""

from __future__ import annotations

import re
from typing import NamedTuple

_HOST = re.compile(r"[A-Za-z0-9._:%-]+")

MOST = 65535
"""The highest port."""


class Endpoint(NamedTuple):
    """Where to listen or connect: a name or address, and a TCP port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Endpoint:
        """What ``host:port`` says; an IPv6 address stands in brackets. Raises ``ValueError``."""
        host, colon, port = text.rpartition(":")
        bare = host.removeprefix("[").removesuffix("]")
        is_port = port.isascii() and port.isdigit() and int(port) <= MOST
        if not colon or not is_port or not _HOST.fullmatch(bare) or (":" in bare and bare == host):
            raise ValueError('must be "host:port", such as "127.0.0.1:2775" or "[::1]:2775"')
        return cls(bare, int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
