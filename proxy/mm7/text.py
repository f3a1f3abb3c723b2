"""What the parts of a message say, as a consumer wrote it: texts, each by itself. Pictures and SMIL are not read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header
from html.parser import HTMLParser
from typing import NamedTuple

from proxy.mm7.charsets import MARKS, codec_of
from proxy.mm7.multipart import Part

LAYOUT = (
    "application/smil", "application/smil+xml", "application/x-smil", "application/vnd.wap.smil", "text/xml",
    "application/xml",
)  # fmt: skip
"""Types that only say how the others are shown."""

_MARKED = ("text/html", "text/enriched", "text/richtext", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")
_CARDS = ("text/x-vcard", "text/vcard", "text/calendar", "text/x-vcalendar", "text/css", "text/x-vnote")
_TO_SEE_OR_HEAR = ("image", "audio", "video")
_MOST_MARKED = 4_096
"""Characters of a marked text that are looked at, at its beginning and at its end."""


class Text(NamedTuple):
    """A text; ``is_certain``: it is all that was written, in its own characters."""

    text: str
    is_certain: bool = True


def texts_of(parts: Iterable[Part]) -> tuple[tuple[Text, ...], bool, bool]:
    """The texts of these parts that say anything; whether there is something to see or hear; whether that is all.

    It is not all if there is a part that can't be read, or of a kind that may be a text.
    """
    texts: list[Text] = []
    has_media, is_all = False, True
    for part in parts:
        kind = part.content_type
        is_all = is_all and not part.doubts
        if kind in LAYOUT:
            continue
        if not _is_text(part):
            has_media = True
            is_all = is_all and (kind in _CARDS or kind.partition("/")[0] in _TO_SEE_OR_HEAR)
            continue
        for text in _read(part):
            shown = _without_tags(text) if kind in _MARKED else text
            if shown.text.strip():
                texts.append(shown)
    return tuple(texts), has_media, is_all


def _is_text(part: Part) -> bool:
    kind = part.content_type
    if kind in _CARDS:
        return False
    if "content-type" not in part.headers:
        return b"\0" not in part.octets or part.octets.startswith(tuple(mark for mark, _ in MARKS))
    is_named = part.file_name.lower().endswith((".txt", ".text"))
    is_said = kind.startswith("text/") or kind in _MARKED or kind in _SLOPPY or "/" not in kind
    return is_said or is_named or (kind in _UNSAID and _is_written(part))


_SLOPPY = ("plain/text", "application/text", "application/txt", "*/*", '"text/plain"')
_UNSAID = ("application/octet-stream", "binary/octet-stream", "application/unknown")


def _is_written(part: Part) -> bool:
    """Whether a part of no kind is a short text."""
    octets = part.decoded().octets
    return len(octets) <= _MOST_MARKED and _is_words(octets)


def _is_words(octets: bytes) -> bool:
    try:
        return all(each.isprintable() or each.isspace() for each in octets.decode())
    except ValueError:
        return False


def _read(part: Part) -> list[Text]:
    """Its text; two, if it may be in either order of octets."""
    octets, doubts = part.decoded()
    is_whole = not doubts and not part.doubts
    for mark, codec in MARKS:
        if octets.startswith(mark):
            return [Text(octets.decode(codec, "replace"), is_whole)]
    declared = part.parameter("charset")
    codec = codec_of(declared) if declared else "utf-8"
    if octets != part.octets and _is_words(part.octets) and not _is_words(octets):  # it says base64, and is none
        both = (each.decode("utf-8", "replace") for each in (octets, part.octets))
        return [Text(each, is_certain=False) for each in both]
    if not codec.startswith("utf-16"):
        octets = octets.rstrip(b"\0")
    if codec in ("utf-16-le", "utf-16-be") and len(octets) % 2 == 0 and b"\0" in octets:
        return [Text(octets.decode(codec, "replace"), is_whole)]
    if codec.startswith("utf-16") or b"\0" in octets:
        wide = [Text(octets.decode(each, "replace"), is_certain=False) for each in ("utf-16-be", "utf-16-le")]
        narrow = octets.replace(b"\0", b"").decode("utf-8", "replace")
        return [*wide, Text(narrow, is_certain=False)]
    for each in dict.fromkeys((codec, "utf-8")):
        if each:
            try:
                return [Text(octets.decode(each), is_whole and each == codec)]
            except ValueError:
                continue
    return [Text(octets.decode("latin-1"), is_certain=False)]


_BLOCKS = frozenset(
    ("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li",
     "ol", "p", "pre", "table", "td", "th", "tr", "ul")
)  # fmt: skip
_HIDDEN = ("script", "style", "title")
_TAGS = re.compile(r"<[^<>]{0,1000}>")


class _Words(HTMLParser):
    """What is to be read of HTML: words that only tags of letters stand between are one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _: object) -> None:
        self._hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN and self._hidden > 0
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(marked: Text) -> Text:
    text, is_certain = marked
    if len(text) > 2 * _MOST_MARKED:
        text, is_certain = text[:_MOST_MARKED] + "\n" + text[-_MOST_MARKED:], False
    reader = _Words()
    try:
        reader.feed(text)
        reader.close()
    except (AssertionError, ValueError):  # of what it takes for the beginning of a declaration
        return Text(_TAGS.sub(" ", text), is_certain=False)
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return Text("\n".join(filter(None, lines)), is_certain)


def words_of(subject: str) -> str:
    """A subject without the encoding of mail headers (RFC 2047), which has no place in XML and is seen there."""
    if "=?" not in subject:
        return subject
    try:
        pieces = decode_header(subject[:1000])
    except (ValueError, HeaderParseError):
        return subject
    return "".join(
        piece if isinstance(piece, str) else piece.decode(codec_of(charset or "") or "utf-8", "replace")
        for piece, charset in pieces
    )
