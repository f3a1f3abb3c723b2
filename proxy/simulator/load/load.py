"""A client that sends as fast, or as steadily, as it is told to, and measures every answer."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from random import Random

import trio

from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.frames import Frames
from proxy.smpp.pdu import RESPONSE

READ_SIZE = 1 << 18
ANSWER_TIMEOUT = 10.0
"""Seconds that the last answers are waited for."""


class LoadError(Exception):
    """The load could not be run; the message says why."""


@dataclass(frozen=True)
class Plan:
    """What to send: ``rate`` messages a second over all binds (0: as many as the windows let), for ``seconds``.

    ``opted_out`` are pairs that may not be sent to, and ``share`` how much of the traffic goes to them.
    """

    host: str
    port: int
    binds: int = 1
    window: int = 10
    rate: float = 0.0
    seconds: float = 10.0
    system_id: str = "load"
    password: str = "load"
    business: str = "15551230001"
    text: bytes = b"This is a message of an ordinary length, to see how many of them go through in a second."
    opted_out: Sequence[tuple[str, str]] = ()
    share: float = 0.0


@dataclass
class Measured:
    """The result of a load. ``latencies`` are in seconds, one for each answer."""

    sent: int = 0
    answered: int = 0
    closed: int = 0
    """Connections that the other side closed before we were done."""
    delivered: int = 0
    """Messages that the other side delivered to us meanwhile."""
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: array[float] = field(default_factory=lambda: array("d"))

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answered / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers did not exceed; 0 without any."""
        if not self.latencies:
            return 0.0
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]

    def histogram(self) -> list[tuple[float, int]]:
        """Upper bounds in seconds, each twice the one before, and how many answers took so long."""
        counts: Counter[int] = Counter(math.ceil(math.log2(max(latency, 1e-6) * 1e6)) for latency in self.latencies)
        if not counts:
            return []
        return [(2.0**step / 1e6, counts[step]) for step in range(min(counts), max(counts) + 1)]


async def run(plan: Plan, on_progress: Callable[[Measured], None] = lambda _: None) -> Measured:
    """Bind, send for as long as planned, wait for the last answers; raises ``LoadError``."""
    measured = Measured()
    senders: list[_Sender] = []
    try:
        while len(senders) < plan.binds:
            senders.append(await _Sender.bound(plan, len(senders), measured))
        begun = trio.current_time()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_tell, measured, begun, on_progress)
            async with trio.open_nursery() as working:
                for sender in senders:
                    working.start_soon(sender.run, begun + plan.seconds)
            nursery.cancel_scope.cancel()
        measured.seconds = trio.current_time() - begun
    finally:
        with trio.CancelScope(shield=True):
            for sender in senders:
                await trio.aclose_forcefully(sender.stream)
    on_progress(measured)
    return measured


async def _tell(measured: Measured, begun: float, on_progress: Callable[[Measured], None]) -> None:
    while True:
        await trio.sleep(0.25)
        measured.seconds = trio.current_time() - begun
        on_progress(measured)


class _Sender:
    """One bind, with its window of requests that are not answered yet."""

    def __init__(self, plan: Plan, number: int, measured: Measured, stream: trio.SocketStream) -> None:
        self.stream = stream
        self._plan = plan
        self._measured = measured
        self._sent_at: dict[int, float] = {}
        self._room = trio.Event()
        self._done = trio.Event()
        self._frames = Frames()
        self._sending = trio.Lock()
        self._over = trio.CancelScope()
        self._submits = _submits(plan, number)

    @classmethod
    async def bound(cls, plan: Plan, number: int, measured: Measured) -> _Sender:
        """Connect and bind; raises ``LoadError``."""
        try:
            sender = cls(plan, number, measured, await trio.open_tcp_stream(plan.host, plan.port))
        except OSError as error:
            raise LoadError(f"{plan.host}:{plan.port}: {error}") from error
        try:
            await sender._bind(number)
        except BaseException:
            await trio.aclose_forcefully(sender.stream)
            raise
        return sender

    async def _bind(self, number: int) -> None:
        plan = self._plan
        given = {"system_id": plan.system_id, "password": plan.password, "interface_version": 0x34}
        await self.stream.send_all(pdus.write("bind_transceiver", given))
        ends: list[int] = []
        buffer = b""
        while not ends:
            data = await self.stream.receive_some(4096)
            if not data:
                raise LoadError(f"bind {number + 1} of {plan.binds}: the connection was closed")
            buffer, ends, _ = self._frames.feed(data)
        status = pdu.HEADER.unpack_from(buffer)[2]
        if status:
            raise LoadError(f"bind {number + 1} of {plan.binds} was answered {pdu.status_name(status)}")

    async def run(self, until: float) -> None:
        """Send until this time of trio's clock, then wait for the answers that are missing."""
        async with trio.open_nursery() as nursery:
            self._over = nursery.cancel_scope
            nursery.start_soon(self._receive)
            await self._send(until)
            with trio.move_on_after(ANSWER_TIMEOUT):
                await self._drained()
            nursery.cancel_scope.cancel()

    async def _send(self, until: float) -> None:
        interval = self._plan.binds / self._plan.rate if self._plan.rate else 0.0
        due = trio.current_time()
        sequence = 1
        while (now := trio.current_time()) < until:
            room = self._plan.window - len(self._sent_at)
            if room <= 0:
                self._room = trio.Event()
                with trio.move_on_at(until):
                    await self._room.wait()
                continue
            if interval:
                room = min(room, int((now - due) / interval) + 1)
                if room <= 0:
                    await trio.sleep(due - now)
                    continue
                due += room * interval
            batch = []
            for _ in range(room):
                sequence += 1
                self._sent_at[sequence] = now
                head, body = next(self._submits)
                batch.append(head + sequence.to_bytes(4, "big") + body)
            self._measured.sent += room
            try:
                await self._say(b"".join(batch))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                await trio.sleep_forever()  # the reading side sees it too

    async def _receive(self) -> None:
        measured, sent_at = self._measured, self._sent_at
        unpack = pdu.HEADER.unpack_from
        while True:
            try:
                data = await self.stream.receive_some(READ_SIZE)
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                data = b""
            if not data:
                self._measured.closed += 1
                self._over.cancel()
                return
            now = trio.current_time()
            buffer, ends, _ = self._frames.feed(data)
            start, answers = 0, []
            for end in ends:
                _, command, status, sequence = unpack(buffer, start)
                if command & RESPONSE:
                    at = sent_at.pop(sequence, None)
                    if at is not None:
                        measured.answered += 1
                        measured.latencies.append(now - at)
                        measured.statuses[pdu.status_name(status)] += 1
                elif command not in pdu.UNANSWERED:
                    measured.delivered += command == pdu.DELIVER_SM
                    body = b"\0" if command in (pdu.DELIVER_SM, pdu.DATA_SM) else b""
                    answers.append(pdu.HEADER.pack(16 + len(body), command | RESPONSE, 0, sequence) + body)
                start = end
            self._room.set()
            if not sent_at:
                self._done.set()
            if answers:
                await self._say(b"".join(answers))

    async def _say(self, data: bytes) -> None:
        async with self._sending:
            await self.stream.send_all(data)

    async def _drained(self) -> None:
        while self._sent_at:
            self._done = trio.Event()
            await self._done.wait()


def _submits(plan: Plan, number: int) -> Iterator[tuple[bytes, bytes]]:
    """submit_sms without end, in two halves around their sequence_number; no two consumers are the same.

    The consumers of all binds are spread over ten thousand million numbers, so that no cache has them.
    """
    draw = Random(number)
    out = cycle(plan.opted_out)
    n = number
    while True:
        n += plan.binds
        pair = (plan.business, f"1{2_000_000_000 + n * 6_700_417 % 7_999_999_993}")
        if plan.opted_out and draw.random() < plan.share:
            pair = next(out)
        business, consumer = pair
        given = {
            "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": business,
            "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": consumer, "short_message": plan.text,
        }  # fmt: skip
        frame = pdus.write("submit_sm", given)
        yield frame[:12], frame[16:]
