"""What an HTTP message holds of MM7: every envelope in it, wherever it stands, and the content beside them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from proxy.mm7.charsets import codecs_of_xml
from proxy.mm7.envelope import MOST_OCTETS, Envelope, EnvelopeError, guess_envelope, read_envelope
from proxy.mm7.http import MOST_MESSAGE, HttpMessage
from proxy.mm7.multipart import NO_END, ODD_PARAMETERS, PLAIN, Part, PartsError, parameter, parts

_BEGINNING = 8192
"""Octets at the beginning of a part by which it is known whether it may be XML."""

_BLANK = b" \t\r\n\0\xef\xbb\xbf\xff\xfe"
"""What may stand before the first ``<``: blanks, byte order marks, and the NULs of wide characters."""

_SPACES = b" \t\r\n"

_EBCDIC = b"\x4c\x6f\xa7\x94"
"""``<?xm`` in EBCDIC, which some readers of XML know."""

_TOO_MANY = 1000
"""Tags that may be looked for in one message."""


class Mm7Error(Exception):
    """A message that can't be read, or in two ways; ``transaction`` is its TransactionID as far as one is seen."""

    def __init__(self, why: str, transaction: str = "") -> None:
        super().__init__(why)
        self.transaction = transaction


class Mm7Message(NamedTuple):
    """The envelopes of one HTTP message, the root's first, and all its other parts (see ``texts_of``)."""

    envelopes: tuple[Envelope, ...]
    content: tuple[Part, ...] = ()

    @property
    def root(self) -> Envelope:
        """The envelope that whoever gets the message is meant to read."""
        return self.envelopes[0]


def read_mm7(message: HttpMessage, *, strictly: bool = False) -> Mm7Message | None:
    """Read a message; None if there is nothing of MM7 in it. Raises ``Mm7Error``.

    ``strictly``: for what is to be checked. Whatever another reader may find, or read otherwise, is an error. Else
    what can be read of it is.
    """
    body = message.body
    try:
        body = _plain(body, message.header("content-encoding"))
        content_type = message.header("content-type")
        found = parts(content_type, body) if body else []
        read = _Strict() if strictly else _Lenient()
        return read.message(found, body, parameter(content_type, "start").strip("<>"))
    except (PartsError, EnvelopeError) as error:
        if not strictly and not _tags(body) and not _is_soap(message):
            return None
        raise Mm7Error(str(error), _transaction(body)) from error


def _is_soap(message: HttpMessage) -> bool:
    return "xml" in message.header("content-type") or any(name == b"soapaction" for name, _ in message.headers)


def _plain(body: bytes, encoding: str) -> bytes:
    """A body without its content coding (RFC 9110, section 8.4)."""
    encoding = encoding.strip().lower()
    if encoding in PLAIN:
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


class _Lenient:
    """Reads what can be read."""

    def message(self, found: Sequence[Part], body: bytes, start: str) -> Mm7Message | None:
        """The message that these parts are; None if it is none."""
        roots = [part for part in found if start and part.content_id == start] or list(found[:1])
        self._check(found, roots)
        envelopes: list[tuple[Part, Envelope]] = []
        rest: list[Part] = []
        for part in (*roots, *(part for part in found if part not in roots)):
            if (octets := self._candidate(part, is_root=part in roots)) is None:
                rest.append(part)
            else:
                envelopes.append((part, self._envelope(octets, part.parameter("charset"))))
        if not envelopes:
            if _tags(body):
                raise EnvelopeError("it holds an envelope, but in none of its parts")
            return None
        self._check_all([part for part, _ in envelopes], roots[0], body)
        return Mm7Message(tuple(envelope for _, envelope in envelopes), tuple(rest))

    def _envelope(self, octets: bytes, charset: str) -> Envelope:
        return guess_envelope(octets, charset)

    def _candidate(self, part: Part, *, is_root: bool) -> bytes | None:
        """The octets of a part that may be an envelope; None if it is something else."""
        is_xml = _beginning(part).startswith(b"<") and (is_root or "xml" in part.content_type)
        if not is_xml or len(part.octets) > 2 * MOST_OCTETS:
            return None
        octets = part.decoded().octets
        return octets if _tags(octets) else None

    def _check(self, found: Sequence[Part], roots: Sequence[Part]) -> None:
        pass

    def _check_all(self, envelopes: Sequence[Part], root: Part, body: bytes) -> None:
        pass


class _Strict(_Lenient):
    """Reads only what all read alike."""

    def _envelope(self, octets: bytes, charset: str) -> Envelope:
        return read_envelope(octets, charset)

    def _candidate(self, part: Part, *, is_root: bool) -> bytes | None:  # noqa: ARG002
        beginning = _beginning(part)
        if not beginning and len(part.octets) > _BEGINNING and not _head(part).strip(_SPACES):
            raise PartsError("a part begins with nothing but blanks")
        if beginning.startswith(_EBCDIC):
            raise PartsError("a part is XML in a charset that is not known")
        if not beginning.startswith(b"<"):
            return None
        if len(part.octets) > 2 * MOST_OCTETS:
            raise PartsError("a part that may be an envelope is too long for one")
        octets, doubts = part.decoded()
        if _tags(octets) or _may_be_an_envelope(part, beginning, octets):
            if doubts := (*doubts, *(each for each in part.doubts if each != NO_END)):
                raise PartsError(doubts[0])
            return octets
        return None

    def _check(self, found: Sequence[Part], roots: Sequence[Part]) -> None:
        if len(roots) > 1:
            raise PartsError("two parts have the Content-ID that is named as the start")
        for part in found:
            doubts = [each for each in part.doubts if each not in (NO_END, ODD_PARAMETERS)]
            if not part.is_encoding_known:
                doubts.append("a part has a Content-Transfer-Encoding that is not known")
            if doubts:
                raise PartsError(doubts[0])

    def _check_all(self, envelopes: Sequence[Part], root: Part, body: bytes) -> None:
        if envelopes[0] is not root:
            raise EnvelopeError("the root part is no envelope, and another part is one")
        if len(envelopes) > _MOST_ENVELOPES:
            raise EnvelopeError(f"it holds more than {_MOST_ENVELOPES} envelopes")
        if _tags(body) != sum(_tags(part.octets) for part in envelopes):
            raise EnvelopeError("its body holds another envelope beside its parts")


_MOST_ENVELOPES = 4


def _beginning(part: Part) -> bytes:
    """What a part begins with, without its transfer encoding and without blanks."""
    return _head(part).lstrip(_BLANK)


def _head(part: Part) -> bytes:
    return Part(part.headers, part.octets.lstrip(_SPACES)[:_BEGINNING]).decoded().octets


_ROOT = re.compile(
    rb"\A(?:\s*(?:<\?.{0,500}?\?>|<!--.{0,1000}?-->|<![^<>\[]{0,500}>))*\s*<(?:[^\s<>/:]{1,100}:)?([^\s<>/]{1,100})",
    re.DOTALL,
)
_SHOWN = (b"smil", b"html", b"svg", b"body", b"head", b"p", b"div", b"table", b"b", b"i", b"a", b"br", b"img", b"font")
_TAGS_OF_MM7 = re.compile(rb"<[^\s<>/]*(?:recipients|rfc2822address|submitreq)|</[^\s<>/]*number\s*>|xinclude", re.I)
_TAGS_OF_SOAP = re.compile(rb"<(?:[^\s<>/]*:)?body[\s/>]", re.I)
_ENTITY = re.compile(rb"<!ENTITY", re.I)
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)


def _may_be_an_envelope(part: Part, beginning: bytes, octets: bytes) -> bool:
    """Whether somebody who doesn't look at names may take this XML for an envelope: SMIL and HTML are none.

    A text that begins with ``<`` is one if it holds a word of MM7.
    """
    found = _ROOT.match(beginning.replace(b"\0", b""))
    is_shown = found is not None and found[1].lower() in _SHOWN
    words = octets.replace(b"\0", b"")
    if _ENTITY.search(words) or _TAGS_OF_MM7.search(words) or (not is_shown and _TAGS_OF_SOAP.search(words)):
        return True
    if is_shown or part.content_type.startswith("text/plain"):
        return False
    try:
        codecs_of_xml(octets, part.parameter("charset"))
    except LookupError:
        return True
    return _DTD.search(words) is not None


_WORD = b"Envelope"
_WIDE_WORD = b"\0".join(bytes([each]) for each in _WORD)
_NAME = re.compile(rb"<[^\s<>/]{0,100}\Z")


def _tags(octets: bytes) -> int:
    """How many tags there are of which the name ends with Envelope, in characters of one octet or of more.

    Found by its octets: a pattern over a picture takes long. Raises ``EnvelopeError`` for too many.
    """
    count = seen = 0
    for word in (_WORD, _WIDE_WORD):
        at = octets.find(word)
        while at >= 0:
            seen += 1
            if seen > _TOO_MANY:
                raise EnvelopeError(f"it holds the word Envelope more than {_TOO_MANY} times")
            count += _NAME.search(octets[max(0, at - 256) : at].replace(b"\0", b"")) is not None
            at = octets.find(word, at + 1)
    return count


_TRANSACTION = re.compile(rb"<(?:[\w.-]{1,40}:)?TransactionID[^<>]{0,300}>([^<>]{1,1024})<")


def _transaction(body: bytes) -> str:
    """The TransactionID of an envelope that can't be read, so that its sender knows what is answered."""
    found = _TRANSACTION.search(body[:_MOST_LOOKED_THROUGH])
    text = found[1].decode("utf-8", "replace").strip()[:256] if found else ""
    return "".join(each for each in text if each.isprintable())


_MOST_LOOKED_THROUGH = 64 << 10
