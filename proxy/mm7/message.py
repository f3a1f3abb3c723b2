"""What an HTTP message holds of MM7: every envelope in it, wherever it stands, and the content beside them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from proxy.mm7.envelope import Envelope, EnvelopeError, read_envelope
from proxy.mm7.http import MOST_MESSAGE, HttpMessage
from proxy.mm7.multipart import Part, PartsError, parameter, parts

_NOT_READ = 512
"""Octets at the beginning of a part by which it is known whether it may be XML."""

_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""What may stand before the first ``<``: blanks, byte order marks, and the NULs of wide characters."""


class Mm7Error(Exception):
    """A message that can't be read, or in two ways; ``transaction`` is its TransactionID as far as one is seen."""

    def __init__(self, why: str, transaction: str = "") -> None:
        super().__init__(why)
        self.transaction = transaction


class Mm7Message(NamedTuple):
    """The envelopes of one HTTP message, the root's first, and what else it holds.

    ``content`` are all other parts, see ``texts_of``. ``is_all_read``: nothing else in the body looks like an
    envelope, so nobody else can read another one.
    """

    envelopes: tuple[Envelope, ...]
    content: tuple[Part, ...] = ()
    is_all_read: bool = True

    @property
    def root(self) -> Envelope:
        """The envelope that whoever gets the message is meant to read."""
        return self.envelopes[0]


def read_mm7(message: HttpMessage) -> Mm7Message | None:
    """Read a message; None if there is nothing of MM7 in it. Raises ``Mm7Error``."""
    body = message.body
    try:
        body = _plain(body, message.header("content-encoding"))
        content_type = message.header("content-type")
        found = parts(content_type, body) if body else []
        return _read(found, body, parameter(content_type, "start").strip("<>"))
    except (PartsError, EnvelopeError) as error:
        if not _TAG.search(body) and not _is_soap(message):
            return None
        raise Mm7Error(str(error), _transaction(body)) from error


def _is_soap(message: HttpMessage) -> bool:
    return "xml" in message.header("content-type") or any(name == b"soapaction" for name, _ in message.headers)


def _plain(body: bytes, encoding: str) -> bytes:
    """A body without its content coding (RFC 9110, section 8.4)."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise PartsError(f"the body has the Content-Encoding {encoding!r}, which is not known")
    inflating = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = inflating.decompress(body, MOST_MESSAGE)
    except zlib.error as error:
        raise PartsError(f"the body is no {encoding}: {error}") from error
    if inflating.unconsumed_tail or not inflating.eof or inflating.unused_data:
        raise PartsError(f"the body is more or less than one {encoding} of {MOST_MESSAGE} octets at the most")
    return plain


def _read(found: Sequence[Part], body: bytes, start: str) -> Mm7Message | None:
    roots = [part for part in found if start and part.content_id == start] or list(found[:1])
    if len(roots) > 1:
        raise PartsError("two parts have the Content-ID that is named as the start")
    others = [part for part in found if part not in roots]
    envelopes: list[tuple[Part, Envelope]] = []
    rest: list[Part] = []
    for part in (*roots, *others):
        if (octets := _candidate(part)) is None:
            rest.append(part)
        else:
            envelopes.append((part, read_envelope(octets, part.parameter("charset"))))
    if not envelopes:
        if _TAG.search(body):
            raise EnvelopeError("it holds an envelope, but in none of its parts")
        return None
    if envelopes[0][0] is not roots[0]:
        raise EnvelopeError("the root part is no envelope, and another part is one")
    seen = sum(len(_TAG.findall(part.octets)) for part, _ in envelopes)
    is_all_read = len(_TAG.findall(body)) == seen
    return Mm7Message(tuple(envelope for _, envelope in envelopes), tuple(rest), is_all_read)


_TAG = re.compile(rb"<(?:\0*[A-Za-z0-9_.-])*\0*:?\0*E\0*n\0*v\0*e\0*l\0*o\0*p\0*e\b")
"""The tag that an envelope begins with, in characters of one octet or of more."""


def _candidate(part: Part) -> bytes | None:
    """The octets of a part that may be an envelope, without their transfer encoding; None if it is something else."""
    beginning = Part(part.headers, part.octets[:_NOT_READ])
    if not beginning.decoded().lstrip(_BLANK).startswith(b"<"):
        return None
    octets = part.decoded()
    return octets if _TAG.search(octets) else None


_TRANSACTION = re.compile(rb"<(?:[\w.-]+:)?TransactionID[^<>]*>\s*([^<>\x00-\x1f]{1,256}?)\s*<")


def _transaction(body: bytes) -> str:
    """The TransactionID of an envelope that can't be read, so that its sender knows what is answered."""
    found = _TRANSACTION.search(body)
    return found[1].decode("utf-8", "replace") if found else ""
