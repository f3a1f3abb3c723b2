"""The GSM 7-bit alphabets of 3GPP TS 23.038: default, extension, and national shift tables.

Every table is a string of 128 characters, indexed by septet; a septet without a meaning holds
``MISSING``. The ten Indic tables share one arrangement, so they are written as differences.
"""

from __future__ import annotations

MISSING = "\ufffd"
"""What a septet without a meaning reads as; never part of a word."""

ESCAPE = 0x1B
"""The septet that takes the next one from the single shift table (section 6.2.1)."""

_DIGITS = "0123456789"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = _UPPER.lower()
_PUNCTUATION = " !\"#¤%&'()*+,-./" + _DIGITS + ":;<=>?"

DEFAULT = f"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ{MISSING}ÆæßÉ{_PUNCTUATION}¡{_UPPER}ÄÖÑÜ§¿{_LOWER}äöñüà"
"""Section 6.2.1, the default alphabet."""


def _table(**characters: str) -> str:
    """A single shift table: ``x0A="ab"`` puts a at septet 0x0A and b at 0x0B."""
    table = [MISSING] * 128
    for key, text in characters.items():
        begin = int(key[1:], 16)
        table[begin : begin + len(text)] = text
    return "".join(table)


_COMMON = {"x0A": "\f", "x14": "^", "x28": "{}", "x2F": "\\", "x3C": "[~]", "x40": "|", "x65": "€"}

EXTENSION = _table(**_COMMON)
"""Section 6.2.1.1, the default alphabet's extension table."""

_TURKISH = f"@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ{MISSING}ŞşßÉ{_PUNCTUATION}İ{_UPPER}ÄÖÑÜ§ç{_LOWER}äöñüà"
_PORTUGUESE = f"@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|{MISSING}ÂâÊÉ{_PUNCTUATION.replace('¤', 'º')}Í{_UPPER}ÃÕÚÜ§~{_LOWER}ãõ`üà"
_URDU = (
    "\u0627\u0622\u0628\u067b\u0680\u067e\u06a6\u062a\u06c2\u067f\n\u0679\u067d\r\u067a\u067c"
    "\u062b\u062c\u0681\u0684\u0683\u0685\u0686\u0687\u062d\u062e\u062f" + MISSING + "\u068c\u0688\u0689\u068a"
    " !\u068f\u068d\u0630\u0631\u0691\u0693)(\u0699\u0632,\u0696.\u0698" + _DIGITS + ":;\u069a\u0633\u0634?"
    "\u0635\u0636\u0637\u0638\u0639\u0641\u0642\u06a9\u06aa\u06ab\u06af\u06b3\u06b1\u0644\u0645\u0646"
    "\u06ba\u06bb\u06bc\u0648\u06c4\u06d5\u06c1\u06be\u0621\u06cc\u06d0\u06d2\u064d\u0650\u064f\u0657"
    "\u0654" + _LOWER + "\u0655\u0651\u0653\u0656\u0670"
)

_INDIC_PLACES = (
    (0x00, range(0x01, 0x04)),
    (0x03, range(0x05, 0x0C)),
    (0x0B, range(0x0C, 0x0E)),
    (0x0E, range(0x0E, 0x1B)),
    (0x1C, range(0x1B, 0x1F)),
    (0x22, range(0x1F, 0x25)),
    (0x2A, range(0x25, 0x27)),
    (0x2D, range(0x27, 0x28)),
    (0x2F, range(0x28, 0x29)),
    (0x3C, range(0x29, 0x2C)),
    (0x40, range(0x2C, 0x3A)),
    (0x4E, range(0x3C, 0x3E)),
    (0x50, range(0x3E, 0x4E)),
)
"""Where the letters of an Indic script, by their offset in its Unicode block, stand in its table."""


def _indic(block: int, without: str, last: str) -> str:
    """The locking shift table of the script at ``block``.

    ``without``: offsets the table leaves out; ``last``: offsets of septets 0x60 and 0x7B to 0x7F.
    """
    table = [MISSING] * 128
    table[0x0A], table[0x0D] = "\n", "\r"
    table[0x20:0x22] = " !"
    table[0x28:0x2A] = ")("
    table[0x2C], table[0x2E], table[0x3F] = ",", ".", "?"
    table[0x30:0x3C] = _DIGITS + ":;"
    table[0x61:0x7B] = _LOWER
    left_out = {int(offset, 16) for offset in without.split()}
    for place, offsets in _INDIC_PLACES:
        for septet, offset in enumerate(offsets, place):
            if offset not in left_out:
                table[septet] = chr(block + offset)
    for septet, digits in zip((0x60, *range(0x7B, 0x80)), last.split(), strict=True):
        table[septet] = chr(block + int(digits, 16))
    return "".join(table)


LOCKING: dict[int, str] = {
    1: _TURKISH,
    3: _PORTUGUESE,
    4: _indic(0x0980, "0D 0E 11 12 29 31 33 34 35 45 46 49 4A", "4E 57 5C 5D 70 71"),
    5: _indic(0x0A80, "0E 12 29 31 34 46 4A", "50 60 61 62 63 71"),
    6: _indic(0x0900, "", "50 72 7B 7C 7E 7F"),
    7: _indic(0x0C80, "01 0D 11 29 34 45 49", "55 56 60 61 62 63"),
    8: _indic(0x0D00, "01 0D 11 29 3C 45 49", "57 60 61 62 63 79"),
    9: _indic(0x0B00, "0D 0E 11 12 29 31 34 45 46 49 4A", "56 57 60 61 62 63"),
    10: _indic(0x0A00, "0B 0C 0D 0E 11 12 29 31 34 37 3D 43 44 45 46 49 4A", "51 70 71 72 73 74"),
    11: _indic(
        0x0B80,
        "01 0B 0C 0D 11 16 17 18 1B 1D 20 21 22 25 26 27 2B 2C 2D 3C 3D 43 44 45 49",
        "50 57 70 71 72 79",
    ),
    12: _indic(0x0C00, "0D 11 29 34 3C 45 49", "55 56 60 61 62 63"),
    13: _URDU,
}
"""Annex A.3, by National Language Identifier (section 6.2.1.2.4); 2, Spanish, has none."""


def _indic_shift(script: str, danda: str = "\u0964\u0965") -> str:
    """A single shift table of section A.2.4 to A.2.13: Latin capitals, and ``script`` from 0x1C on.

    ``script`` has the characters of septets 0x1C to 0x27, then those of 0x2A to 0x2E and from 0x30.
    """
    return _table(
        **_COMMON | {"x00": "@£$¥¿\"¤%&'\f*+", "x0E": "-/<=>¡^¡_#*"},
        x19=danda,
        x1C=script[:12],
        x2A=script[12:17],
        x30=script[17:],
        x41=_UPPER,
    )


def _run(first: int, last: int) -> str:
    return "".join(map(chr, range(first, last + 1)))


SINGLE: dict[int, str] = {
    0: EXTENSION,
    1: _table(**_COMMON, x47="Ğ", x49="İ", x53="Ş", x63="ç", x67="ğ", x69="ı", x73="ş"),
    2: _table(**_COMMON, x09="ç", x41="Á", x49="Í", x4F="Ó", x55="Ú", x61="á", x69="í", x6F="ó", x75="ú"),
    3: _table(
        **_COMMON | {"x0A": "\fÔô", "x14": "^ΩΠΨΣΘ"},
        x05="ê",
        x09="ç",
        x0E="Áá",
        x12="ΦΓ",
        x1F="Ê",
        x41="À",
        x49="Í",
        x4F="Ó",
        x55="Ú",
        x5B="ÃÕ",
        x61="Â",
        x69="í",
        x6F="ó",
        x75="ú",
        x7B="ãõ",
        x7F="â",
    ),
    4: _indic_shift(
        _run(0x9E8, 0x9EF) + "\u09df\u09e0\u09e1\u09e2" + "\u09e3\u09f2\u09f3\u09f4\u09f5" + _run(0x9F6, 0x9FA),
        "\u09e6\u09e7",
    ),
    5: _indic_shift(_run(0xAE6, 0xAEF)),
    6: _indic_shift(
        _run(0x966, 0x96F) + "\u0951\u0952" + "\u0953\u0954\u0958\u0959\u095a" + _run(0x95B, 0x963) + "\u0970\u0971"
    ),
    7: _indic_shift(_run(0xCE6, 0xCEF) + "\u0cde\u0cf1" + "\u0cf2"),
    8: _indic_shift(_run(0xD66, 0xD6F) + "\u0d70\u0d71" + "\u0d72\u0d73\u0d74\u0d75\u0d7a" + _run(0xD7B, 0xD7F)),
    9: _indic_shift(_run(0xB66, 0xB6F) + "\u0b5c\u0b5d" + "\u0b5f\u0b70\u0b71"),
    10: _indic_shift(_run(0xA66, 0xA6F) + "\u0a59\u0a5a" + "\u0a5b\u0a5c\u0a5e\u0a75"),
    11: _indic_shift(_run(0xBE6, 0xBEF) + "\u0bf3\u0bf4" + "\u0bf5\u0bf6\u0bf7\u0bf8\u0bfa"),
    12: _indic_shift(_run(0xC66, 0xC6F) + "\u0c58\u0c59" + _run(0xC78, 0xC7F), MISSING * 2),
    13: _indic_shift(
        _run(0x6F0, 0x6F9)
        + "\u060c\u060d"
        + "\u060e\u060f\u0610\u0611\u0612"
        + "\u0613\u0614\u061b\u061f\u0640\u0652\u0658\u066b\u066c\u0672\u0673\u06cd[~]\u06d4",
        "\u0600\u0601",
    ),
}
"""Annex A.2, by National Language Identifier; 0 is the extension table."""


def decode(septets: bytes, locking: str = DEFAULT, single: str = EXTENSION) -> str:
    """Text from septets, one an octet (the eighth bit is ignored); never raises.

    An escape before a septet that the single shift table lacks reads as that septet of the
    locking table, as TS 23.038 section 6.2.1.1 asks of a receiver.
    """
    text = septets.translate(_SEVEN_BITS).decode("latin-1").translate(_translation(locking))
    if MISSING not in text or ESCAPE not in septets:
        return text
    out: list[str] = []
    escaped = False
    for octet in septets.translate(_SEVEN_BITS):
        if escaped:
            shifted = single[octet]
            out.append(locking[octet] if shifted == MISSING else shifted)
            escaped = False
        elif octet == ESCAPE:
            escaped = True
        else:
            out.append(locking[octet])
    return "".join(out)


def unpack(octets: bytes, skip_bits: int = 0) -> bytes:
    """Packed septets (TS 23.038 section 6.1.2) as one an octet.

    ``skip_bits``: fill bits between a user data header and the text. Seven padding bits at the end
    read as one more septet 0; senders write CR there, so a last NUL is dropped.
    """
    original_bits = len(octets) * 8
    if skip_bits:
        octets = (int.from_bytes(octets, "little") >> skip_bits).to_bytes(len(octets), "little")
    septets = bytearray()
    for begin in range(0, len(octets), 7):
        group = int.from_bytes(octets[begin : begin + 7], "little")
        septets += bytes(group >> shift & 0x7F for shift in _SEPTET_SHIFTS)
    del septets[max(0, original_bits - skip_bits) // 7 :]
    return bytes(septets.removesuffix(b"\0"))


_SEPTET_SHIFTS = range(0, 56, 7)
_SEVEN_BITS = bytes(i & 0x7F for i in range(256))
_TRANSLATIONS: dict[str, dict[int, str]] = {}


def _translation(table: str) -> dict[int, str]:
    if table not in _TRANSLATIONS:
        _TRANSLATIONS[table] = dict(enumerate(table))
    return _TRANSLATIONS[table]
