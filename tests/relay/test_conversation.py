"""A conversation over real sockets: order, back-pressure, commits before sends, and endings."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
import trio

from proxy.consent.entries import Entry
from proxy.consent.rules import State
from proxy.consent.wishes import Wish
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.net.sides import Side
from proxy.net.timeouts import Limits
from proxy.relay.looking_after import Patience
from proxy.relay.session.standing import OUR_SEQUENCE
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.relay.session.transcript import AB, HI, RX_T_APPN, STOP, SUBMIT
from tests.relay.sockets import PATIENCE, Ends, bind, conversation, receive_all, receive_exactly


async def ended(ends: Ends) -> str:
    with trio.fail_after(PATIENCE):
        await ends.ended.wait()
    return ends.ended_by


async def test_the_story(tmp_path: Path) -> None:
    async with conversation(tmp_path) as ends:
        await bind(ends)
        await ends.esme.send_all(SUBMIT)
        assert await receive_exactly(ends.smsc, len(SUBMIT)) == SUBMIT
        await ends.smsc.send_all(STOP)
        assert await receive_exactly(ends.esme, len(STOP)) == STOP
        await ends.esme.send_all(SUBMIT)
        assert await receive_exactly(ends.esme, 16) == pdu.refusal(pdu.SUBMIT_SM, 0x0B, 7)
        await ends.smsc.send_all(HI)
        assert await receive_exactly(ends.esme, len(HI)) == HI
        await ends.esme.send_all(SUBMIT)
        assert await receive_exactly(ends.smsc, len(SUBMIT)) == SUBMIT
        assert [entry.event.state for entry in ends.reports.entries] == [State.OPTED_OUT, State.OPTED_IN]


async def test_the_change_is_on_disk_when_the_stop_arrives(tmp_path: Path) -> None:
    """Promise 3: what the commit made is there before any octet of the PDU that caused it has left."""
    order: list[str] = []

    class Watched(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            entries = super().commit(wishes)
            order.append("on disk")
            return entries

    async with conversation(tmp_path, ledger_type=Watched) as ends:
        await bind(ends)
        await ends.smsc.send_all(STOP)
        assert await receive_exactly(ends.esme, 1)
        order.append("passed on")
        assert order == ["on disk", "passed on"]
        with ends.ledger.reader() as consent:
            assert consent.state(AB) is State.OPTED_OUT


async def test_a_stop_that_can_not_be_written_is_turned_back(tmp_path: Path) -> None:
    class Full(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            raise LedgerError("no space left on device")

    async with conversation(tmp_path, ledger_type=Full) as ends:
        await bind(ends)
        await ends.smsc.send_all(STOP + write.pdu(pdu.ENQUIRE_LINK))
        assert await receive_exactly(ends.smsc, 16) == pdu.refusal(pdu.DELIVER_SM, RX_T_APPN, 3)
        assert await receive_exactly(ends.esme, 16) == write.pdu(pdu.ENQUIRE_LINK)
        assert ends.reports.failures == ["no space left on device"]


async def test_unbind_and_fin_at_once_still_get_their_answer(tmp_path: Path) -> None:
    async with conversation(tmp_path) as ends:
        await bind(ends)
        await ends.esme.send_all(write.pdu(pdu.UNBIND, sequence=2))
        await ends.esme.send_eof()
        assert await receive_all(ends.smsc) == write.pdu(pdu.UNBIND, sequence=2)
        answer = write.pdu(pdu.UNBIND | RESPONSE, sequence=2)
        await ends.smsc.send_all(answer)
        assert await receive_all(ends.esme) == answer
        await ends.smsc.aclose()
        assert await ended(ends) == "unbind"


@pytest.mark.parametrize("who", ["esme", "smsc"])
async def test_a_side_that_closes_closes_the_other(tmp_path: Path, who: str) -> None:
    async with conversation(tmp_path) as ends:
        await bind(ends)
        near, far = (ends.esme, ends.smsc) if who == "esme" else (ends.smsc, ends.esme)
        await near.aclose()
        assert await receive_all(far) == b""
        await far.aclose()
        assert await ended(ends) == who


async def test_a_reset_closes_the_other(tmp_path: Path) -> None:
    async with conversation(tmp_path) as ends:
        await bind(ends)
        ends.esme.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        await ends.esme.aclose()
        assert await receive_all(ends.smsc) == b""
        await ends.smsc.aclose()
        assert await ended(ends) == "esme"


async def test_garbage_gets_a_generic_nack_that_arrives(tmp_path: Path) -> None:
    """The nack is not lost to a reset, though octets we never read are still on their way to us."""
    async with conversation(tmp_path) as ends:
        with trio.fail_after(PATIENCE):
            await ends.esme.send_all(b"GET / HTTP/1.1\r\n" + bytes(100_000))
        nack = pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0)
        assert await receive_all(ends.esme) == nack
        assert await receive_all(ends.smsc) == b""
        await ends.esme.aclose()
        await ends.smsc.aclose()
        assert await ended(ends) == "frame_error"


async def test_a_platform_that_does_not_read_stops_its_smsc(tmp_path: Path) -> None:
    """Promise 6: 50,000 messages against a reader that reads nothing fill the sockets, not the memory."""
    async with conversation(tmp_path, buffer=8192) as ends:
        await bind(ends)
        message = write.deliver_sm(write.address("15559870002"), write.address("15551230001"), b"x" * 140)
        sent = 0
        total = 50_000 * len(message)

        async def deliver() -> None:
            nonlocal sent
            for _ in range(500):
                await ends.smsc.send_all(message * 100)
                sent += len(message) * 100

        async with trio.open_nursery() as nursery:
            nursery.start_soon(deliver)
            stalled = 0
            previous = -1
            while stalled < 20:  # quiet for that many turns of the loop: nothing moves any more
                await trio.testing.wait_all_tasks_blocked(0.01)
                stalled = stalled + 1 if sent == previous else 0
                previous = sent
            assert sent < 4_000_000 < total, "the SMSC was not stopped"
            received = await receive_exactly(ends.esme, total)
        assert received == message * 50_000
        assert ends.conversation.session.statistics().in_flight == (0, 50_000)


async def test_a_stalled_side_stalls_nobody_else(tmp_path: Path) -> None:
    async with conversation(tmp_path / "1", buffer=8192) as stuck, conversation(tmp_path / "2") as free:
        await bind(stuck)
        await bind(free)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(stuck.smsc.send_all, HI * 50_000)
            await trio.testing.wait_all_tasks_blocked(0.05)
            await free.smsc.send_all(HI)
            assert await receive_exactly(free.esme, len(HI)) == HI
            nursery.cancel_scope.cancel()


async def test_a_drain_answers_what_is_in_flight_then_unbinds(tmp_path: Path) -> None:
    async with conversation(tmp_path) as ends, trio.open_nursery() as nursery:
        await bind(ends)
        await ends.esme.send_all(SUBMIT)
        await receive_exactly(ends.smsc, len(SUBMIT))
        nursery.start_soon(ends.conversation.drain)
        await trio.testing.wait_all_tasks_blocked()
        answer = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7)
        await ends.smsc.send_all(answer)
        assert await receive_exactly(ends.esme, len(answer)) == answer
        for end in (ends.esme, ends.smsc):
            unbind = await receive_exactly(end, 16)
            _length, command, status, sequence = pdu.HEADER.unpack(unbind)
            assert (command, status) == (pdu.UNBIND, 0)
            await end.send_all(pdu.header_only(pdu.UNBIND | RESPONSE, 0, sequence))
        for end in (ends.esme, ends.smsc):
            assert await receive_all(end) == b""
            await end.aclose()
        assert await ended(ends) == "drain"


@pytest.mark.parametrize("deaf", Side)
async def test_a_drain_unbinds_a_side_that_reads_though_the_other_does_not(tmp_path: Path, deaf: Side) -> None:
    limits = Limits(drain_timeout=0.1, close_timeout=0.3)
    async with conversation(tmp_path, limits=limits, buffer=8192) as ends:
        await bind(ends)
        near = ends.smsc if deaf is Side.ESME else ends.esme
        flood = write.pdu(pdu.ENQUIRE_LINK, sequence=5) * 50_000
        async with trio.open_nursery() as nursery:
            nursery.start_soon(send_until_gone, near, flood)
            await trio.testing.wait_all_tasks_blocked(0.02)
            nursery.start_soon(ends.conversation.drain)
            unbind = pdu.header_only(pdu.UNBIND, 0, OUR_SEQUENCE)
            with trio.fail_after(PATIENCE):
                assert await receive_exactly(near, 16) == unbind
                await ends.ended.wait()


async def send_until_gone(stream: trio.SocketStream, octets: bytes) -> None:
    with suppress(trio.BrokenResourceError, trio.ClosedResourceError):
        await stream.send_all(octets)


async def test_a_half_closed_session_ends_when_nothing_comes_any_more(tmp_path: Path) -> None:
    """An SMSC that has answered all, and doesn't close."""
    async with conversation(tmp_path, limits=Limits(drain_timeout=60.0, close_timeout=0.05)) as ends:
        await bind(ends)
        await ends.esme.send_all(SUBMIT)
        await receive_exactly(ends.smsc, len(SUBMIT))
        await ends.esme.send_eof()
        answer = write.pdu(pdu.SUBMIT_SM | pdu.RESPONSE, b"id\0", sequence=7)
        await ends.smsc.send_all(answer + answer)
        assert await receive_exactly(ends.esme, 2 * len(answer)) == answer + answer
        assert await ended(ends) == "esme"


async def test_a_drain_of_peers_that_do_not_answer_ends_all_the_same(tmp_path: Path) -> None:
    limits = Limits(drain_timeout=0.01, close_timeout=0.01)
    async with conversation(tmp_path, limits=limits) as ends:
        await bind(ends)
        await ends.esme.send_all(SUBMIT)
        await receive_exactly(ends.smsc, len(SUBMIT))
        with trio.fail_after(PATIENCE):
            await ends.conversation.drain()
        assert await ended(ends) == "drain"


async def test_a_drain_of_one_that_is_ending_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sockets are being closed: the number of one may be somebody else's connection already."""
    written: list[bytes] = []

    def note(descriptor: int, octets: bytes) -> int:
        written.append(octets)
        return len(octets)

    async with conversation(tmp_path, limits=Limits(close_timeout=0.05)) as ends:
        await bind(ends)
        ends.conversation.end("idle", "nothing came")
        monkeypatch.setattr("proxy.relay.outlet.os.write", note)
        with trio.fail_after(PATIENCE):
            await ends.conversation.drain()
        assert await ended(ends) == "idle"
    assert written == []


async def test_one_read_leaves_in_one_send_of_the_same_octets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[int] = []

    def write_and_note(descriptor: int, octets: bytes, write_it: Callable[[int, bytes], int] = os.write) -> int:
        sent.append(len(octets))
        return write_it(descriptor, octets)

    batch = write.pdu(pdu.ENQUIRE_LINK) * 100
    async with conversation(tmp_path) as ends:
        monkeypatch.setattr("proxy.relay.outlet.os.write", write_and_note)
        ends.conversation.carry_out_at_once(ends.conversation.decide(Side.ESME, batch, trio.current_time()))
        assert await receive_exactly(ends.smsc, len(batch)) == batch
    assert sent == [len(batch)]


async def test_an_smsc_is_silent_only_if_we_listen_and_it_owes_an_answer(tmp_path: Path) -> None:
    """One that we don't read from, because its platform doesn't read, may have answered long ago."""
    async with conversation(tmp_path, buffer=8192) as ends:
        await bind(ends)
        patience, now = Patience(ends.conversation), trio.current_time()
        assert not patience.is_silent(now, 60.0)
        assert not patience.is_silent(now + 1000, 60.0), "nothing waits for an answer"
        await ends.esme.send_all(SUBMIT)
        assert await receive_exactly(ends.smsc, len(SUBMIT)) == SUBMIT
        await trio.testing.wait_all_tasks_blocked()
        assert not patience.is_silent(now + 1060, 60.0)
        assert not patience.is_silent(now + 2061, 0.0), "no limit"
        assert patience.is_silent(now + 2061, 60.0)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(ends.smsc.send_all, HI * 50_000)
            await trio.testing.wait_all_tasks_blocked(0.05)
            assert not patience.is_silent(now + 3000, 60.0)
            assert not patience.is_silent(now + 9000, 60.0)
            nursery.cancel_scope.cancel()


async def test_answers_pass_a_stop_whose_commit_takes_long(tmp_path: Path) -> None:
    """A cluster may need seconds to record it: the platform's submits go on meanwhile, and the STOP arrives behind."""
    going_on = threading.Event()

    class Slow(Ledger):
        def commit(self, wishes: Sequence[Wish]) -> list[tuple[Entry, ...]]:
            going_on.wait(PATIENCE)
            return super().commit(wishes)

    answer, link = write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7), write.pdu(pdu.ENQUIRE_LINK, sequence=9)
    async with conversation(tmp_path, ledger_type=Slow) as ends:
        await bind(ends)
        await ends.esme.send_all(SUBMIT)
        assert await receive_exactly(ends.smsc, len(SUBMIT)) == SUBMIT
        await ends.smsc.send_all(STOP + link + answer)
        assert await receive_exactly(ends.esme, len(answer)) == answer
        await ends.esme.send_all(SUBMIT)
        assert await receive_exactly(ends.smsc, len(SUBMIT)) == SUBMIT
        await ends.smsc.send_all(answer)
        assert await receive_exactly(ends.esme, len(answer)) == answer
        going_on.set()
        assert await receive_exactly(ends.esme, len(STOP + link)) == STOP + link
