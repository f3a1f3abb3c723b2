"""Plain words from what people type: the normalisation that all comparisons of replies rest on."""

from __future__ import annotations

import re
import unicodedata

_ASCII = bytes(ord(chr(i).lower()) if chr(i).isalnum() else ord(" ") for i in range(128)) + bytes(128)
_ASCII_WITH_ENDS = bytes(
    ord("?") if i == ord("?") else ord(".") if i in b".!;\n:()[]" else plain for i, plain in enumerate(_ASCII)
)
_ENDS = str.maketrans(dict.fromkeys(".!;\n:()[]。¡\u2028", " . ") | dict.fromkeys("?؟", " ? "))
_WORDS_AND_ENDS = re.compile(r"[^\W_]+|[.?]")

_TAKEN_APART = ("´", "")
"""An apostrophe that would become a space and a mark."""

_MARKS_AND_APOSTROPHES = "\u0300-\u036f’‘ʼ"
_BEYOND = re.compile(f"[^\\x00-\\x7f{_MARKS_AND_APOSTROPHES}]")
"""What has to be looked at one by one when a text was taken apart; accents and apostrophes are left out at once."""


class _Folded(dict[int, str | int | None]):
    """A table for ``str.translate``: it leaves out apostrophes, marks and characters that nobody sees.

    Filled as they come. Letters with a stroke are in it, since Unicode does not take them apart, and ends of sentences.
    """

    def __missing__(self, code: int) -> str | int | None:
        is_seen = code < _ASCII_END or unicodedata.category(chr(code)) not in ("Mn", "Cf", "Cc")
        kept = self[code] = code if is_seen else None
        return kept


_ASCII_END = 128
_SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
_IN_SHAPES = {first + n: ord("a") + n for first in (0x1F150, 0x1F170) for n in range(26)}
"""White letters in black circles and squares."""

_FOLDED = _Folded(
    {
        **str.maketrans("łøđıħŧ", "lodiht", "'’‘ʼ`"),
        **_SMALL_CAPITALS,
        **_IN_SHAPES,
        **_ENDS,
    }
)

_NOT_WORDS = re.compile(r"[\W_]+")
_LOOK_ALIKES = str.maketrans("авекмнорстухіѕјαβεικνορτυχ", "abekmhopctyxisjabeiknoptux")
"""Cyrillic and Greek letters that look like Latin ones, in lower case."""

_LOOKS_ALIKE = re.compile(f"[{''.join(map(chr, _LOOK_ALIKES))}]")

_LATIN_KEYWORDS = frozenset(("stop", "quit", "end"))
"""What a word may be meant to be that has no Latin letter at all."""

_WORD = re.compile(r"\w{1,40}")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")

_PIECE = 256
"""Characters normalised at a time: putting marks in order takes the square of their number."""

_GROWN = 3 * _PIECE
"""Characters that a piece may have when it is taken apart: Hangul has three for one, a few signs have eighteen."""

_HASH = re.compile(r"#(?!\w)")

_QUOTE_MARKS = (">", "----", "____", "-- original", "-----original", "begin forwarded")
_QUOTE_ENDS = ("wrote:", "écrit :", "écrit:", "ecrit:", "escribió:", "escribio:", "schrieb:", "scritto:", "escreveu:",
               "schreef:", "napisał:", "napisal:")  # fmt: skip
_SIGNATURES = ("sent from ", "sent via ", "sent using ", "gesendet mit ", "gesendet von ", "von meinem ", "envoyé de ",
               "envoyé depuis ", "enviado desde ", "enviado de ", "enviado do ", "inviato da ", "verzonden vanaf ",
               "verzonden met ",
               "wysłano z ", "get outlook for ")  # fmt: skip
_INLINE_SIGNATURES = (
    " sent from my ",
    " sent with loud effect",
    " sent with slam effect",
    " sent with gentle effect",
    " get outlook for ",
    " enviado desde mi ",
    " envoye de mon ",
)


def normal(text: str) -> str:
    """Words of letters and digits with one space between them.

    NFKC, case folded, without marks, invisible characters, punctuation and emoji. Apostrophes close
    up (``don't`` is ``dont``); a lone ``#`` is the word ``number``.
    """
    if "#" in text:
        text = _HASH.sub(" number ", text)
    plain = text if text.isascii() else _fold(text)
    if plain.isascii():
        return " ".join(_translated(plain, _ASCII).split())
    return _NOT_WORDS.sub(" ", plain).strip()


def _translated(text: str, table: bytes) -> str:
    """ASCII text by a table for its bytes, which is the quickest way, and without apostrophes."""
    return text.encode("ascii").translate(table, b"'`").decode("ascii")


def tokens(text: str) -> list[str]:
    """The words of ``normal``, and ``.`` or ``?`` wherever a sentence ends, so that phrases don't reach across."""
    if "#" in text:
        text = _HASH.sub(" number ", text)
    plain = text if text.isascii() else _fold(text.replace("…", "."))
    if plain.isascii():
        return _translated(plain, _ASCII_WITH_ENDS).replace(".", " . ").replace("?", " ? ").split()
    return _WORDS_AND_ENDS.findall(plain)


def without_pauses(words: list[str]) -> list[str]:
    """The tokens, without the signs if one follows every word: "Never. Text. Me. Again."."""
    is_paused = len(words) >= _PAUSED and words[1] == words[3] == "." and _SIGNS_ALONE.issuperset(words[1::2])
    return words[::2] if is_paused and _SIGNS_ALONE.isdisjoint(words[::2]) else words


_PAUSED = 5
_SIGNS_ALONE = frozenset((".", "?"))


def without_ends(words: list[str]) -> str:
    """What ``normal`` makes of the text that these are the tokens of."""
    return f" {' '.join(words)}".replace(" .", "").replace(" ?", "")[1:]


def _fold(text: str) -> str:
    """Compatibility forms, case and marks folded away; Unicode TR 15 and section 3.13. ASCII apostrophes may stay."""
    bare = text.replace(*_TAKEN_APART)
    if len(bare) > _PIECE:
        pieces = (bare[i : i + _PIECE] for i in range(0, len(bare), _PIECE))
        folded = "".join(unicodedata.normalize("NFKD", piece)[:_GROWN] for piece in pieces).casefold()
    else:
        folded = unicodedata.normalize("NFKD", bare)[:_GROWN].casefold()
    if not _BEYOND.search(folded):
        return folded.encode("ascii", "ignore").decode()
    folded = folded.translate(_FOLDED)
    return _WORD.sub(_as_latin, folded) if _LOOKS_ALIKE.search(folded) else folded


def _as_latin(found: re.Match[str]) -> str:
    """A word of Latin letters and others, or a keyword of others alone, is meant as Latin: Cyrillic "ЅТОР"."""
    word = found.group()
    if word.isascii():
        return word
    latin = word.translate(_LOOK_ALIKES)
    return latin if latin in _LATIN_KEYWORDS or not _LATIN.isdisjoint(word) else word


def own_words(text: str) -> str:
    """The text up to the first line that quotes an original or signs, if anything comes before it."""
    if "\n" not in text:
        return text
    kept: list[str] = []
    has_words = False
    for line in text.split("\n"):
        if has_words and _is_foreign(line.strip().casefold()):
            break
        kept.append(line)
        has_words = has_words or not (line.isspace() or not line)
    return "\n".join(kept)


def without_inline_signature(plain: str) -> str:
    """Plain words up to a signature that stands on the same line."""
    for signature in _INLINE_SIGNATURES:
        if signature in plain:
            return plain[: plain.index(signature)]
    return plain


def _is_foreign(line: str) -> bool:
    if line.startswith(_QUOTE_MARKS) or line == "--" or line.endswith(_QUOTE_ENDS):
        return True
    return line.lstrip("-–—~*[( ").startswith(_SIGNATURES)


def squeezed(word: str) -> str:
    """The word with every run of one letter made a single letter."""
    return re.sub(r"(.)\1+", r"\1", word)
