"""What conversations show of their messages, as they pass, to whoever captures."""

from __future__ import annotations

from contextlib import suppress

from proxy.consent.numbers import Ends, Pair
from proxy.mm7.blank import blanked
from proxy.mm7.http import HttpError, HttpReader
from proxy.mm7.message import Mm7Error, read_mm7
from proxy.mms.conversation import MmsConversation
from proxy.net.captures import Captures
from proxy.net.endpoints import Endpoint
from proxy.net.pcapng import Interface
from proxy.net.sides import Side
from proxy.net.tls import Stream, socket_of


def watch(captures: Captures, conversation: MmsConversation) -> None:
    """Show what passes in this conversation to those who capture, or to nobody any more if nobody does."""
    if not captures.wanted():
        conversation.tap = None
    elif conversation.tap is None:
        conversation.tap = _Tap(captures, conversation).show


class _Tap:
    def __init__(self, captures: Captures, conversation: MmsConversation) -> None:
        self._captures = captures
        self._conversation = conversation
        self._awaited: set[int] = set()
        """The captures of a pair that want the answer to the request that goes on now."""

    def show(self, side: Side, octets: bytes, came: bool) -> None:
        conversation = self._conversation
        origin = conversation.exchange.origin
        stream = conversation.client if side is conversation.asker else conversation.onward.stream
        if stream is None:
            return
        is_request = came is (side is conversation.asker)
        with suppress(OSError):  # it is gone
            ours, theirs = _addresses(stream)
            interface = Interface.PLATFORM if side is Side.ESME else Interface.CARRIER
            way = (theirs, ours) if came else (ours, theirs)
            for wanted in self._captures.wanted():
                is_wanted = wanted.is_of_session(origin.session, origin.system_id)
                if is_wanted is None:
                    pair = Pair(wanted.business, wanted.consumer)
                    is_wanted = self._is_of_pair(wanted.number, pair, octets, is_request=is_request)
                if is_wanted:
                    self._captures.take(wanted.number, origin.session, interface, *way, blanked(octets), b"http")

    def _is_of_pair(self, number: int, pair: Pair, octets: bytes, *, is_request: bool) -> bool:
        """A message between the two, or its answer, which is the next one that goes the other way."""
        if not is_request:
            return number in self._awaited
        self._awaited.discard(number)
        dialect = self._conversation.exchange.dialect
        with suppress(HttpError, Mm7Error):
            request = HttpReader().feed(octets)
            message = read_mm7(request) if request else None
            for envelope in message.envelopes if message else ():
                some, others = (tuple(map(dialect.spelling, each)) for each in (envelope.senders, envelope.recipients))
                businesses = (*some, *dialect.business(envelope, ()))
                found = [*((a, b) for a in businesses for b in others), *((b, a) for a in some for b in others)]
                if any(pair in Ends(business, consumer).pairs for business, consumer in found):
                    self._awaited.add(number)
        return number in self._awaited


def _addresses(stream: Stream) -> tuple[Endpoint, Endpoint]:
    """Ours and theirs; raises ``OSError`` for a connection that is gone."""
    sock = socket_of(stream).socket
    return Endpoint(*sock.getsockname()[:2]), Endpoint(*sock.getpeername()[:2])
