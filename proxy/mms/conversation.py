"""Two connections and an exchange: a request is read whole, judged, passed on as it came, and its answer brought back.

One request at a time, in step: the connection to the other side is used for this client alone. A client is answered
before its connection is closed, whatever happened to the other one.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import trio

from proxy.consent.wishes import Made, NotRecorded, Wish
from proxy.mm7.answers import CONTINUE, over_http
from proxy.mm7.http import HttpError, HttpMessage
from proxy.mms.actions import Answer, End, EndedBy, Fail, Pass, Record
from proxy.mms.asking import Asking
from proxy.mms.deliveries import stops_of
from proxy.mms.exchange import Exchange
from proxy.mms.inlet import Inlet, first_of
from proxy.mms.means import MmsMeans
from proxy.mms.onward import Onward
from proxy.mms.report import Report
from proxy.mms.watching import About, Watcher
from proxy.net.carriers import Chosen, NoCarrier
from proxy.net.sides import Side
from proxy.net.sockets import Gone, or_gone
from proxy.net.timeouts import Limits
from proxy.net.tls import Stream, close_side


class _Over(Exception):
    """It ends now."""

    def __init__(self, end: End) -> None:
        super().__init__(end.reason)
        self.end = end


class MmsConversation:
    """One client's connection, and the one to the other side that is made for it."""

    def __init__(
        self,
        exchange: Exchange,
        client: Stream,
        chosen: Chosen | None,
        connect: Callable[[], Awaitable[Chosen]],
        means: MmsMeans,
        limits: Limits,
        report: Report,
        about: About,
        watcher: Watcher,
    ) -> None:
        """``chosen`` and ``connect``: see ``Onward``."""
        self.exchange = exchange
        self.asker = exchange.asker
        self.limits = limits
        self.about = about
        self.client = client
        self.begun_at = self._answered_at = trio.current_time()
        self.asked_at = 0.0
        """When a request was passed on that has no answer yet, 0 for none."""
        self.is_silent = False
        """Whether it was noticed that this one has been waited for too long."""
        self.tap: Callable[[Side, bytes, bool], None] | None = None
        """Shown each whole message, if somebody captures them: the side, the octets, whether they came from it."""
        self._means = means
        self._report = report
        self._watcher = watcher
        self._from_client = Inlet(client)
        self._share = means.budget.share()
        self._asking = Asking(self._from_client, self._share, self._let_go_on)
        self.onward = Onward(chosen, connect, self._share)
        self._scope = trio.CancelScope()
        self._draining = trio.Event()
        self._ended = trio.Event()
        self._end = End("internal", "")
        self._is_orderly = True
        self._is_owed = False
        """Whether a request is here of which its client has been told nothing."""

    @property
    def active_at(self) -> float:
        """When something came last, on trio's clock."""
        return max(self._answered_at, self._asking.heard_at)

    async def run(self) -> End:
        """Relay until one side has closed, or it is ended; both connections are closed then."""
        try:
            with self._scope:
                self._end = await self._relay()
        finally:
            self._share.hold(0)
            with trio.CancelScope(shield=True):
                await self._pay()
                self._is_orderly = self._is_orderly or await self._from_client.closes(self.limits.close_timeout)
                self._remember(self.exchange.left_over(is_orderly=self._is_orderly))
                await self._close()
            self._ended.set()
        return self._end

    def end(self, ended_by: EndedBy, reason: str) -> None:
        """End it from outside, if it has not ended by itself."""
        if not self._scope.cancel_called:
            self._end = End(ended_by, reason)
            self._scope.cancel()

    async def drain(self) -> None:
        """End it when no request is being answered, at the latest after the limits allow."""
        self.exchange.drain()
        self._draining.set()
        with trio.move_on_after(self.limits.drain_timeout + self.limits.close_timeout):
            await self._ended.wait()
        self.end("drain", "a request was not answered in time")
        await self._ended.wait()

    def _by(self, *, client: bool) -> EndedBy:
        side = self.asker if client else self.asker.other
        return "esme" if side is Side.ESME else "smsc"

    async def _relay(self) -> End:
        try:
            while True:
                request = await self._next_request()
                self._is_owed = True
                self._share.hold(len(request.octets))
                is_last = await self._serve(request)
                self._share.hold(0)
                if is_last is not None:
                    return is_last
        except _Over as over:
            return over.end
        except Gone as error:
            self._is_orderly = False
            return End(self._by(client=True), f"its connection is gone: {error}")

    # A request.

    async def _next_request(self) -> HttpMessage:
        """The next request, whole; raises ``_Over`` if none comes."""
        if not self._from_client.has_more:
            await self._wait_for_one()
        try:
            request = await self._asking.next(self.exchange.dialect.max_message, self.limits.bind_timeout)
        except HttpError as error:
            self.exchange.unreadable(str(error))
            self._note()
            await self._tell(over_http(error.status, f"{error}\r\n".encode(), None, kind="text/plain"))
            raise _Over(End("frame_error", str(error))) from error
        self._is_orderly = True
        if request is None:
            raise _Over(End(self._by(client=True), "it closed the connection"))
        return request

    async def _wait_for_one(self) -> None:
        """Wait between two requests; raises ``_Over`` if the other side closes then, or the conversation drains."""
        await first_of(self._from_client.look, self._draining.wait, self.onward.look)
        if self._from_client.has_more:
            return
        if self._draining.is_set():
            raise _Over(End("drain", "no request was being answered"))
        if self.onward.is_left:
            raise _Over(End(self._by(client=False), "the other side closed the connection"))

    async def _serve(self, request: HttpMessage) -> End | None:
        """Judge a request, pass it on or not, and answer it; the end, if this was the last."""
        self._show(self.asker, request.octets, came=True)
        if not (self.exchange.is_known(request, trio.current_time()) or self._watcher.attempted()):
            await self._tell(over_http(429, b"", request, kind="text/plain", retry_after=60, is_last=True))
            return End("limit", "limits.binds_per_minute")
        answer = await self._judge(request, is_ready=await self._is_ready())
        if answer is None:
            response = await self._pass_on(request)
            if isinstance(response, HttpMessage):
                await self._tell(response.octets)
                if request.is_last or response.is_last:
                    return End(self._by(client=request.is_last), "it asked for the connection to be closed")
                return None
            answer = response
        self._note()
        await self._tell(answer.octets)
        if answer.is_last:
            return End(self._by(client=True), "the connection is closed behind an answer of ours")
        return None

    async def _is_ready(self) -> bool:
        """Whether there is a connection to the other side, or can be had."""
        try:
            await self.onward.be_ready()
        except NoCarrier as error:
            self.exchange.no_answer(str(error))
            return False
        return True

    async def _judge(self, request: HttpMessage, *, is_ready: bool) -> Answer | None:
        """What the client is answered by us; None if the request passes. What it changes is on disk then."""
        begun = time.perf_counter()
        with self._means.moment as consent:
            verdict = self.exchange.judge(request, consent, trio.current_time())
        self._means.on_decision(time.perf_counter() - begun)
        self._note()
        if not is_ready and not isinstance(verdict, Answer):
            stops = stops_of(verdict.wishes) if isinstance(verdict, Record) else ()
            verdict = Fail("no_carrier", stops)
        if isinstance(verdict, Record):
            made = await self._record(verdict.wishes)
            verdict = Fail("not_recorded") if made is None else self.exchange.recorded(made)
        if isinstance(verdict, Fail):
            if verdict.stops:
                await self._record(verdict.stops)
            return self._give_up(verdict.reason)
        assert not isinstance(verdict, Record)
        return None if isinstance(verdict, Pass) else verdict

    async def _record(self, wishes: Sequence[Wish]) -> Made | None:
        """Have these made durable; the entries that each made, None if that can't be done."""
        try:
            made = await self._means.commits.commit(wishes)
        except NotRecorded as error:
            self._report.not_recorded(self.exchange.origin, str(error))
            return None
        self._report.changed(self.exchange.origin, [entry for entries in made for entry in entries])
        return made

    def _give_up(self, reason: str) -> Answer:
        """The request gets no answer from the other side: what we say."""
        with self._means.moment as consent:
            answer, wishes = self.exchange.unanswered(consent, reason)
        self._remember(wishes)
        return answer

    async def _pass_on(self, request: HttpMessage) -> HttpMessage | Answer:
        """Send the request on, as it came, and wait for its answer; ours, if there is none that can be passed."""
        self._show(self.asker.other, request.octets, came=False)
        self.asked_at = begun = trio.current_time()
        try:
            response = await self.onward.exchange(request, self.exchange.dialect.max_message, self._watch_client)
        except (Gone, HttpError) as error:
            self.exchange.no_answer(str(error))
            return self._give_up("no_answer")
        finally:
            self.asked_at = 0.0
        self._answered_at = trio.current_time()
        self._show(self.asker.other, response.octets, came=True)
        with self._means.moment as consent:
            wishes = self.exchange.answered(response, consent, self._answered_at)
        self._remember(wishes)
        self._note()
        self.is_silent = False
        self._watcher.answered(self.onward.carrier, self.exchange.kind, self._answered_at - begun)
        if self.exchange.is_bound:
            self._watcher.taken()
        return response

    async def _watch_client(self) -> None:
        """Don't wait for ever for an answer that nobody waits for: a client that has closed may still read."""
        with suppress(Gone), or_gone():
            await self._from_client.look()
            if not self._from_client.is_over:
                return
        await trio.sleep(max(self.limits.drain_timeout, self.limits.close_timeout))
        self.end(self._by(client=True), "it closed the connection, and no answer came")

    async def _let_go_on(self) -> None:
        with or_gone():
            await self.client.send_all(CONTINUE)

    async def _pay(self) -> None:
        """A client whose request is ended from outside is told so, and not only closed."""
        if self._is_owed:
            with trio.move_on_after(self.limits.close_timeout), suppress(Gone):
                await self._tell(self._give_up("no_answer").octets)

    async def _tell(self, octets: bytes) -> None:
        self._show(self.asker, octets, came=False)
        self._is_orderly = self._is_owed = False  # until it says more, or closes: then it has read this
        with or_gone():
            await self.client.send_all(octets)

    def _note(self) -> None:
        self._report.notes(self.exchange.origin, self.exchange.take_notes())

    def _remember(self, wishes: Sequence[Wish]) -> None:
        if wishes:
            self._means.commits.remember(wishes)

    def _show(self, side: Side, octets: bytes, *, came: bool) -> None:
        if self.tap is not None:
            self.tap(side, octets, came)

    async def _close(self) -> None:
        within = self.limits.close_timeout
        async with trio.open_nursery() as nursery:
            nursery.start_soon(close_side, self.client, within)
            if self.onward.stream is not None:
                nursery.start_soon(close_side, self.onward.stream, within)
