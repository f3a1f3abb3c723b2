"""One HTTP message is one frame: cut out of a stream by h11 on a copy, and kept in the octets that it came in.

RFC 9112. What two readers may cut at different places is refused, since the other side may be the other reader:
both lengths, two of one, a length that is folded over lines, lines without CR.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import h11

MOST_HEAD = 64 << 10
"""Octets of a head at the most."""

MOST_MESSAGE = 10 << 20
"""Octets of a message at the most, its head with it."""

_NO_HTTP = {b"\x16": "this is TLS, and here HTTP is spoken without", b"\0": "this is SMPP or the like, and no HTTP"}
"""What a message can't begin with: the records of TLS, the lengths of SMPP."""

_FEW_PIECES, _SMALLEST_PIECE = 1000, 64
"""So many chunks may have any size; of more the mean must be that of this many octets: each costs as much as many."""

_MOST_INTERIMS = 20
"""Responses 1xx before the one that counts."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case and their values, in order."""

_END_OF_HEAD = re.compile(rb"\n\r?\n")
_STRAY = re.compile(rb"(?<!\r)\n|\r(?!\n)|\0")
_FRAMING = (b"content-length", b"transfer-encoding")
_ONCE = (*_FRAMING, b"content-type", b"content-encoding", b"host")
_FOLDED = (b" ", b"\t")


class HttpError(Exception):
    """A message that must not go on; ``status`` is the HTTP status that tells its sender."""

    def __init__(self, why: str, status: int = 400) -> None:
        super().__init__(why)
        self.status = status


class HttpMessage(NamedTuple):
    """One whole request or response.

    ``octets`` are what came, to be passed as they are. ``body`` is what they say, without chunks. ``method`` and
    ``target`` are a request's, ``status`` a response's. ``is_last``: its sender wants the connection closed behind it.
    """

    octets: bytes
    headers: Headers
    body: bytes
    method: str = ""
    target: str = ""
    status: int = 0
    is_last: bool = False
    version: str = "1.1"

    def header(self, name: str) -> str:
        """The value of a header, by its name in lower case; empty if there is none."""
        wanted = name.encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), "")


class HttpReader:
    """Reads one message; ``rest`` has the octets behind it, which are the next one's.

    ``answers`` is the method of the request that a response answers, or nothing where requests are read. Interim
    responses (1xx) are left out: whoever holds requests whole has answered ``Expect: 100-continue`` already. 101 is
    refused.
    """

    def __init__(self, answers: str = "", *, most: int = MOST_MESSAGE) -> None:
        self._answers = answers
        self._most = most
        self.rest = b""
        self._interims = 0
        self._begin(b"")

    @property
    def wants_continue(self) -> bool:
        """Whether the client waits for ``100 Continue`` before it sends the body (RFC 9110, section 10.1.1)."""
        return not self._answers and self._is_headed and self._h11.they_are_waiting_for_100_continue

    @property
    def held(self) -> int:
        """How many octets of an unfinished message are kept."""
        return len(self._octets)

    def feed(self, data: bytes) -> HttpMessage | None:
        """Take the next octets; the message, when it is whole. Raises ``HttpError``."""
        self._octets += data
        if self._is_headed:
            self._h11.receive_data(data)
        return self._read()

    def end(self) -> HttpMessage | None:
        """The stream has ended: the message, if that ends it, or nothing if none had begun. Raises ``HttpError``."""
        if not self._octets.strip(b"\r\n"):
            return None
        if not self._is_headed:
            raise HttpError("the connection ended within the head of a message")
        self._h11.receive_data(b"")
        try:
            return self._read()
        except HttpError as error:
            raise HttpError("the connection ended within a message") from error

    def _begin(self, octets: bytes) -> None:
        self._octets = bytearray(octets)
        self._is_headed = False
        self._blank = self._sought = 0
        self._head: h11.Request | h11.Response | None = None
        self._pieces: list[bytes] = []
        self._size = 0
        self._h11 = h11.Connection(h11.CLIENT if self._answers else h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        if self._answers:
            self._h11.send(h11.Request(method=self._answers, target="/", headers=[("Host", "mms")]))
            self._h11.send(h11.EndOfMessage())

    def _read(self) -> HttpMessage | None:
        if not self._is_headed and not self._take_head():
            return None
        while True:
            try:
                event = self._h11.next_event()
            except h11.RemoteProtocolError as error:
                # without the octets that it names: they may hold a password
                raise HttpError(str(error).partition(":")[0], error.error_status_hint) from None
            if isinstance(event, h11.EndOfMessage):
                return self._whole()
            if isinstance(event, h11.Data):
                self._pieces.append(bytes(event.data))
                self._size += len(event.data)
                if len(self._pieces) > _FEW_PIECES and self._size < len(self._pieces) * _SMALLEST_PIECE:
                    raise HttpError("a message comes in chunks of a few octets")
            elif isinstance(event, h11.Request | h11.Response):
                _check(event, self._most)
                self._head = event
            elif isinstance(event, h11.InformationalResponse):
                self._interims += 1
                if self._interims > _MOST_INTERIMS:
                    raise HttpError("there are too many interim responses")
                self._begin(self._h11.trailing_data[0])
                return self._read()
            else:
                break
        if len(self._octets) > self._most:
            raise HttpError(f"a message is longer than {self._most} octets", 413)
        return None

    def _take_head(self) -> bool:
        """Look at a head, when it is whole, before h11 does; empty lines before it count for nothing."""
        while self._octets.startswith(b"\r\n", self._blank):
            self._blank += 2
        if why := _NO_HTTP.get(bytes(self._octets[self._blank : self._blank + 1])):
            raise HttpError(why)
        found = _END_OF_HEAD.search(self._octets, max(self._blank, self._sought - 2))
        self._sought = len(self._octets)
        size = found.end() if found else len(self._octets)
        if size > MOST_HEAD:
            raise HttpError(f"the head of a message is longer than {MOST_HEAD} octets", 431)
        if found is None:
            return False
        _check_lines(bytes(self._octets[self._blank : size]))
        self._is_headed = True
        self._h11.receive_data(bytes(self._octets[self._blank :]))
        return True

    def _whole(self) -> HttpMessage:
        assert self._head is not None
        self.rest = self._h11.trailing_data[0]
        octets = bytes(self._octets[: len(self._octets) - len(self.rest)])
        if len(octets) > self._most:
            raise HttpError(f"a message is longer than {self._most} octets", 413)
        headers = tuple((bytes(name), bytes(value)) for name, value in self._head.headers)
        version = self._head.http_version.decode("ascii")
        is_last = _is_last(self._head, headers, answers=self._answers)
        body = b"".join(self._pieces)
        if isinstance(self._head, h11.Request):
            method, target = self._head.method.decode("ascii"), self._head.target.decode("ascii")
            return HttpMessage(octets, headers, body, method=method, target=target, is_last=is_last, version=version)
        return HttpMessage(octets, headers, body, status=self._head.status_code, is_last=is_last, version=version)


_WITHOUT_BODY = (204, 304)


def _is_last(head: h11.Request | h11.Response, headers: Headers, *, answers: str) -> bool:
    """Whether its sender closes behind it (RFC 9112, section 9.3): it says so, or only the end tells where it ends."""
    said = {token.strip().lower() for name, value in headers if name == b"connection" for token in value.split(b",")}
    has_body = isinstance(head, h11.Response) and head.status_code not in _WITHOUT_BODY and answers != "HEAD"
    if has_body and not any(name in _FRAMING for name, _ in headers):
        return True
    return b"keep-alive" not in said if head.http_version == b"1.0" else b"close" in said


def _check_lines(head: bytes) -> None:
    if _STRAY.search(head):
        raise HttpError("a line of the head does not end with CR LF, or holds a NUL")
    seen: set[bytes] = set()
    name = b""
    for line in head.split(b"\r\n")[1:]:
        if line.startswith(_FOLDED):
            if name in _FRAMING:
                raise HttpError(f"the header {name.decode()} goes on in another line")
            continue
        name = line.partition(b":")[0].lower()
        if name == b"content-length" and not line.partition(b":")[2].strip(b" \t").isdigit():
            raise HttpError("Content-Length is no number")
        if name in _ONCE and name in seen:
            raise HttpError(f"the header {name.decode()} is there twice")
        seen.add(name)
    if seen.issuperset(_FRAMING):
        raise HttpError("a message has both Content-Length and Transfer-Encoding")


def _check(head: h11.Request | h11.Response, most: int) -> None:
    """What h11 takes and others may cut otherwise, and what would be too long, before its sender goes on."""
    if head.http_version not in (b"1.0", b"1.1"):
        raise HttpError("only HTTP/1.0 and HTTP/1.1 are known", 505)
    if isinstance(head, h11.Request) and head.method == b"CONNECT":
        raise HttpError("CONNECT is not for this place", 405)
    for name, value in head.headers:
        if name == b"content-length" and isinstance(head, h11.Request) and int(value) > most:
            raise HttpError(f"a message is longer than {most} octets", 413)
        if name == b"transfer-encoding" and (value.lower() != b"chunked" or head.http_version == b"1.0"):
            raise HttpError("Transfer-Encoding is none that all know")
