"""The text of a message: data_coding, user data header and shift tables turned into ``str``.

Nothing that arrives can raise out of this file. Where octets can be read in more than one way
all readings are given, the most trusted first, so that a STOP is heard in any of them.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from proxy.smpp import gsm
from proxy.smpp.message import TAG_SAR_MSG_REF_NUM, TAG_SAR_SEGMENT_SEQNUM, TAG_SAR_TOTAL_SEGMENTS, UDHI, Message

DefaultAlphabet = Literal["gsm", "latin-1", "ascii", "utf-8"]
"""What an SMSC means by data_coding 0, "SMSC default alphabet" (SMPP 3.4, section 5.2.19)."""

UCS2 = "ucs2"
GSM = "gsm"
DEFAULT = "default"

_SMPP_CODINGS: dict[int, str | None] = {
    0: DEFAULT,
    1: "latin-1",  # IA5; its upper half is read as Latin-1, which senders mean by it
    2: None,
    3: "latin-1",
    4: None,
    5: "shift_jis",
    6: "iso8859_5",
    7: "iso8859_8",
    8: UCS2,
    9: "shift_jis",
    10: "iso2022_jp_2",
    13: "iso2022_jp_1",
    14: "euc_kr",
}
"""Codecs of data_coding 0 to 15 (section 5.2.19); None is binary, the missing ones are reserved."""

_IE_CONCATENATED_8 = 0x00
_IE_CONCATENATED_16 = 0x08
_IE_PORTS = frozenset((0x04, 0x05))
_IE_SINGLE_SHIFT = 0x24
_IE_LOCKING_SHIFT = 0x25
_IE_SIM_TOOLKIT = range(0x70, 0x80)
"""Information elements of the user data header (3GPP TS 23.040, section 9.2.3.24)."""

_RECEIPT = re.compile(r"\s*id:\s*\S+\s.{0,400}?\bstat:\s*[A-Z]{5,8}\b", re.IGNORECASE | re.DOTALL)
_RECEIPT_FIELDS = ("sub:", "dlvrd:", "submit date:", "done date:")


class Part(NamedTuple):
    """Which part of a long message this is: ``number`` of ``total``, counted from 1.

    ``is_short``: its reference has 8 bits, so it is used again after 256 messages.
    """

    reference: int
    total: int
    number: int
    is_short: bool = False


class Text(NamedTuple):
    """The readings of a message's text by what they were read as (none for binary content), the most trusted first.

    ``part`` is which part it is, if it is one. ``is_cut``: the middle of a text that is too long was left out.
    """

    named: dict[str, str]
    part: Part | None
    is_cut: bool = False

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings that differ."""
        return tuple(dict.fromkeys(self.named.values()))


MOST_OCTETS = 8_000
"""Octets of one text that are read: the first and the last ones. Ten times what people write, and quick to read."""


class _Header(NamedTuple):
    """What the user data header says of the text behind it."""

    size: int
    part: Part | None
    locking: str
    single: str
    is_for_people: bool


_NO_HEADER = _Header(0, None, gsm.DEFAULT, gsm.EXTENSION, True)


def read_text(message: Message, alphabet: DefaultAlphabet = "gsm", *, packed: bool = False) -> Text:
    """All readings of a message's text; never raises.

    ``alphabet`` is what this SMSC means by data_coding 0; ``packed``: it sends GSM text as packed
    septets. Binary codings, application ports and user data headers that run past the text have
    no reading.
    """
    named: dict[str, str] = {}
    part, is_cut = _sar_part(message), False
    codec = coding_of(message.data_coding)
    for position, octets in enumerate(message.octets):
        header = _read_header(octets) if message.esm_class & UDHI else _NO_HEADER
        if header is None:
            continue
        part = part or header.part
        if codec is None or not header.is_for_people:
            continue
        is_cut = is_cut or len(octets) - header.size > MOST_OCTETS
        for name, reading in _decode(octets, header, codec, alphabet, packed).items():
            named[f"{name} {position}" if position else name] = reading.rstrip("\0")
    return Text(named, part, is_cut)


def coding_of(data_coding: int) -> str | None:
    """The codec that data_coding names, or None where it names binary data.

    0 to 15 are SMPP's; above them the octet is GSM's data coding scheme (3GPP TS 23.038, section
    4). Reserved values are read as the default alphabet: an odd octet must not hide a STOP.
    """
    if data_coding < 0x10:
        return _SMPP_CODINGS.get(data_coding, DEFAULT)
    group = data_coding & 0xF0
    if group == 0xF0:
        return None if data_coding & 0x04 else GSM
    if group == 0xE0:
        return UCS2
    if group in (0xC0, 0xD0):
        return GSM
    if group < 0x80:
        return (GSM, None, UCS2, DEFAULT)[data_coding >> 2 & 3]
    return DEFAULT


def is_receipt_text(text: str) -> bool:
    """A delivery receipt by its text: the format of SMPP 3.4 appendix B, in any order and case."""
    if ":" not in text[:8] or not _RECEIPT.match(text[:1000]):
        return False
    lowered = text[:1000].lower()
    return any(field in lowered for field in _RECEIPT_FIELDS)


def _decode(octets: bytes, header: _Header, codec: str, alphabet: DefaultAlphabet, packed: bool) -> dict[str, str]:
    """The readings of a text by their names, the most trusted first."""
    body = octets[header.size :]
    if len(body) > MOST_OCTETS:
        half = MOST_OCTETS // 2
        body = body[:half] + body[len(body) - half - (len(body) & 1) :]
    is_national = header.locking is not gsm.DEFAULT or header.single is not gsm.EXTENSION
    if codec == DEFAULT:
        codec = GSM if is_national else alphabet
    if codec == UCS2:
        return _decode_ucs2(body)
    if codec == GSM:
        if packed:
            return {GSM: gsm.decode(gsm.unpack(body, -header.size * 8 % 7), header.locking, header.single)}
        return _decode_gsm(body, header)
    utf8 = {} if body.isascii() else _strict_utf8(body)
    if codec == "utf-8":
        return utf8 or {"latin-1": body.decode("latin-1")}
    codec = "latin-1" if codec == "ascii" else codec
    return {codec: body.decode(codec, "replace"), **utf8}


def _decode_gsm(body: bytes, header: _Header) -> dict[str, str]:
    """Unpacked septets; an eighth bit says that the sender meant UTF-8 or Latin-1."""
    body = body.rstrip(b"\0")
    septets = {GSM: gsm.decode(body, header.locking, header.single)}
    if body.isascii():
        return septets
    return (_strict_utf8(body) or {"latin-1": body.decode("latin-1")}) | septets


def _decode_ucs2(body: bytes) -> dict[str, str]:
    """UTF-16BE; a byte order mark, little-endian octets and plain ASCII are seen through."""
    if body.startswith(b"\xff\xfe"):
        return {"utf-16-le": body[2:].decode("utf-16-le", "replace")}
    if body.startswith(b"\xfe\xff"):
        return {UCS2: body[2:].decode("utf-16-be", "replace")}
    big = {UCS2: body.decode("utf-16-be", "replace")}
    plain = body.rstrip(b"\0")
    if body and not any(body[1::2]) and any(body[::2]):
        return {"utf-16-le": body.decode("utf-16-le", "replace")} | big
    if plain and 0 not in plain:
        return big | _strict_utf8(plain)
    return big


def _strict_utf8(body: bytes) -> dict[str, str]:
    try:
        return {"utf-8": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {}


def _read_header(octets: bytes) -> _Header | None:
    """The user data header at the start of the text, None if it runs past the end."""
    if not octets or octets[0] >= len(octets):
        return None
    size = octets[0] + 1
    part: Part | None = None
    locking, single, is_for_people = gsm.DEFAULT, gsm.EXTENSION, True
    position = 1
    while position + 2 <= size:
        element, length = octets[position], octets[position + 1]
        value = octets[position + 2 : min(position + 2 + length, size)]
        position += 2 + length
        if element == _IE_CONCATENATED_8 and len(value) == 3:
            part = _part(value[0], value[1], value[2], is_short=True)
        elif element == _IE_CONCATENATED_16 and len(value) == 4:
            part = _part(value[0] << 8 | value[1], value[2], value[3])
        elif element in _IE_PORTS or element in _IE_SIM_TOOLKIT:
            is_for_people = False
        elif element == _IE_SINGLE_SHIFT and value:
            single = gsm.SINGLE.get(value[0], gsm.EXTENSION)
        elif element == _IE_LOCKING_SHIFT and value:
            locking = gsm.LOCKING.get(value[0], gsm.DEFAULT)
    return _Header(size, part, locking, single, is_for_people)


def _sar_part(message: Message) -> Part | None:
    """The part by sar_* TLVs (SMPP 3.4, sections 5.3.2.22 to 5.3.2.24)."""
    total = message.tlv(TAG_SAR_TOTAL_SEGMENTS)
    number = message.tlv(TAG_SAR_SEGMENT_SEQNUM)
    reference = message.tlv(TAG_SAR_MSG_REF_NUM)
    if not total or not number or not reference:
        return None
    return _part(int.from_bytes(reference, "big"), total[-1], number[-1])


def _part(reference: int, total: int, number: int, *, is_short: bool = False) -> Part | None:
    return Part(reference, total, number, is_short) if total > 1 else None
