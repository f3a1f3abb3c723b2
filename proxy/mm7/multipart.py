"""The parts of a body (RFC 2046), cut as leniently as real clients and MMSCs write them.

Unquoted boundaries, blanks behind a delimiter, lines that end with LF, text before the first part, no end at all.
Only what is asked for is decoded: pictures stay slices.
"""

from __future__ import annotations

import binascii
import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple

MOST_PARTS = 1000
DEEPEST = 8
"""How many multiparts may stand within each other; what is deeper is one part."""

_MOST_MARKS = 20_000
"""Places at the most that look like a delimiter."""

_MOST_HEADERS = 8 << 10
"""Octets of a part's headers at the most."""

_LF, _CR = b"\n\r"
_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_HEADERS_END = re.compile(rb"(?:^|\r?\n)\r?\n")
_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_TYPE = re.compile(r'\s*[^\s;,()"]+\s*(?:;\s*(?:[^\s=;()"]+\s*=\s*("(?:[^"\\]|\\.)*"|[^;"()\s]*)\s*)?)*', re.DOTALL)
_MOST_VALUE = 4096
"""Characters of a header that are looked at."""

_LONE_CR = re.compile(rb"\r(?!\n)")
_ESCAPED = re.compile(r"\\(.)")
_FOLD = re.compile(rb"\r?\n[ \t]+")


_ONCE = ("content-type", "content-transfer-encoding", "content-encoding")
"""Headers that decide how a part is read: where there are two, others may go by the other one."""


PLAIN = (
    "",
    "7bit",
    "8bit",
    "7-bit",
    "8-bit",
    "7 bit",
    "8 bit",
    "binary",
    "none",
    "identity",
    "8bitmime",
    "raw",
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
)

ODD_PARAMETERS = "the parameters of its Content-Type are none that all read alike"
"""A doubt that counts where a charset does: it is no multipart, however they are read."""

NO_END = "a multipart has no end"
"""A doubt that is none of how it is cut, but whether that is all: some programs leave the last delimiter out."""


class PartsError(Exception):
    """A body of too many parts."""


class Part(NamedTuple):
    """One part: its headers by names in lower case, and its octets as they stand in the body.

    ``doubts`` say what in it others may read otherwise, or that it is not all there; empty for most.
    """

    headers: dict[str, str]
    octets: bytes
    doubts: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """Its type in lower case; ``text/plain`` where it says none (RFC 2045, section 5.2)."""
        return self.headers.get("content-type", "text/plain").partition(";")[0].partition(",")[0].strip().lower()

    @property
    def content_id(self) -> str:
        """Its Content-ID without the brackets."""
        return self.headers.get("content-id", "").strip().strip("<>")

    @property
    def file_name(self) -> str:
        """The name of a file that it is to have; empty if it has none."""
        disposition = self.headers.get("content-disposition", "")
        return parameter(disposition, "filename") or self.parameter("name") or self.headers.get("content-location", "")

    def parameter(self, name: str) -> str:
        """A parameter of its Content-Type; empty if there is none."""
        return parameter(self.headers.get("content-type", ""), name)

    @property
    def _encoding(self) -> str:
        return self.headers.get("content-transfer-encoding", "").partition("(")[0].strip(" \t;\"'").lower()

    @property
    def is_encoding_known(self) -> bool:
        """Whether its transfer encoding is one that can be undone."""
        return self._encoding in ("quoted-printable", "base64", *PLAIN)

    def decoded(self) -> Decoded:
        """Its octets without their transfer encoding, as far as that can be undone."""
        if self._encoding == "quoted-printable":
            return Decoded(quopri.decodestring(self.octets))
        if self._encoding == "base64":
            return _from_base64(self.octets)
        unknown = f"the Content-Transfer-Encoding {self._encoding[:40]!r} is not known"
        return Decoded(self.octets, () if self.is_encoding_known else (unknown,))


class Decoded(NamedTuple):
    """Octets without their transfer encoding, and the doubts about them."""

    octets: bytes
    doubts: tuple[str, ...] = ()


def parameter(value: str, name: str) -> str:
    """A parameter of a header such as Content-Type, quoted or not; empty if there is none."""
    found = [text for key, text in _PARAMETER.findall(value[:_MOST_VALUE]) if key.lower() == name]
    if not found:
        return ""
    return _unquoted(found[0])


def parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a body, those of multiparts within it in their place; a body that is none is one part.

    Raises ``PartsError`` for more than ``MOST_PARTS``. A multipart that can't be cut is one part, with a doubt.
    """
    found: list[Part] = []
    whole = Part({"content-type": content_type}, body, _doubts_of_type(content_type))
    for part in _walk(whole, DEEPEST):
        found.append(part)
        _check_count(found)
    return found


def _doubts_of_type(value: str) -> tuple[str, ...]:
    """Whether a Content-Type may be read in two ways: two of one parameter, or what is none."""
    said = {(key.lower(), _unquoted(text)) for key, text in _PARAMETER.findall(value[:_MOST_VALUE])}
    names = [key.partition("*")[0] for key, _ in said]
    is_plain = len(value) <= _MOST_VALUE and (not value or _TYPE.fullmatch(value))
    if is_plain and len(set(names)) == len(names):
        return ()
    if _ONE_PART.match(value) and not _SEVERAL.search(value):
        return (ODD_PARAMETERS,)
    return (
        "its Content-Type has two of one parameter" if is_plain else "its Content-Type is none that all read alike",
    )


_ONE_PART = re.compile(r"\s*[A-Za-z0-9.+*-]+/[A-Za-z0-9.+*_-]+\s*(?:;|\(|\Z)")
_SEVERAL = re.compile(r"multipart|message|boundary", re.IGNORECASE)


def _unquoted(text: str) -> str:
    return _ESCAPED.sub(r"\1", text[1:-1]) if text.startswith('"') else text.strip()


def _check_count(found: list[Part]) -> None:
    if len(found) > MOST_PARTS:
        raise PartsError(f"a body has more than {MOST_PARTS} parts")


def _walk(part: Part, deeper: int) -> Iterator[Part]:
    kind = part.content_type
    if kind == "message/rfc822" and deeper:
        yield from _walk(_part(part.decoded().octets), deeper - 1)
    elif not kind.startswith("multipart/"):
        yield part
    elif not deeper:
        yield part._replace(doubts=(*part.doubts, "its multiparts stand too deep within each other"))
    else:
        yield from _of_multipart(part, deeper)


def _of_multipart(part: Part, deeper: int) -> Iterator[Part]:
    inner, doubts = _cut(part.octets, part.parameter("boundary"))
    if not inner:
        yield part._replace(doubts=(*part.doubts, *doubts))
        return
    for position, each in enumerate(inner):
        own = (*part.doubts, *doubts) if position == len(inner) - 1 else ()
        yield from _walk(each._replace(doubts=(*each.doubts, *own)), deeper - 1)


def _cut(body: bytes, boundary: str) -> tuple[list[Part], tuple[str, ...]]:
    """The parts between these boundaries, and the doubts about them."""
    if not boundary:
        return [], ("a multipart has no boundary",)
    mark = b"--" + boundary.encode("latin-1", "replace")
    found: list[Part] = []
    doubts: set[str] = set()
    start: int | None = None
    position = marks = 0
    while (at := body.find(mark, position)) >= 0:  # not a pattern: most of a body is a picture
        position, marks = at + len(mark), marks + 1
        if marks > _MOST_MARKS:
            raise PartsError(f"a body holds its boundary more than {_MOST_MARKS} times")
        line = _END_OF_DELIMITER.match(body, position)
        if line is None:
            continue
        if at and body[at - 1] != _LF:
            doubts.add("a delimiter stands within a line")
            continue
        if start is not None:
            found.append(_part(body[start : _before_line(body, start, at)]))
            _check_count(found)
        if line[1]:
            if mark in body[line.end() :]:
                doubts.add("a delimiter stands behind the last one")
            return found, tuple(doubts)
        start = position = line.end()
    if start is None:
        return [], ("a multipart does not hold its boundary",)
    return [*found, _part(body[start:])], (*doubts, NO_END)


def _before_line(body: bytes, start: int, at: int) -> int:
    """Where a part ends that began at ``start``, before the line at ``at``: the end of the line before is no part of
    it.
    """
    for octet in (_LF, _CR):
        if at > start and body[at - 1] == octet:
            at -= 1
    return at


def _part(octets: bytes) -> Part:
    """A part: header lines, an empty one, the rest; without headers if it begins with an empty line."""
    end = _HEADERS_END.search(octets, 0, _MOST_HEADERS)
    if end is None and len(octets) > _MOST_HEADERS:
        return Part({"content-type": "application/octet-stream"}, octets, ("a part has headers without an end",))
    lines, content = (octets[: end.start()], octets[end.end() :]) if end else (octets, b"")
    doubts: list[str] = []
    if _LONE_CR.search(lines):
        doubts.append("a line of a part's headers ends with CR alone")
    headers: dict[str, str] = {}
    for name, colon, value in (line.partition(b":") for line in _FOLD.sub(b" ", lines).split(b"\n")):
        if colon:
            key, text = name.strip().lower().decode("latin-1"), value.strip().decode("latin-1")
            if headers.setdefault(key, text) != text and key in _ONCE:
                doubts.append(f"a part has two of {key}, which differ")
    return Part(headers, content, (*doubts, *_doubts_of_type(headers.get("content-type", ""))))


_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")


def _from_base64(octets: bytes) -> Decoded:
    """Whatever there is of it: without line breaks, without its end, or with ends in its midst."""
    clean = _NO_BASE64.sub(b"", octets)
    groups = [group for group in clean.split(b"=") if group]
    is_whole = len(groups) <= 1 and len(clean) % 4 == 0
    if len(groups) > MOST_PARTS:
        return Decoded(b"", ("its base64 has too many ends",))
    decoded = b"".join(
        binascii.a2b_base64(cut + b"=" * (-len(cut) % 4))
        for cut in (group[: len(group) - (len(group) % 4 == 1)] for group in groups)
    )
    return Decoded(decoded, () if is_whole else ("its base64 is not whole, or has an end in its midst",))
