"""The SOAP envelope of one MM7 message: what it is, whom it is from and to.

3GPP TS 23.140, annex A and section 8.7. Elements are known by their local names: real programs use a dozen
namespaces, and some none. An envelope that two readers could read differently is refused (``EnvelopeError``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from xml.parsers import expat

from proxy.mm7.addresses import Address
from proxy.mm7.charsets import codecs_of_xml
from proxy.mm7.repairs import repaired

MOST_OCTETS = 1 << 20
"""Octets of an envelope at the most."""

DEEPEST = 32
"""Elements within each other at the most; MM7 needs eight."""

MOST_ELEMENTS = 5_000
"""Elements of an envelope at the most."""

MOST_ADDRESSES = 500
"""Recipients of a message at the most: each is looked up, and no message may hold up others."""

MOST_SENDERS = 16

_SENDERS = ("sender", "senderidentification")
_VALUES = {name.lower(): name for name in ("Number", "RFC2822Address", "ShortCode", "Extension")}
_PLACES = ("to", "cc", "bcc", "recipient", "recipients")
_PAYERS = ("thirdpartypayer", "chargedparty", "chargedpartyid", "previouslysentby")
"""What holds numbers of others, whom nothing is sent to."""
_FIELDS = ("MM7Version", "Subject", "MessageID", "VASPID", "VASID", "StatusCode", "MMStatus")
_NAMES = {name.lower(): name for name in _FIELDS}
_RECIPIENTS = ("recipients", "recipient")
_INCLUDE = "http://www.w3.org/2001/XInclude"
_ADDRESSED = {*_VALUES, *_PLACES}
_TRUE = ("true", "1")
_CODINGS = ("obfuscated", "encrypted")


class EnvelopeError(Exception):
    """An envelope that can't be read, or in two ways."""


class Envelope(NamedTuple):
    """What an envelope says.

    ``kind`` is the local name of the body's element, such as ``SubmitReq``, and ``namespace`` is that element's.
    ``senders`` are all that stand where one belongs, nearly always one or none. ``recipients`` are all that it names,
    those too that are only shown. ``transaction`` is the TransactionID without blanks around it. What is not said is
    empty.
    """

    kind: str
    namespace: str
    transaction: str
    version: str
    senders: tuple[Address, ...]
    recipients: tuple[Address, ...]
    vaspid: str = ""
    vasid: str = ""
    subject: str = ""
    message_id: str = ""
    status_code: str = ""
    status: str = ""
    """The MMStatus of a report."""
    strays: tuple[Address, ...] = ()
    """What some reader may find recipients in: addresses that stand where none belongs, and the pieces of one that a
    comment, an instruction or CDATA stands in. Readers take the first piece, or all of them.
    """
    other_senders: tuple[Address, ...] = ()
    """The same of senders."""
    is_certain: bool = True
    """Whether it was well-formed, and in the charset that it names."""


def read_envelope(octets: bytes, charset: str = "") -> Envelope:
    """Read an envelope; ``charset`` is what the part's Content-Type says. Raises ``EnvelopeError``.

    Where the Content-Type and the XML declaration name different charsets, both readings must be the same.
    """
    if len(octets) > MOST_OCTETS:
        raise EnvelopeError(f"the envelope is longer than {MOST_OCTETS} octets")
    readings = {_read(_decoded(octets, name)) for name in _codecs(octets, charset)}
    if len({each._replace(subject="") for each in readings}) == 1:
        reading = min(readings, key=lambda each: each.subject)
        return reading if len(readings) == 1 else reading._replace(is_certain=False)
    if len(readings) != 1:
        raise EnvelopeError("the envelope says something else in each of the charsets that it is said to have")
    return readings.pop()


def guess_envelope(octets: bytes, charset: str = "") -> Envelope:
    """Read an envelope that is not quite one, as well as that can be done. Raises ``EnvelopeError``.

    Octets of another charset, an ampersand by itself, references to half a character, a DOCTYPE.
    """
    try:
        return read_envelope(octets, charset)
    except EnvelopeError:
        if len(octets) > MOST_OCTETS:
            raise
    return _read(repaired(octets, charset), is_strict=False)._replace(is_certain=False)


_BEFORE = "\ufeff\r\n\t "


def _codecs(octets: bytes, charset: str) -> set[str]:
    try:
        return codecs_of_xml(octets, charset)
    except LookupError as error:
        raise EnvelopeError(f"the envelope's charset {error}") from error


def _decoded(octets: bytes, codec: str) -> str:
    try:
        return octets.decode(codec).lstrip(_BEFORE)
    except ValueError as error:
        raise EnvelopeError(f"the envelope is not in the charset {codec}: {error}") from error


def _read(text: str, *, is_strict: bool = True) -> Envelope:
    reader = _Reader(is_strict=is_strict)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True  # which ends before whatever ``split`` is told of
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.CommentHandler = parser.ProcessingInstructionHandler = reader.split
    parser.StartCdataSectionHandler = parser.EndCdataSectionHandler = reader.split
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise EnvelopeError(f"the envelope is no well-formed XML: {error}") from error
    except UnicodeEncodeError as error:
        raise EnvelopeError("the envelope holds half a character") from error
    return reader.envelope()


def _refuse_doctype(*_: object) -> None:
    raise EnvelopeError("the envelope has a DOCTYPE, which SOAP forbids (SOAP 1.1, section 3)")


@dataclass(slots=True)
class _Element:
    """An element that has begun and not ended."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    has_inner: bool = False
    ends: list[int] = field(default_factory=list)
    """Where something else stands in its text."""

    @property
    def pieces(self) -> list[str]:
        """The pieces of its text, if there are several."""
        if not self.ends:
            return []
        cuts = [0, *self.ends, len(self.text)]
        return [piece for start, end in pairwise(cuts) if (piece := self.text[start:end].strip())]


def _address(element: _Element, text: str) -> Address:
    """Only attributes without a namespace on the address itself count: an MMSC may know no others, and delivers."""
    said = element.attributes.get
    shown = [name for name in element.attributes if name.rpartition(" ")[2].lower() == "displayonly"]
    return Address(
        text,
        _VALUES.get(element.name, ""),
        is_shown=shown == ["displayOnly"] and said("displayOnly", "").lower() in _TRUE,
        is_coded=said("addressCoding", "").strip().lower() in _CODINGS,
    )


class _Reader:
    """Takes the elements in the order of the document."""

    def __init__(self, *, is_strict: bool) -> None:
        self._is_strict = is_strict
        self._open: list[_Element] = []
        self._kinds: list[tuple[str, str]] = []
        self._bodies = 0
        self._found: dict[str, str] = {}
        self._senders: list[Address] = []
        self._recipients: list[Address] = []
        self._strays: list[Address] = []
        self._other_senders: list[Address] = []
        self._count = self._splits = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise EnvelopeError(f"the envelope has more than {MOST_ELEMENTS} elements")
        if len(self._open) >= DEEPEST:
            raise EnvelopeError(f"the envelope has more than {DEEPEST} elements within each other")
        if not self._open and local != "Envelope":
            raise EnvelopeError(f"the element {local} stands where the Envelope belongs")
        if namespace == _INCLUDE:
            raise EnvelopeError("the envelope includes another document (XInclude)")
        if self._open:
            self._open[-1].has_inner = True
        self._open.append(_Element(local.lower(), attributes))
        path = self._path()
        self._bodies += path == ["envelope", "body"]
        if path[:2] == ["envelope", "body"] and len(path) == 3:
            self._kinds.append((namespace, local))

    def split(self, *_: str) -> None:
        """A comment, an instruction or CDATA: what text stands around it?"""
        self._splits += 1
        if self._splits > MOST_ADDRESSES * 4:
            raise EnvelopeError("the envelope has more comments, instructions and CDATA than anybody needs")
        if self._open:
            self._open[-1].ends.append(len(self._open[-1].text))

    def text(self, text: str) -> None:
        self._open[-1].text += text

    def end(self, _: str) -> None:
        path = self._path()
        element = self._open.pop()
        if path == ["envelope", "header", "transactionid"]:
            self._find("TransactionID", element.text.strip())
        elif path[:2] == ["envelope", "body"] and len(path) > 3:
            self._end_in_message(element, path[3:])
        elif element.name in _ADDRESSED and element.text.strip():
            self._strays.append(_address(element, element.text.strip()))

    def _path(self) -> list[str]:
        return [element.name for element in self._open]

    def _end_in_message(self, element: _Element, path: list[str]) -> None:
        """``path`` begins below the message's own element."""
        text = element.text.strip()
        if element.name in _NAMES:
            if len(path) == 1 or path[0] in _SENDERS or path[-2] == "status":  # a fault has its Status deep within
                self._find(_NAMES[element.name], text)
            return
        if path[0] in _RECIPIENTS:
            where = self._recipients
        elif path[0] in _SENDERS:
            where = self._senders
        elif element.name in _ADDRESSED and not set(path) & {*_PAYERS}:
            where = self._strays
        else:
            return
        if element.has_inner and element.name in _VALUES and element.name != "extension":
            raise EnvelopeError(f"a {_VALUES[element.name]} of the envelope has elements in it")
        if text:
            where.append(_address(element, text))
        others = self._other_senders if where is self._senders else self._strays
        others += (_address(element, piece) for piece in element.pieces if piece != text)

    def _find(self, name: str, text: str) -> None:
        if self._found.setdefault(name, text) != text and self._is_strict:
            raise EnvelopeError(f"the envelope has two of {name}, which differ")

    def envelope(self) -> Envelope:
        if not self._kinds or (self._is_strict and (self._bodies != 1 or len(self._kinds) != 1)):
            raise EnvelopeError("the envelope's Body does not hold just one element")
        senders = len(self._senders) + len(self._other_senders)
        is_too_much = len(self._recipients) + len(self._strays) > MOST_ADDRESSES or senders > MOST_SENDERS
        if not self._is_strict:
            del self._recipients[MOST_ADDRESSES:], self._senders[MOST_SENDERS:]
        elif is_too_much:
            raise EnvelopeError(f"the envelope has more than {MOST_ADDRESSES} recipients or {MOST_SENDERS} senders")
        namespace, kind = self._kinds[0]
        found = self._found.get
        return Envelope(
            kind=kind,
            namespace=namespace,
            transaction=found("TransactionID", ""),
            version=found("MM7Version", ""),
            senders=tuple(dict.fromkeys(self._senders)),
            recipients=tuple(dict.fromkeys(self._recipients)),
            vaspid=found("VASPID", ""),
            vasid=found("VASID", ""),
            subject=found("Subject", ""),
            message_id=found("MessageID", ""),
            status_code=found("StatusCode", ""),
            status=found("MMStatus", ""),
            strays=tuple(dict.fromkeys(self._strays)),
            other_senders=tuple(dict.fromkeys(self._other_senders)),
        )
