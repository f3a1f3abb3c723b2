"""The SOAP envelope of one MM7 message: what it is, whom it is from and to.

3GPP TS 23.140, annex A and section 8.7. Elements are known by their local names: real programs use a dozen
namespaces, and some none. An envelope that two readers could read differently is refused (``EnvelopeError``).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

from proxy.mm7.addresses import Address

MOST_OCTETS = 1 << 20
"""Octets of an envelope at the most."""

DEEPEST = 32
"""Elements within each other at the most; MM7 needs eight."""

_SENDERS = ("Sender", "SenderIdentification")
_VALUES = ("Number", "RFC2822Address", "ShortCode", "Extension")
_FIELDS = ("MM7Version", "Subject", "MessageID", "VASPID", "VASID", "StatusCode", "MMStatus")
_RECIPIENTS = ("Recipients", "Recipient")
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


def read_envelope(octets: bytes, charset: str = "") -> Envelope:
    """Read an envelope; ``charset`` is what the part's Content-Type says. Raises ``EnvelopeError``.

    Where the Content-Type and the XML declaration name different charsets, both readings must be the same.
    """
    if len(octets) > MOST_OCTETS:
        raise EnvelopeError(f"the envelope is longer than {MOST_OCTETS} octets")
    readings = {_read(_decoded(octets, name)) for name in _charsets(octets, charset)}
    if len(readings) != 1:
        raise EnvelopeError("the envelope says something else in each of the charsets that it is said to have")
    return readings.pop()


_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_UTF_16 = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


def _charsets(octets: bytes, charset: str) -> set[str]:
    """The charsets that it may be in (RFC 7303, section 3), by their Python names."""
    for mark, name in _UTF_16:
        if octets.startswith(mark):
            return {name}
    declared = _DECLARED.match(octets.removeprefix(codecs.BOM_UTF8))
    names = {charset.strip().lower(), declared[1].decode("ascii").lower() if declared else ""} - {""}
    found: set[str] = set()
    for name in names or {"utf-8"}:
        try:
            found.add(codecs.lookup(name).name)
        except (LookupError, ValueError) as error:
            raise EnvelopeError(f"the envelope's charset {name!r} is not known") from error
    # us-ascii is said of much that is UTF-8, and is the same where it is true
    return {"utf-8" if name == "ascii" else name for name in found}


def _decoded(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset).lstrip("\ufeff\r\n\t ")
    except (LookupError, ValueError) as error:  # of a codec for something else than texts, or of other octets
        raise EnvelopeError(f"the envelope is not in the charset {charset}: {error}") from error


def _read(text: str) -> Envelope:
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
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


def _address(element: _Element, text: str) -> Address:
    """Only attributes without a namespace on the address itself count: an MMSC may know no others, and delivers."""
    said = element.attributes.get
    return Address(
        text,
        element.name if element.name in _VALUES else "",
        is_shown=said("displayOnly", "").strip().lower() in _TRUE,
        is_coded=said("addressCoding", "").strip().lower() in _CODINGS,
    )


class _Reader:
    """Takes the elements in the order of the document."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._kinds: list[tuple[str, str]] = []
        self._bodies = 0
        self._found: dict[str, str] = {}
        self._senders: list[Address] = []
        self._recipients: list[Address] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if len(self._open) >= DEEPEST:
            raise EnvelopeError(f"the envelope has more than {DEEPEST} elements within each other")
        if not self._open and local != "Envelope":
            raise EnvelopeError(f"the element {local} stands where the Envelope belongs")
        if self._open:
            self._open[-1].has_inner = True
        self._open.append(_Element(local, attributes))
        path = self._path()
        self._bodies += path == ["Envelope", "Body"]
        if path[:2] == ["Envelope", "Body"] and len(path) == 3:
            self._kinds.append((namespace, local))

    def text(self, text: str) -> None:
        self._open[-1].text += text

    def end(self, _: str) -> None:
        path = self._path()
        element = self._open.pop()
        if path == ["Envelope", "Header", "TransactionID"]:
            self._find("TransactionID", element.text.strip())
        elif path[:2] == ["Envelope", "Body"] and len(path) > 3:
            self._end_in_message(element, path[3:])

    def _path(self) -> list[str]:
        return [element.name for element in self._open]

    def _end_in_message(self, element: _Element, path: list[str]) -> None:
        """``path`` begins below the message's own element."""
        text = element.text.strip()
        if element.name in _FIELDS:
            if len(path) == 1 or path[0] in _SENDERS or path[-2] == "Status":  # a fault has its Status deep within
                self._find(element.name, text)
            return
        if path[0] in _RECIPIENTS:
            where = self._recipients
        elif path[0] in _SENDERS:
            where = self._senders
        else:
            return
        if element.has_inner and element.name in _VALUES:
            raise EnvelopeError(f"a {element.name} of the envelope has elements in it")
        if text:
            where.append(_address(element, text))

    def _find(self, name: str, text: str) -> None:
        if self._found.get(name, text) != text:
            raise EnvelopeError(f"the envelope has two of {name}, which differ")
        self._found[name] = text

    def envelope(self) -> Envelope:
        if self._bodies != 1 or len(self._kinds) != 1:
            raise EnvelopeError("the envelope's Body does not hold just one element")
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
        )
