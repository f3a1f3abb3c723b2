"""A picture to send: a PNG that is drawn here, so that nothing has to be shipped."""

from __future__ import annotations

import struct
import zlib

from proxy.simulator.mms.writing import Media


def picture(red: int = 224, green: int = 122, blue: int = 60, size: int = 96) -> Media:
    """A plate on a table, in these colours (0 to 255) and of so many pixels each way."""
    rows = bytearray()
    for y in range(size):
        rows.append(0)  # no filter
        for x in range(size):
            away = ((x - size / 2) ** 2 + (y - size / 2) ** 2) ** 0.5 / size
            shade = 1.0 if away < 0.22 else 1.35 if away < 0.38 else 0.55 + 0.3 * y / size
            rows += bytes(min(255, int(each * shade)) for each in (red, green, blue))
    head = struct.pack(">LLBBBBB", size, size, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", head), _chunk(b"IDAT", zlib.compress(bytes(rows), 9)), _chunk(b"IEND", b""))
    return Media("image/png", b"\x89PNG\r\n\x1a\n" + b"".join(chunks))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))
