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

_MOST_HEADERS = 64 << 10
"""Octets of a part's headers at the most."""

_LF, _CR = b"\n\r"
_END_OF_DELIMITER = re.compile(rb"(--)?[ \t]*(?:\r?\n|\Z)")
_HEADERS_END = re.compile(rb"(?:^|\r?\n)\r?\n")
_PARAMETER = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)', re.DOTALL)
_BOUNDARIES = re.compile(r"boundary[*0-9]*\s*=[^;]*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_FOLD = re.compile(rb"\r?\n[ \t]+")


_ONCE = ("content-type", "content-transfer-encoding", "content-encoding")
"""Headers that decide how a part is read: where there are two, others may go by the other one."""


class PartsError(Exception):
    """A body that can't be cut."""


class Part(NamedTuple):
    """One part: its headers by names in lower case, and its octets as they stand in the body."""

    headers: dict[str, str]
    octets: bytes

    @property
    def content_type(self) -> str:
        """Its type in lower case; ``text/plain`` where it says none (RFC 2045, section 5.2)."""
        return self.headers.get("content-type", "text/plain").partition(";")[0].strip().lower()

    @property
    def content_id(self) -> str:
        """Its Content-ID without the brackets."""
        return self.headers.get("content-id", "").strip().strip("<>")

    def parameter(self, name: str) -> str:
        """A parameter of its Content-Type; empty if there is none."""
        return parameter(self.headers.get("content-type", ""), name)

    def decoded(self) -> bytes:
        """Its octets without their transfer encoding, as far as that can be undone; raises ``PartsError``."""
        encoding = self.headers.get("content-transfer-encoding", "").strip().lower()
        if encoding == "quoted-printable":
            return quopri.decodestring(self.octets)
        if encoding == "base64":
            return _from_base64(self.octets)
        if encoding in ("", "7bit", "8bit", "binary", "none"):
            return self.octets
        raise PartsError(f"a part has the Content-Transfer-Encoding {encoding!r}, which is not known")


def parameter(value: str, name: str) -> str:
    """A parameter of a header such as Content-Type, quoted or not; empty if there is none."""
    found = [text for key, text in _PARAMETER.findall(value) if key.lower() == name]
    if not found:
        return ""
    return _ESCAPED.sub(r"\1", found[0][1:-1]) if found[0].startswith('"') else found[0].strip()


def parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a body, those of multiparts within it in their place; a body that is none is one part.

    Raises ``PartsError`` if it says that it has parts and has none, or more than ``MOST_PARTS``.
    """
    found: list[Part] = []
    for part in _walk(Part({"content-type": content_type}, body), DEEPEST):
        found.append(part)
        _check_count(found)
    return found


def _check_count(found: list[Part]) -> None:
    if len(found) > MOST_PARTS:
        raise PartsError(f"a body has more than {MOST_PARTS} parts")


def _walk(part: Part, deeper: int) -> Iterator[Part]:
    if not deeper or not part.content_type.startswith("multipart/"):
        yield part
        return
    if len(set(_BOUNDARIES.findall(part.headers.get("content-type", "")))) > 1:
        raise PartsError("a multipart has two boundaries")
    for inner in _cut(part.octets, part.parameter("boundary")):
        yield from _walk(inner, deeper - 1)


def _cut(body: bytes, boundary: str) -> list[Part]:
    if not boundary:
        raise PartsError("a multipart has no boundary")
    mark = b"--" + boundary.encode("latin-1", "replace")
    found: list[Part] = []
    start: int | None = None
    position = 0
    while (at := body.find(mark, position)) >= 0:  # not a pattern: most of a body is a picture
        position = at + len(mark)
        line = _END_OF_DELIMITER.match(body, position) if at == 0 or body[at - 1] == _LF else None
        if line is None:
            continue
        if start is not None:
            found.append(_part(body[start : _before_line(body, start, at)]))
            _check_count(found)
        if line[1]:
            return found
        start = position = line.end()
    if start is None:
        raise PartsError("a multipart does not hold its boundary")
    return [*found, _part(body[start:])]


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
        raise PartsError("a part has headers without an end")
    lines, content = (octets[: end.start()], octets[end.end() :]) if end else (octets, b"")
    unfolded = _FOLD.sub(b" ", lines).split(b"\n")
    headers: dict[str, str] = {}
    for name, colon, value in (line.partition(b":") for line in unfolded):
        if colon:
            key, text = name.strip().lower().decode("latin-1"), value.strip().decode("latin-1")
            if headers.setdefault(key, text) != text and key in _ONCE:
                raise PartsError(f"a part has two of {key}, which differ")
    return Part(headers, content)


_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def _from_base64(octets: bytes) -> bytes:
    """Whatever there is of it: without line breaks, without its end."""
    clean = _NO_BASE64.sub(b"", octets.partition(b"=")[0])
    clean = clean[: len(clean) - (len(clean) % 4 == 1)]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
