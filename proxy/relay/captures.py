"""PDUs of some sessions, or of some pair, copied as they pass: for whoever has to see what went over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from proxy.consent.numbers import Pair
from proxy.net.endpoints import Endpoint
from proxy.net.pcapng import Interface, record
from proxy.relay.outlet import Outlet
from proxy.relay.session.session import Session
from proxy.relay.session.sides import Side
from proxy.smpp import pdu
from proxy.smpp.blank import blanked
from proxy.smpp.pdu import RESPONSE, PduError

_MESSAGES = frozenset((pdu.SUBMIT_SM, pdu.DATA_SM, pdu.DELIVER_SM))

MOST_AWAITED = 10_000
"""Requests of a pair whose answers are waited for."""


@dataclass(frozen=True, slots=True)
class Capture:
    """What to capture: a session by its id, those of a system_id, or the messages of a pair (canonical numbers).

    ``octets`` is how much at the most, of one worker.
    """

    number: int
    session: str
    system_id: str
    business: str
    consumer: str
    octets: int


class Watched(Protocol):
    """A conversation, as far as it is captured."""

    @property
    def session(self) -> Session:
        """Its session."""

    @property
    def outlets(self) -> Sequence[Outlet]:
        """The ways out to its sides."""


class Captures:
    """The captures that go on in one worker. ``tell`` is called with a capture's number and each record, and with
    nothing when it is full. ``utc`` gives microseconds.
    """

    def __init__(self, tell: Callable[[int, bytes], None], utc: Callable[[], int]) -> None:
        self._tell = tell
        self._utc = utc
        self._wanted: dict[int, Capture] = {}
        self._left: dict[int, int] = {}

    def begin(self, wanted: Capture, conversations: Iterable[Watched]) -> None:
        """Capture this from now on, in these conversations and in those that come."""
        if wanted.number not in self._wanted:
            self._wanted[wanted.number] = wanted
            self._left[wanted.number] = wanted.octets
            for conversation in conversations:
                self.watch(conversation)

    def end(self, number: int, conversations: Iterable[Watched]) -> None:
        """Capture it no longer."""
        self._wanted.pop(number, None)
        self._left.pop(number, None)
        if not self._wanted:
            for conversation in conversations:
                conversation.session.tap = None
                for outlet in conversation.outlets:
                    outlet.tap = None

    def watch(self, conversation: Watched) -> None:
        """Copy what passes in this conversation, as far as anybody wants it."""
        if not self._wanted or conversation.session.tap is not None:
            return
        with suppress(OSError):  # it is gone
            tap = Tap(self, conversation)
            conversation.session.tap = tap.came
            for side in Side:
                conversation.outlets[side].tap = partial(tap.went, side)

    def wanted(self) -> Iterable[Capture]:
        """Those that go on."""
        return tuple(self._wanted.values())

    def take(
        self, number: int, session: str, interface: Interface, source: Endpoint, destination: Endpoint, frame: bytes
    ) -> None:
        """A PDU of this session that the capture ``number`` wants."""
        octets = record(interface, self._utc(), source, destination, blanked(frame), f"session {session}")
        self._left[number] -= len(octets)
        if self._left[number] < 0:
            self._wanted.pop(number, None)
            self._tell(number, b"")
        else:
            self._tell(number, octets)


class Tap:
    """What a session shows of its PDUs to those who capture."""

    def __init__(self, captures: Captures, conversation: Watched) -> None:
        """Raises ``OSError`` for a conversation that is over."""
        self._captures = captures
        self._session = conversation.session
        (ours, platform), (outward, carrier) = (conversation.outlets[side].addresses() for side in Side)
        self._ways = {
            (Side.ESME, True): (Interface.PLATFORM, platform, ours),
            (Side.ESME, False): (Interface.PLATFORM, ours, platform),
            (Side.SMSC, True): (Interface.CARRIER, carrier, outward),
            (Side.SMSC, False): (Interface.CARRIER, outward, carrier),
        }
        self._awaited: dict[tuple[int, Side, bool, int], None] = {}
        """Requests of pairs whose answers are wanted too: the capture, where they went, and their sequence_number."""

    def came(self, side: Side, buffer: bytes, ends: Sequence[int]) -> None:
        """Whole frames came from a side."""
        start = 0
        for end in ends:
            self._show(side, buffer[start:end], is_in=True)
            start = end

    def went(self, side: Side, data: bytes) -> None:
        """Whole frames are sent to a side."""
        start = 0
        while start + 16 <= len(data):
            end = start + int.from_bytes(data[start : start + 4], "big")
            self._show(side, data[start:end], is_in=False)
            start = end

    def _show(self, side: Side, frame: bytes, *, is_in: bool) -> None:
        origin = self._session.origin
        for wanted in self._captures.wanted():
            if wanted.session:
                is_wanted = wanted.session == origin.session
            elif wanted.system_id:
                is_wanted = wanted.system_id == origin.system_id
            else:
                is_wanted = self._is_of_pair(wanted, side, frame, is_in=is_in)
            if is_wanted:
                self._captures.take(wanted.number, origin.session, *self._ways[side, is_in], frame)

    def _is_of_pair(self, wanted: Capture, side: Side, frame: bytes, *, is_in: bool) -> bool:
        """A message between the two, or the answer to one, which goes the other way over the same connection."""
        _, command, _, sequence = pdu.HEADER.unpack_from(frame)
        if command & RESPONSE:
            asked = (wanted.number, side, not is_in, sequence)
            return self._awaited.pop(asked, ...) is None
        if command not in _MESSAGES:
            return False
        with suppress(PduError):
            source, destination, _ = pdu.read_addresses(frame, 0, len(frame))
            pair = Pair(wanted.business, wanted.consumer)
            dialect = self._session.dialect
            found = (*dialect.pairs_of_mt(source, destination), *dialect.pairs_of_mt(destination, source))
            if pair in found:
                if len(self._awaited) < MOST_AWAITED:
                    self._awaited[wanted.number, side, is_in, sequence] = None
                return True
        return False
