"""All ready sockets in one turn: what is relayed is what the session alone says, and nobody harms another."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trio
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Origin
from proxy.ledger.ledger import Ledger
from proxy.ledger.writer import Writer
from proxy.net.sides import Side
from proxy.net.timeouts import Limits
from proxy.relay.conversation import Conversation
from proxy.relay.means import Means
from proxy.relay.session.actions import Action
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.relay.turns import Turns
from proxy.smpp import pdu, write
from tests.ledger.samples import Clock
from tests.relay.session.consents import OnDisk
from tests.relay.session.transcript import BIND, BIND_RESP, HI, STOP, SUBMIT, A, B, C, a_pdu
from tests.relay.session.transcript import conversation as transcript
from tests.relay.sockets import PATIENCE, Reports, bind, conversation, means_of, pair, receive_all, receive_exactly
from tests.smpp.cutting import chunks


class Failing(Session):
    """A session with a bug that one message brings out."""

    def receive(self, side: Side, data: bytes, consent: Consent) -> list[Action]:
        if data == HI:
            raise RuntimeError("a bug")
        return super().receive(side, data, consent)


async def talks(
    means: Means, count: int, nursery: trio.Nursery, failures: list[BaseException]
) -> list[tuple[trio.SocketStream, trio.SocketStream]]:
    """So many conversations served by the same turns: their far ends, ESME and SMSC."""
    ends = []
    for _ in range(count):
        (esme, ours), (theirs, smsc) = pair(), pair()
        session = Failing(Dialect(), Tally(), Origin("route", "session", ""))
        talk = Conversation(session, ours, theirs, means, Limits(), Reports())

        async def run(talk: Conversation = talk) -> None:
            try:
                await talk.run()
            except* RuntimeError as group:
                failures.append(group)

        nursery.start_soon(run)
        ends.append((esme, smsc))
    return ends


async def test_a_bug_in_one_session_ends_that_one_only(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        means = means_of(ledger, writer)
        failures: list[BaseException] = []
        async with trio.open_nursery() as nursery:
            nursery.start_soon(means.turns.run)
            (esme, smsc), (other_esme, other_smsc) = await talks(means, 2, nursery, failures)
            await smsc.send_all(HI)
            assert await receive_all(esme) == b""
            await other_smsc.send_all(STOP)
            assert await receive_exactly(other_esme, len(STOP)) == STOP
            with trio.fail_after(PATIENCE):
                while not failures:
                    await trio.lowlevel.checkpoint()
            nursery.cancel_scope.cancel()
        for stream in (esme, smsc, other_esme, other_smsc):
            await trio.aclose_forcefully(stream)


async def test_what_one_session_committed_holds_for_all_others(tmp_path: Path) -> None:
    """Promise 3 over sessions: who is read after the commit is decided by it, also in the same turn."""
    with Ledger(tmp_path, Clock()) as ledger, Writer(ledger, lambda _: None, time.perf_counter) as writer:
        means = means_of(ledger, writer)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(means.turns.run)
            ends = await talks(means, 20, nursery, [])
            for esme, smsc in ends:
                await esme.send_all(BIND)
                await receive_exactly(smsc, len(BIND))
                await smsc.send_all(BIND_RESP)
                await receive_exactly(esme, len(BIND_RESP))
            await ends[0][1].send_all(STOP)
            await receive_exactly(ends[0][0], len(STOP))
            for esme, _ in ends:
                await esme.send_all(SUBMIT)
            for esme, _ in ends:
                assert await receive_exactly(esme, 16) == pdu.refusal(pdu.SUBMIT_SM, 0x0B, 7)
            nursery.cancel_scope.cancel()
        for stream in (stream for both in ends for stream in both):
            await trio.aclose_forcefully(stream)


DELIVERIES = [write.deliver_sm(B, A, text, sequence=n) for n, text in enumerate((b"STOP", b"hi", b"START", b"ok"))] + [
    write.deliver_sm(C, A, b"stop", sequence=9),
    write.pdu(pdu.ENQUIRE_LINK, sequence=5),
]
ORDERLY = (pdu.UNBIND, pdu.UNBIND | pdu.RESPONSE, *pdu.BINDS, *(b | pdu.RESPONSE for b in pdu.BINDS))


def steps() -> st.SearchStrategy[list[tuple[Side, bytes]]]:
    """Who sends what; nothing that binds or unbinds, and no submit_multi, whose answers a peer would have to make."""
    from_esme = a_pdu().filter(lambda frame: pdu.HEADER.unpack_from(frame)[1] not in ORDERLY)
    return st.lists(
        st.one_of(
            st.tuples(st.just(Side.ESME), st.lists(from_esme, min_size=1, max_size=6).map(b"".join)),
            st.tuples(st.just(Side.SMSC), st.lists(st.sampled_from(DELIVERIES), min_size=1, max_size=4).map(b"".join)),
        ),
        max_size=8,
    )


async def exchange(streams: dict[Side, trio.SocketStream], side: Side, data: bytes, sent: dict[Side, bytes]) -> None:
    for piece in chunks(data, [len(data) // 3, len(data) // 2]):
        await streams[side].send_all(piece)
    for to in Side:
        assert await receive_exactly(streams[to], len(sent[to])) == sent[to]


@settings(max_examples=60, deadline=None)
@given(steps=steps())
async def test_the_turns_relay_what_the_session_says(steps: Sequence[tuple[Side, bytes]]) -> None:
    """Real sockets, a real ledger, pieces of PDUs; the oracle is the session itself."""
    consents = OnDisk()
    oracle = transcript(consents)
    with TemporaryDirectory() as folder, closing(consents):
        async with conversation(Path(folder)) as ends:
            await bind(ends)
            streams = {Side.ESME: ends.esme, Side.SMSC: ends.smsc}
            for side, data in steps:
                oracle.sent = {Side.ESME: b"", Side.SMSC: b""}
                oracle.receive(side, data)
                with trio.fail_after(PATIENCE):
                    await exchange(streams, side, data, oracle.sent)


@pytest.mark.parametrize("who", Side)
async def test_octets_behind_the_ones_that_wait_stay_in_order(tmp_path: Path, who: Side) -> None:
    """A full socket takes the direction out of the turns; what comes meanwhile waits, and follows in order."""
    async with conversation(tmp_path, buffer=8192) as ends:
        await bind(ends)
        near, far = (ends.esme, ends.smsc) if who is Side.ESME else (ends.smsc, ends.esme)
        stream = b"".join(write.pdu(pdu.ENQUIRE_LINK, sequence=n) for n in range(1, 60_000))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(near.send_all, stream)
            await trio.testing.wait_all_tasks_blocked(0.02)
            assert await receive_exactly(far, len(stream)) == stream


async def test_what_we_answer_ourselves_never_stands_inside_a_pdu(tmp_path: Path) -> None:
    """A platform that doesn't read for a while gets deliveries and refusals whole, whichever of them had to wait."""
    async with conversation(tmp_path, buffer=8192) as ends:
        await bind(ends)
        await ends.smsc.send_all(STOP)
        await receive_exactly(ends.esme, len(STOP))
        delivery = write.deliver_sm(C, A, b"hello " * 20, sequence=5)
        refusal = pdu.refusal(pdu.SUBMIT_SM, 0x0B, 7)
        got: list[bytes] = []
        async with trio.open_nursery() as nursery:
            nursery.start_soon(ends.smsc.send_all, delivery * 3000)
            nursery.start_soon(send_one_by_one, ends.esme, SUBMIT, 300)
            await trio.testing.wait_all_tasks_blocked(0.02)
            with trio.fail_after(PATIENCE):
                while len(got) < 3300:
                    head = await receive_exactly(ends.esme, 4)
                    got.append(head + await receive_exactly(ends.esme, int.from_bytes(head, "big") - 4))
                    assert got[-1] in (delivery, refusal)
        assert got.count(refusal) == 300


async def send_one_by_one(stream: trio.SocketStream, frame: bytes, count: int) -> None:
    for _ in range(count):
        await stream.send_all(frame)
        await trio.lowlevel.checkpoint()


async def test_whoever_comes_when_the_turns_have_ended_waits_to_be_cancelled() -> None:
    """At the end of a worker the turns may be cancelled before a session has begun to wait."""

    class Nothing:
        descriptor = 0

        def serve(self, data: bytes, now: float) -> None:
            raise AssertionError("nothing is served")

    turns = Turns()
    with trio.CancelScope() as scope:
        scope.cancel()
        await turns.run()
    with trio.move_on_after(0) as waited:
        await turns.wait_for(Nothing())
    assert waited.cancelled_caught
