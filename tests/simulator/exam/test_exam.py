"""The exam: a client that does everything right passes, one that does everything wrong fails by name."""

from __future__ import annotations

import itertools
import socket
from collections import deque

import pytest
import trio

from proxy.simulator.exam.exam import Exam, Result, name_of
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.frames import Frames
from proxy.smpp.pdu import RESPONSE

PATIENCE = 3.0
WINDOW = 3


class Good:
    """A client with a window, a timeout for answers, retries, and manners."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.again: deque[bytes] = deque()
        self.count = 0
        self.pause = 0.05

    async def run(self) -> None:
        while True:
            try:
                stream = await trio.open_tcp_stream(*self.address)
                async with stream:
                    await self.converse(stream)
            except* (OSError, trio.BrokenResourceError):
                pass
            await trio.sleep(0.5)

    async def converse(self, stream: trio.SocketStream) -> None:
        await stream.send_all(pdus.write("bind_transceiver", {"system_id": "good", "interface_version": 0x34}))
        frames, waiting = Frames(), dict[int, tuple[bytes, float]]()
        lock, bound = trio.Lock(), trio.Event()

        async def say(data: bytes) -> None:
            async with lock:
                await stream.send_all(data)

        async def hear() -> None:
            while data := await stream.receive_some(4096):
                buffer, ends, _ = frames.feed(data)
                start = 0
                for end in ends:
                    await take(buffer[start:end])
                    start = end
                if frames.fault:
                    break
            nursery.cancel_scope.cancel()

        async def take(frame: bytes) -> None:
            _, command, status, sequence = pdu.HEADER.unpack_from(frame)
            if command == pdu.BIND_TRANSCEIVER | RESPONSE:
                if status:
                    nursery.cancel_scope.cancel()
                bound.set()
            elif command == pdu.SUBMIT_SM | RESPONSE:
                sent = waiting.pop(sequence, None)
                if sent is not None and status:
                    self.again.append(sent[0])
                    self.pause = 2.0
                elif sent is not None:
                    self.pause = 0.05
            elif command & RESPONSE or command in pdu.UNANSWERED:
                pass
            elif pdu.command_name(command) == "unknown":
                await say(pdu.header_only(pdu.GENERIC_NACK, 3, sequence))
            else:
                body = b"\0" if command == pdu.DELIVER_SM else b""
                await say(pdu.HEADER.pack(16 + len(body), command | RESPONSE, 0, sequence) + body)

        async def send() -> None:
            await bound.wait()
            sequence = 1
            asked_at = trio.current_time()
            while True:
                await trio.sleep(self.pause)
                now = trio.current_time()
                for lost in [n for n, (_, at) in waiting.items() if now - at > 2.5 * PATIENCE]:
                    self.again.append(waiting.pop(lost)[0])
                if now - asked_at > 1:
                    asked_at, sequence = now, sequence + 1
                    await say(pdus.write("enquire_link", sequence=sequence))
                if len(waiting) < WINDOW:
                    sequence += 1
                    frame = self.again.popleft() if self.again else self.fresh()
                    waiting[sequence] = (frame, now)
                    await say(frame[:12] + sequence.to_bytes(4, "big") + frame[16:])

        async with trio.open_nursery() as nursery:
            nursery.start_soon(hear)
            nursery.start_soon(send)

    def fresh(self) -> bytes:
        self.count += 1
        given = {"source_addr": "15551230001", "destination_addr": "15559870001", "short_message": b"%d" % self.count}
        return pdus.write("submit_sm", given)


class Bad:
    """A client that sends without looking, answers nothing, and connects again at once."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address

    async def run(self) -> None:
        while True:
            try:
                async with await trio.open_tcp_stream(*self.address) as stream:
                    await stream.send_all(pdus.write("bind_transceiver", {"system_id": "bad"}))
                    await self.converse(stream)
            except (OSError, trio.BrokenResourceError):
                pass
            await trio.sleep(0.02)

    async def converse(self, stream: trio.SocketStream) -> None:
        buffer = b""
        sequence = 1
        while True:
            with trio.move_on_after(0.05):
                data = await stream.receive_some(4096)
                if not data:
                    return
                buffer += data
                if pdu.HEADER.size <= len(buffer) and b"vendor" in buffer:
                    return  # what it does not know ends it
                if buffer[4:8] == b"\x80\0\0\x09" and any(buffer[8:12]):
                    return
                buffer = buffer[-200:]
            sequence += 1
            given = {"source_addr": "1555", "destination_addr": "1556", "short_message": b"%d" % sequence}
            await stream.send_all(pdus.write("submit_sm", given, sequence=sequence))


async def examined(client: type[Good] | type[Bad]) -> dict[str, Result]:
    smsc = Smsc()
    async with trio.open_nursery() as nursery:
        address = await nursery.start(smsc.serve, "127.0.0.1", 0)
        nursery.start_soon(client(address).run)
        results = await Exam(smsc, PATIENCE).run()
        nursery.cancel_scope.cancel()
    return {result.name: result for result in results}


async def test_a_client_that_does_all_right_passes() -> None:
    results = await examined(Good)
    verdicts = {name: result.verdict for name, result in results.items()}
    assert len(verdicts) == 20
    assert verdicts == dict.fromkeys(verdicts, "pass"), [r for r in results.values() if r.verdict != "pass"]


async def test_a_client_that_does_all_wrong_fails_by_name() -> None:
    results = await examined(Bad)
    failed = {name for name, result in results.items() if result.verdict == "fail"}
    assert failed >= {
        "Answers enquire_link",
        "Answers deliver_sm",
        "Goes on after an answer with a TLV that nobody knows",
        "Stops sending when nothing is answered",
        "Slows down when it is throttled",
        "Sends throttled messages again",
        "Answers unbind",
        "Waits between binds that are refused",
    }
    assert results["Binds and sends messages"].verdict == "pass"
    for name in failed:
        assert results[name].detail
    assert any("<- enquire_link #" in line for line in results["Answers enquire_link"].evidence)


async def test_nobody_binds_and_nothing_is_claimed() -> None:
    smsc = Smsc()
    async with trio.open_nursery() as nursery:
        host, port = await nursery.start(smsc.serve, "127.0.0.1", 0)
        with trio.move_on_after(0.2) as scope:
            socket.create_connection((host, port)).close()
            await Exam(smsc, PATIENCE).run()
        assert scope.cancelled_caught
        nursery.cancel_scope.cancel()


def test_only_what_has_these_words_is_examined() -> None:
    names = [name_of(check) for check in Exam(Smsc(), only=["Payload", "unbind"]).checks()]
    assert names == [
        "Binds and sends messages",
        "Answers a deliver_sm with its text in message_payload",
        "Answers unbind",
    ]
    with pytest.raises(LookupError, match=r"(?s)nothing with teleport.*Answers enquire_link"):
        Exam(Smsc(), only=["teleport"]).checks()


class Deaf(Good):
    """A client that sends on, and has stopped reading since an alert_notification."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address)
        self.hears = True

    async def converse(self, stream: trio.SocketStream) -> None:
        await stream.send_all(pdus.write("bind_transceiver", {"system_id": "deaf", "interface_version": 0x34}))
        frames = Frames()

        async def hear() -> None:
            while self.hears and (data := await stream.receive_some(4096)):
                buffer, ends, commands = frames.feed(data)
                for start, end, command in zip([0, *ends], ends, commands, strict=False):
                    if command == pdu.COMMANDS["alert_notification"]:
                        self.hears = False
                        return
                    if not command & RESPONSE:
                        sequence = pdu.HEADER.unpack_from(buffer, start)[3]
                        await stream.send_all(pdu.header_only(command | RESPONSE, 0, sequence))
                    assert end <= len(buffer)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(hear)
            for number in itertools.count(2):
                fields = {"source_addr": "1", "destination_addr": "2", "short_message": b"%d" % number}
                await stream.send_all(pdus.write("submit_sm", fields, sequence=number))
                await trio.sleep(0.05)


async def test_a_client_that_reads_nothing_more_does_not_go_on(nursery: trio.Nursery) -> None:
    smsc = Smsc()
    address = await nursery.start(smsc.serve, "127.0.0.1", 0)
    nursery.start_soon(Deaf(address).run)
    results = await Exam(smsc, PATIENCE, only=["enquire_link", "alert_notification"]).run()
    nursery.cancel_scope.cancel()
    verdicts = {result.name: result for result in results}
    assert verdicts["Answers enquire_link"].verdict == "pass"
    alert = verdicts["Goes on after an alert_notification"]
    assert (alert.verdict, "reads nothing more" in alert.detail) == ("fail", True)
    assert "alert_notification" in alert.evidence[0], "the offence itself"


class Plain:
    """A client that asks for receipts, and sends an enquire_link when nothing has come for a second."""

    def __init__(self, address: tuple[str, int], *, hangs_up: bool = False) -> None:
        self.address = address
        self.hangs_up = hangs_up
        """Whether it ends its connection at an answer that is no ESME_ROK."""

    async def run(self) -> None:
        while True:
            try:
                async with await trio.open_tcp_stream(*self.address) as stream, trio.open_nursery() as nursery:
                    await stream.send_all(pdus.write("bind_transceiver", {"system_id": "plain"}))
                    nursery.start_soon(self.send, stream)
                    await self.hear(stream)
                    nursery.cancel_scope.cancel()
            except* (OSError, trio.BrokenResourceError):
                pass
            await trio.sleep(0.5)

    async def send(self, stream: trio.SocketStream) -> None:
        for number in itertools.count(2):
            fields = {"source_addr": "1", "destination_addr": "2", "short_message": b"%d" % number}
            await stream.send_all(pdus.write("submit_sm", fields | {"registered_delivery": 1}, sequence=number))
            await trio.sleep(0.1)

    async def hear(self, stream: trio.SocketStream) -> None:
        frames = Frames()
        while True:
            data = b""
            with trio.move_on_after(1.0) as idle:
                data = await stream.receive_some(4096)
            if idle.cancelled_caught:
                await stream.send_all(pdus.write("enquire_link", sequence=1_000_000))
                continue
            if not data:
                return
            buffer, ends, commands = frames.feed(data)
            for start, command in zip([0, *ends], commands, strict=False):
                _, _, status, sequence = pdu.HEADER.unpack_from(buffer, start)
                if status and self.hangs_up:
                    return
                if not command & RESPONSE:
                    body = b"\0" if command == pdu.DELIVER_SM else b""
                    await stream.send_all(pdu.HEADER.pack(16 + len(body), command | RESPONSE, 0, sequence) + body)


@pytest.mark.parametrize(
    ("hangs_up", "name", "verdict", "said"),
    [
        (False, "Notices a connection on which nothing is answered any more", "pass", "enquire_link"),
        (True, "Slows down when it is throttled", "fail", "ended the connection at ESME_RTHROTTLED"),
    ],
)
async def test_a_verdict_does_not_depend_on_receipts_or_on_hanging_up(
    hangs_up: bool, name: str, verdict: str, said: str, nursery: trio.Nursery
) -> None:
    smsc = Smsc()
    address = await nursery.start(smsc.serve, "127.0.0.1", 0)
    nursery.start_soon(Plain(address, hangs_up=hangs_up).run)
    *_, result = await Exam(smsc, PATIENCE, only=[name]).run()
    nursery.cancel_scope.cancel()
    assert (result.name, result.verdict) == (name, verdict)
    assert said in result.detail
