"""Septets, packed as telephones pack them."""

from __future__ import annotations


def pack(septets: bytes, skip_bits: int = 0) -> bytes:
    """Septets packed bit by bit, as TS 23.038 section 6.1.2.1 draws it."""
    value = sum(septet << (7 * n) for n, septet in enumerate(septets)) << skip_bits
    return value.to_bytes((len(septets) * 7 + skip_bits + 7) // 8, "little")
