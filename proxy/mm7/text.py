"""What the parts of a message say, as a consumer wrote it: texts, each by itself. Pictures and SMIL are not read."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

from proxy.mm7.multipart import Part, PartsError

_LAYOUT = ("application/smil", "application/smil+xml", "text/xml", "application/xml")
"""Types that only say how the others are shown."""


class Text(NamedTuple):
    """A text; ``is_certain``: it is all that was written, in its own characters."""

    text: str
    is_certain: bool = True


def texts_of(parts: Iterable[Part]) -> tuple[tuple[Text, ...], bool]:
    """The texts of these parts that say anything, and whether there is something else to see or hear."""
    texts: list[Text] = []
    has_media = False
    for part in parts:
        kind = part.content_type
        if kind in _LAYOUT:
            continue
        if kind not in ("text/plain", "text/html") or ("content-type" not in part.headers and b"\0" in part.octets):
            has_media = True
            continue
        text = _read(part)
        if kind == "text/html":
            text = text._replace(text=_without_tags(text.text))
        if text.text.strip():
            texts.append(text)
    return tuple(texts), has_media


def _read(part: Part) -> Text:
    try:
        octets = part.decoded()
    except PartsError:
        return Text(part.octets.decode("utf-8", "replace"), is_certain=False)
    declared = part.parameter("charset").lower()
    is_plain = declared in ("", "us-ascii", "ascii")  # said of much that is UTF-8, and the same where it is true
    for charset in ("utf-8",) if is_plain else (declared, "utf-8"):
        try:
            return Text(octets.decode(codecs.lookup(charset).name), is_certain=is_plain or charset == declared)
        except (LookupError, ValueError):
            continue
    return Text(octets.decode("latin-1"), is_certain=False)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _: object) -> None:
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return " ".join(" ".join(reader.words).split())
