"""Text to the octets of short messages, in one or several parts: the other direction of ``proxy.smpp.text``."""

from __future__ import annotations

from typing import Literal, NamedTuple

from proxy.smpp.gsm import DEFAULT, ESCAPE, EXTENSION, MISSING

Coding = Literal["auto", "gsm", "latin-1", "ucs2"]

UDH_CONCATENATION = b"\x05\x00\x03"
"""Length of the header, the element for parts with an 8-bit reference, its length (TS 23.040, section 9.2.3.24.1)."""


class Encoded(NamedTuple):
    """The parts of a text, each with its header if there are several, and what its PDUs say of them."""

    parts: tuple[bytes, ...]
    data_coding: int
    has_header: bool


_SEPTETS = {
    character: bytes((code,)) for code, character in enumerate(DEFAULT) if character != MISSING and code != ESCAPE
}
_SEPTETS |= {
    character: bytes((ESCAPE, code))
    for code, character in enumerate(EXTENSION)
    if character != MISSING and character not in _SEPTETS
}

_LIMITS: dict[str, tuple[int, int]] = {"gsm": (160, 153), "latin-1": (140, 134), "ucs2": (140, 134)}
"""Octets of a whole message and of a part, septets counting as octets."""

_DATA_CODINGS = {"gsm": 0, "latin-1": 3, "ucs2": 8}


def encode(text: str, coding: Coding = "auto", *, reference: int = 1) -> Encoded:
    """A text as short messages; ``auto`` is the GSM alphabet if it has all characters, else UCS-2.

    Raises ``ValueError`` for a character that the coding doesn't have, and for more than 255 parts.
    """
    if coding == "auto":
        coding = "gsm" if all(character in _SEPTETS for character in text) else "ucs2"
    characters = [_character(character, coding) for character in text]
    whole, part = _LIMITS[coding]
    if sum(map(len, characters)) <= whole:
        return Encoded((b"".join(characters),), _DATA_CODINGS[coding], has_header=False)
    pieces = _pieces(characters, part)
    if len(pieces) > 255:
        raise ValueError(f"{len(pieces)} parts, and there may be 255")
    head = UDH_CONCATENATION + bytes((reference & 0xFF, len(pieces)))
    parts = tuple(head + bytes((number,)) + piece for number, piece in enumerate(pieces, 1))
    return Encoded(parts, _DATA_CODINGS[coding], has_header=True)


def _character(character: str, coding: str) -> bytes:
    if coding == "gsm":
        if character not in _SEPTETS:
            raise ValueError(f"{character!r} is not in the GSM alphabet")
        return _SEPTETS[character]
    try:
        return character.encode("latin-1" if coding == "latin-1" else "utf-16-be")
    except UnicodeEncodeError:
        raise ValueError(f"{character!r} is not in {coding}") from None


def _pieces(characters: list[bytes], most: int) -> list[bytes]:
    """Runs of whole characters: no escape or surrogate is cut from what belongs to it."""
    pieces = [b""]
    for character in characters:
        if len(pieces[-1]) + len(character) > most:
            pieces.append(b"")
        pieces[-1] += character
    return pieces
