"""What sessions show of their PDUs, as they pass, to whoever captures."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

from proxy.consent.numbers import Pair
from proxy.net.captures import Capture, Captures
from proxy.net.pcapng import Interface
from proxy.net.sides import Side
from proxy.relay.outlet import Outlet
from proxy.relay.session.session import Session
from proxy.smpp import pdu
from proxy.smpp.blank import blanked
from proxy.smpp.pdu import RESPONSE, PduError

_MESSAGES = frozenset((pdu.SUBMIT_SM, pdu.DATA_SM, pdu.DELIVER_SM))

MOST_AWAITED = 10_000
"""Requests of a pair whose answers are waited for."""


class Watched(Protocol):
    """A conversation, as far as it is captured."""

    @property
    def session(self) -> Session:
        """Its session."""

    @property
    def outlets(self) -> Sequence[Outlet]:
        """The ways out to its sides."""


def watch(captures: Captures, conversation: Watched) -> None:
    """Show what passes in this conversation to those who capture, or to nobody any more if nobody does."""
    if not captures.wanted():
        conversation.session.tap = None
        for outlet in conversation.outlets:
            outlet.tap = None
    elif conversation.session.tap is None:
        with suppress(OSError):  # it is gone
            tap = Tap(captures, conversation)
            conversation.session.tap = tap.came
            for side in Side:
                conversation.outlets[side].tap = partial(tap.went, side)


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
            is_wanted = wanted.is_of_session(origin.session, origin.system_id)
            if is_wanted or (is_wanted is None and self._is_of_pair(wanted, side, frame, is_in=is_in)):
                self._captures.take(wanted.number, origin.session, *self._ways[side, is_in], blanked(frame))

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
