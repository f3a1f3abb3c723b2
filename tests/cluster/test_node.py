"""Nodes in one process: the same consent at all of them, whatever the store and the way to it do meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import trio

from proxy.cluster.engine import Committed, Conflict, Engine, Head, Key, OutcomeUnknown, Put, Seat
from proxy.cluster.etcd import Etcd
from proxy.cluster.joining import CannotJoin
from proxy.cluster.peers import Fence, read_pulse
from proxy.cluster.tidying import tidy
from proxy.cluster.values import MOST_IDS
from proxy.consent.entries import Entry, Event, faults_of_chain
from proxy.consent.lookups import ConsentUnreadable
from proxy.consent.numbers import Ends, Pair, Spelling
from proxy.consent.parts import Keeping
from proxy.consent.rules import State
from proxy.consent.wishes import Claim, Made, NotRecorded, Offer, PartOfText, Shared, Taken, TurnedBack
from proxy.ledger.following import Following
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep.verify import faults
from proxy.simulator.cluster.members import Members
from tests.cluster.asking import post
from tests.cluster.memory import Memory, Store
from tests.cluster.nodes import LEASE, ORIGIN, Running, running, start, stop, until, utc

PAIR, OTHER = Pair("+15550001", "+15551111"), Pair("+15550001", "+15552222")
OUT, IN = State.OPTED_OUT, State.OPTED_IN


async def commit(node: Running, *wishes: Shared, within: float = 20) -> Made:
    with trio.fail_after(within):
        return await node.committing.commit(wishes)


def events(made: Made) -> list[list[Event]]:
    return [[entry.event for entry in entries] for entries in made]


def journal(node: Running) -> list[tuple[Pair, Event, str]]:
    entries = list(node.ledger.journal.entries())
    assert not list(faults_of_chain(entries))
    return [(entry.pair, entry.event, entry.evidence.get("node", "")) for entry in entries]


# One consent.


async def test_a_change_at_one_node_holds_at_the_other_when_it_is_done(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a, running(engine, tmp_path / "b", "b") as b:
        assert b.seen(PAIR) is None
        made = await commit(a, stop(PAIR))
        assert events(made) == [[Event.OPTED_OUT]]
        assert made[0][0].evidence["node"] == "a"
        assert (a.seen(PAIR), b.seen(PAIR)) == (OUT, OUT)
        assert events(await commit(b, start(PAIR))) == [[Event.OPTED_IN]]
        assert (a.seen(PAIR), b.seen(PAIR)) == (IN, IN)
        assert events(await commit(b, start(PAIR))) == [[]]
        assert events(await commit(a, stop(PAIR), stop(OTHER))) == [[Event.OPTED_OUT], [Event.OPTED_OUT]]
        assert events(await commit(b, stop(PAIR))) == [[]]  # heard again
        assert journal(a) == journal(b)
        for node in (a, b):
            assert list(faults(node.ledger)) == []
            assert node.ledger.statistics().opted_out_pairs == 2


async def test_a_stop_for_a_pair_that_is_closed_here_counts_all_the_same(tmp_path: Path) -> None:
    """It may have been resumed elsewhere a moment ago: what is known here is not all."""
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        await commit(a, stop(PAIR))
        async with trio.open_nursery() as nursery:
            ways[1].is_deaf = True  # b does not hear of the START
            nursery.start_soon(commit, a, start(PAIR))
            await a.until_seen(PAIR, IN)
            ways[1].is_deaf = False
            await commit(b, stop(PAIR))
        await a.until_seen(PAIR, OUT)
        assert (a.seen(PAIR), b.seen(PAIR)) == (OUT, OUT)


async def test_the_pair_is_denied_here_before_it_is_committed(tmp_path: Path) -> None:
    store = Store()
    way = Memory(store)
    async with running(way, tmp_path / "a", "a", lease=3) as a, trio.open_nursery() as nursery:
        way.held = []
        nursery.start_soon(commit, a, stop(PAIR))
        await a.until_seen(PAIR, OUT)
        assert a.ledger.pairs.record(PAIR) is None
        with a.ledger.reader() as consent:
            assert list(consent.recorded([PAIR.key, OTHER.key])) == [PAIR.key]
        way.held = None
    with Ledger(tmp_path / "a", utc) as ledger:
        record = ledger.pairs.record(PAIR)
        assert record is not None
        assert record.state is OUT


# What can't be known.


async def test_an_answer_that_does_not_come_makes_one_change(tmp_path: Path) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        ways[0].lose_next = 1
        made = await commit(a, stop(PAIR))
        assert events(made) == [[Event.OPTED_OUT]]
        assert b.seen(PAIR) is OUT
        assert journal(a) == journal(b) == [(PAIR, Event.OPTED_OUT, "a")]


@pytest.mark.parametrize("late", [stop(PAIR), start(PAIR)], ids=["stop", "resume"])
async def test_a_late_try_undoes_nothing_that_is_newer(tmp_path: Path, late: Shared) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    newer = [stop(PAIR), start(PAIR)] if late == stop(PAIR) else [start(PAIR), stop(PAIR)]
    async with running(ways[0], tmp_path / "a", "a", lease=3) as a, running(ways[1], tmp_path / "b", "b", lease=3) as b:
        await commit(b, stop(PAIR))
        if late == stop(PAIR):
            await commit(b, start(PAIR))
        held: list[tuple[Seat | None, Sequence[Put]]] = []
        ways[0].held = held
        async with trio.open_nursery() as nursery:
            turned_back = trio.Event()

            async def try_late() -> None:
                with pytest.raises(NotRecorded):
                    await commit(a, late)
                turned_back.set()

            nursery.start_soon(try_late)
            await until(lambda: held)
            for wish in newer:
                await commit(b, wish)
            expected = b.seen(PAIR)
            ways[0].held = None
            await turned_back.wait()  # the carrier offers it again, and then it counts as what it is: newer
        for seat, puts in held:
            assert isinstance(store_way := ways[0].commit_now(seat, puts), Conflict), store_way
        assert (a.ledger.pairs.record(PAIR).state, b.seen(PAIR)) == (expected, expected)  # type: ignore[union-attr]


@pytest.mark.parametrize("is_late", [False, True], ids=["done-and-undone", "arrives-late"])
@pytest.mark.parametrize("wish", [stop(PAIR), start(PAIR)], ids=["stop", "resume"])
async def test_what_was_given_up_changes_nothing(tmp_path: Path, wish: Shared, is_late: bool) -> None:
    """Its commit was under way when it was turned back: arriving later it does nothing, done already it is undone."""
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        if wish == start(PAIR):
            await commit(b, stop(PAIR))
        before = b.ledger.pairs.record(PAIR)
        held: list[tuple[Seat | None, Sequence[Put]]] = []
        ways[0].held = held
        with pytest.raises(NotRecorded):
            await commit(a, wish)
        assert held
        if not is_late:
            ways[0].commit_now(*held[0])
        ways[0].held = None
        await commit(a, stop(OTHER))  # nothing else is committed before it is settled
        for seat, puts in held:
            assert isinstance(ways[0].commit_now(seat, puts), Conflict)
        await commit(b, start(OTHER))
        for node in (a, b):
            record = node.ledger.pairs.record(PAIR)
            assert (record.state if record else IN) is (before.state if before else IN)
            assert node.seen(PAIR) is (record.state if record else None)
            assert list(faults(node.ledger)) == []


async def test_a_part_whose_answer_did_not_come_is_kept_beside_another_node_s(tmp_path: Path) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a", lease=3) as a, running(ways[1], tmp_path / "b", "b", lease=3) as b:
        held: list[tuple[Seat | None, Sequence[Put]]] = []
        ways[0].held = held
        async with trio.open_nursery() as nursery:
            nursery.start_soon(commit, a, part(1, "please ST"))
            await until(lambda: held)
            await commit(b, part(2, "OP texting me"))
            ways[0].held = None
        assert (a.seen(PAIR), b.seen(PAIR)) == (OUT, OUT)


async def test_more_than_one_commit_takes_are_recorded_all_or_turned_back_all(engine: Engine, tmp_path: Path) -> None:
    """A carrier offers its backlog after an outage: a thousand STOPs in one read."""
    pairs = [Pair("+15550001", f"+1555333{number:04}") for number in range(400)]
    async with running(engine, tmp_path / "a", "a", lease=3) as a:
        made = await commit(a, *(stop(pair) for pair in pairs))
        assert events(made) == [[Event.OPTED_OUT]] * len(pairs)
        if isinstance(engine, Memory):
            others = [Pair("+15550002", pair.consumer) for pair in pairs]
            nth = engine.store.commits + 3
            real = engine.commit_now

            def cut_off(seat: Seat | None, puts: Sequence[Put]) -> Committed | Conflict:
                engine.is_cut = engine.store.commits + 1 >= nth
                return real(seat, puts)

            engine.commit_now = cut_off  # type: ignore[method-assign]
            with pytest.raises(NotRecorded):
                await commit(a, *(stop(pair) for pair in others))
            engine.is_cut, engine.commit_now = False, real  # type: ignore[method-assign]
            await until(lambda: all((r := a.ledger.pairs.record(pair)) is None or r.state is IN for pair in others))


async def test_each_state_has_its_entry_though_they_came_in_one_read(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a:
        made = await commit(a, stop(PAIR), start(PAIR), stop(PAIR))
        assert events(made) == [[Event.OPTED_OUT], [Event.OPTED_IN], [Event.OPTED_OUT]]
        assert [event for _, event, _ in journal(a)] == [Event.OPTED_OUT, Event.OPTED_IN, Event.OPTED_OUT]


# Out of touch.


@pytest.mark.parametrize("how", ["is_cut", "is_deaf"])
async def test_a_node_out_of_touch_refuses_and_the_others_wait_a_lease_for_it(tmp_path: Path, how: str) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        setattr(ways[1], how, True)
        await commit(a, stop(PAIR), within=3 * LEASE + 10)
        with pytest.raises(ConsentUnreadable):
            b.seen(PAIR)
        with pytest.raises(NotRecorded):
            await commit(b, stop(OTHER))
        await commit(a, stop(OTHER), within=LEASE * 3 + 10)
        setattr(ways[1], how, False)
        with trio.fail_after(20):
            await b.node.serving()
        assert (b.seen(PAIR), b.seen(OTHER)) == (OUT, OUT)
        assert events(await commit(b, start(PAIR))) == [[Event.OPTED_IN]]


async def test_a_node_that_serves_is_never_passed_by(tmp_path: Path) -> None:
    """Until the moment at which it refuses, a node has every change that was let pass anywhere."""
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        for number in range(3):
            pair = Pair("+15550001", f"+1555333{number}")
            ways[1].is_deaf = True
            await commit(a, stop(pair))
            assert b.deadline.has_passed
            ways[1].is_deaf = False
            with trio.fail_after(20):
                await b.node.serving()
            assert b.seen(pair) is OUT


async def test_a_node_that_has_stopped_is_waited_for_once(tmp_path: Path) -> None:
    """What it sends arrives, no answer comes back: it says itself that it serves no more, and holds up nobody."""
    store = Store()
    ways = Memory(store), Memory(store)
    lease = 3
    async with (
        running(ways[0], tmp_path / "a", "a", lease=lease) as a,
        running(ways[1], tmp_path / "b", "b", lease=lease) as b,
    ):
        ways[1].is_deaf = True
        await until(lambda: b.deadline.has_passed)
        await until(lambda: (peer := a.state.peers.get("b")) and peer.pulse and peer.pulse.stopped)
        for wish in (stop(PAIR), start(PAIR), stop(PAIR)):
            await commit(a, wish, within=lease / 2)
        ways[1].is_deaf = False
        with trio.fail_after(20):
            await b.node.serving()
        assert b.seen(PAIR) is OUT


async def test_what_took_longer_than_anybody_waits_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process stood still between the commit and the fence: its wishes were turned back long ago."""
    store = Store()
    async with running(Memory(store), tmp_path / "a", "a") as a:
        monkeypatch.setattr(a.committing, "_end", slowly(a))
        with pytest.raises(NotRecorded):
            await commit(a, stop(PAIR))
        await until(lambda: (record := a.ledger.pairs.record(PAIR)) and record.state is IN)
        assert a.seen(PAIR) is IN


def slowly(node: Running) -> Callable[..., Awaitable[None]]:
    end = node.committing._end

    async def late(fence: Fence, committed: Committed, requests: Sequence[Any], denied: Any) -> None:
        for request in requests:
            request.given_up_at = node.state.clock()
        await trio.sleep(0.001)
        await end(fence, committed, requests, denied)

    return late


async def test_a_node_that_was_away_serves_again_while_others_commit_all_the_time(tmp_path: Path) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        async with trio.open_nursery() as nursery:

            async def load() -> None:
                for number in range(100_000):
                    ways[0].commit_now(None, [Put(Key("part", b"%d" % number), b"{}", 0)])
                    await trio.sleep(0.004)

            nursery.start_soon(load)
            ways[1].is_deaf = True
            await until(lambda: b.deadline.has_passed)
            ways[1].is_deaf = False
            with trio.fail_after(20):
                await b.node.serving()
            nursery.cancel_scope.cancel()
        await commit(a, stop(PAIR))
        assert b.seen(PAIR) is OUT


async def test_a_node_that_left_is_not_waited_for(tmp_path: Path) -> None:
    store = Store()
    async with running(Memory(store), tmp_path / "a", "a", lease=30) as a:
        async with running(Memory(store), tmp_path / "b", "b", lease=30) as b:
            await commit(a, stop(PAIR))
            assert b.seen(PAIR) is OUT
        await commit(a, start(PAIR), within=5)


async def test_a_seat_that_was_taken_from_a_silent_node_is_taken_again_when_it_is_back(tmp_path: Path) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        seat = store.seats["b"]
        ways[1].is_cut = True
        await until(lambda: store.seats["b"] != seat)
        assert isinstance(ways[1].commit_now(seat, []), Conflict)  # what was under way does nothing any more
        await commit(a, stop(PAIR))
        ways[1].is_cut = False
        with trio.fail_after(20):
            await b.node.serving()
        assert b.seen(PAIR) is OUT


# The feed.


async def test_a_commit_that_the_feed_left_out_is_noticed_and_read(tmp_path: Path) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        ways[1].leaves_out = {store.revision + offset for offset in range(1, 40)}
        await commit(a, stop(PAIR))
        await b.until_seen(PAIR, OUT)
        ways[1].leaves_out = set()
        await commit(a, stop(OTHER))
        with trio.fail_after(20):
            await b.node.serving()
        assert (b.seen(PAIR), b.seen(OTHER)) == (OUT, OUT)


async def test_a_node_that_was_down_over_a_compaction_reads_what_it_missed(tmp_path: Path) -> None:
    store = Store()
    async with running(Memory(store), tmp_path / "a", "a") as a:
        async with running(Memory(store), tmp_path / "b", "b"):
            await commit(a, stop(PAIR))
        await commit(a, start(PAIR))
        await commit(a, stop(OTHER))
        store.compacted = store.revision
        async with running(Memory(store), tmp_path / "b", "b") as b:
            assert (b.seen(PAIR), b.seen(OTHER)) == (IN, OUT)
            assert list(faults(b.ledger)) == []


async def test_what_etcd_has_compacted_meanwhile_is_read_too(one_etcd: Members, tmp_path: Path) -> None:
    engines = [Etcd(one_etcd.urls, "down-over-a-compaction", 5.0) for _ in range(2)]
    async with running(engines[0], tmp_path / "a", "a") as a:
        async with running(engines[1], tmp_path / "b", "b"):
            await commit(a, stop(PAIR))
        await commit(a, start(PAIR))
        await commit(a, stop(OTHER))
        head = await engines[0].head()
        post(one_etcd.urls[0], "kv/compaction", {"revision": str(head.revision), "physical": True})
        async with running(engines[1], tmp_path / "b", "b") as b:
            assert (b.seen(PAIR), b.seen(OTHER)) == (IN, OUT)
            await commit(a, start(OTHER))
            assert b.seen(OTHER) is IN
            assert list(faults(b.ledger)) == []
    for engine in engines:
        await engine.close()


async def test_a_wiped_node_reads_all_that_the_cluster_agreed_on(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a:
        pairs = [Pair("+15550001", f"+1555333{number:04}") for number in range(150)]
        for begin in range(0, len(pairs), 50):
            await commit(a, *(stop(pair) for pair in pairs[begin : begin + 50]))
        await commit(a, start(pairs[7]))
        async with running(engine, tmp_path / "b", "b") as b:
            assert [b.seen(pair) for pair in pairs] == [a.seen(pair) for pair in pairs]
            assert b.ledger.statistics().opted_out_pairs == 149
            assert list(faults(b.ledger)) == []
            assert all(entry.evidence["node"] == "a" for entry in b.ledger.journal.entries())


async def test_a_store_that_was_set_back_gets_what_it_lost(tmp_path: Path) -> None:
    store = Store()
    way = Memory(store)
    async with running(way, tmp_path / "a", "a") as a:
        await commit(a, stop(OTHER))
        records, commits, revision = dict(store.records), store.commits, store.revision
        for _ in range(5):
            await commit(a, stop(PAIR))
        store.records, store.commits, store.revision = records, commits, revision
        store.log = [batch for batch in store.log if batch.revision <= revision]
        store.past = {at: kept for at, kept in store.past.items() if at <= revision}
        await until(lambda: store.commits > commits and not a.deadline.has_passed)
        assert (a.seen(PAIR), a.seen(OTHER)) == (OUT, OUT)
        assert PAIR.key in {key.name for key in store.records}


async def test_what_was_taken_while_a_node_was_down_over_a_compaction_is_not_offered_there(tmp_path: Path) -> None:
    store, offer = Store(), Offer(PAIR, b"please", 1)
    async with running(Memory(store), tmp_path / "a", "a") as a:
        async with running(Memory(store), tmp_path / "b", "b") as b:
            await commit(a, TurnedBack(offer))
            await until(lambda: b.look(lambda consent: consent.was_turned_back(offer)))
        await commit(a, Taken(offer))
        store.compacted = store.revision
        async with running(Memory(store), tmp_path / "b", "b") as b:
            assert not b.look(lambda consent: consent.was_turned_back(offer))


async def test_a_denial_is_lifted_though_its_change_was_followed_by_many_while_its_node_was_away(
    tmp_path: Path,
) -> None:
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        really = ways[1].commit_now

        def and_be_cut_off(seat: Seat | None, puts: Sequence[Put]) -> Committed | Conflict:
            outcome = really(seat, puts)
            ways[1].is_cut = True
            return outcome

        ways[1].commit_now = and_be_cut_off  # type: ignore[method-assign]
        await commit(b, stop(PAIR))
        ways[1].commit_now = really  # type: ignore[method-assign]
        for _ in range(MOST_IDS):
            await commit(a, stop(PAIR))
            await commit(a, start(PAIR))
        store.compacted = store.revision
        store.log.clear()
        ways[1].is_cut = False
        with trio.fail_after(20):
            await b.node.serving()
        await until(lambda: b.seen(PAIR) is not OUT)
        assert a.seen(PAIR) is IN


async def test_a_beat_that_says_that_a_node_has_stopped_does_nothing_when_it_serves_again(tmp_path: Path) -> None:
    store, late = Store(), list[tuple[Seat, bytes]]()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a, running(ways[1], tmp_path / "b", "b") as b:
        really = ways[1].beat

        async def beat(seat: Seat, value: bytes) -> Head | None:
            pulse = read_pulse(value)
            if pulse is not None and pulse.stopped and not late:
                late.append((seat, value))
                raise OutcomeUnknown("the member stands still")
            return await really(seat, value)

        ways[1].beat = beat  # type: ignore[method-assign]
        ways[1].is_cut = True
        await until(lambda: b.deadline.has_passed)
        ways[1].is_cut = False
        with trio.fail_after(20):
            await until(lambda: late and not b.deadline.has_passed)
        assert await really(*late[0]) is None, "a waits for b no more, and b serves"
        await commit(a, stop(PAIR))
        assert b.deadline.has_passed or b.seen(PAIR) is OUT


async def test_a_node_whose_seat_is_gone_before_it_sits_anew_sits_down(tmp_path: Path) -> None:
    store, lost = Store(), list[str]()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a"), running(ways[1], tmp_path / "b", "b") as b:
        beat, take_seat = ways[1].beat, ways[1].take_seat

        async def beat_of_which_one_is_under_way(seat: Seat, value: bytes) -> Head | None:
            pulse = read_pulse(value)
            if pulse is not None and pulse.stopped and not lost:
                lost.append("beat")
                raise OutcomeUnknown("the member stands still")
            return await beat(seat, value)

        async def taken_without_an_answer(name: str, token: str, revision: int) -> Seat | None:
            taken = await take_seat(name, token, revision)
            if lost == ["beat"]:
                lost.append("seat")
                raise OutcomeUnknown("the answer was lost")
            return taken

        ways[1].beat = beat_of_which_one_is_under_way  # type: ignore[method-assign]
        ways[1].take_seat = taken_without_an_answer  # type: ignore[method-assign, assignment]
        ways[1].is_cut = True
        await until(lambda: b.deadline.has_passed)
        ways[1].is_cut = False
        with trio.fail_after(20):
            await until(lambda: lost == ["beat", "seat"] and not b.deadline.has_passed)


# Joining.


async def test_what_is_doubtful_stays_so_when_it_is_brought_in(tmp_path: Path) -> None:
    store = Store()
    with Ledger(tmp_path / "a", utc) as ledger:
        ledger.commit([stop(PAIR, is_doubtful=True), stop(OTHER)])
    async with running(Memory(store), tmp_path / "a", "a", seeds=True) as a:
        await commit(a, start(PAIR, is_doubtful=True), start(OTHER, is_doubtful=True))
        assert (a.seen(PAIR), a.seen(OTHER)) == (IN, OUT)


async def test_a_ledger_of_its_own_is_not_left_behind(tmp_path: Path) -> None:
    store = Store()
    with Ledger(tmp_path / "b", utc) as ledger:
        ledger.commit([stop(PAIR)])
    async with running(Memory(store), tmp_path / "a", "a") as a:
        await commit(a, stop(OTHER))
        with trio.move_on_after(0.5):
            async with running(Memory(store), tmp_path / "b", "b"):
                raise AssertionError("it joined, and its opt-outs were lost")
        async with running(Memory(store), tmp_path / "b", "b", seeds=True) as b:
            assert (b.seen(PAIR), b.seen(OTHER)) == (OUT, OUT)
            assert len(b.ledger.history(PAIR)) == 1
            await a.until_seen(PAIR, OUT)


async def test_what_a_node_changed_when_it_was_by_itself_for_a_while_is_not_left_behind(tmp_path: Path) -> None:
    store = Store()
    async with running(Memory(store), tmp_path / "a", "a") as a:
        await commit(a, stop(OTHER))
    with Ledger(tmp_path / "a", utc) as ledger:  # without [cluster]
        ledger.commit([stop(PAIR)])
    with trio.move_on_after(0.5):
        async with running(Memory(store), tmp_path / "a", "a"):
            raise AssertionError("it joined, and its opt-out was lost")
    async with running(Memory(store), tmp_path / "a", "a", seeds=True) as a:
        assert (a.seen(PAIR), a.seen(OTHER)) == (OUT, OUT)
        assert Following(a.ledger).own_since() == 0
    async with running(Memory(store), tmp_path / "b", "b") as b:
        assert b.seen(PAIR) is OUT


async def test_two_live_nodes_of_one_name_are_not_had(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a"):
        with pytest.raises(CannotJoin, match="host-a is called a too"):
            async with running(engine, tmp_path / "b", "a"):
                pass


async def test_nodes_with_other_leases_are_not_had(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a"):
        with pytest.raises(CannotJoin, match=f"node a at host-a has a lease of {LEASE} s, this one of 2 s"):
            async with running(engine, tmp_path / "b", "b", lease=2):
                pass


async def test_a_node_that_was_killed_is_followed_by_one_of_its_name(tmp_path: Path) -> None:
    """At once if it is surely gone: the same machine, the same ledger. Elsewhere when it was silent for a lease."""
    store = Store()
    ways = Memory(store), Memory(store)
    async with running(ways[0], tmp_path / "a", "a") as a:
        await commit(a, stop(PAIR))
        ways[0].is_cut = True
        a.ledger.close()  # what a dead process does
        a.ledger = Ledger(tmp_path / "elsewhere", utc)
        async with running(ways[1], tmp_path / "a", "a") as again:
            assert again.seen(PAIR) is OUT
        ways[0].is_cut = False
        a.node.state.seat = None


# What is decided once for all nodes.


def part(number: int, text: str, *, fingerprint: bytes = b"", total: int = 2) -> PartOfText:
    ends = Ends(Spelling(PAIR.business), Spelling(PAIR.consumer))
    return PartOfText(Offer(PAIR, fingerprint, None), ends, ORIGIN, 7, total, number, {"gsm": text}, True, False)


async def test_parts_of_a_reply_may_come_in_over_different_nodes(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a, running(engine, tmp_path / "b", "b") as b:
        assert events(await commit(a, part(1, "please ST"))) == [[]]
        assert events(await commit(b, part(2, "OP texting me"))) == [[Event.OPTED_OUT]]
        assert (a.seen(PAIR), b.seen(PAIR)) == (OUT, OUT)


async def test_one_message_confirms_a_stop_over_all_nodes(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a, running(engine, tmp_path / "b", "b") as b:
        await commit(a, stop(PAIR, allows_confirmation=True))
        outcomes: list[Sequence[Entry]] = []

        async def claim(node: Running) -> None:
            outcomes.extend(await commit(node, Claim(PAIR, PAIR.business, ORIGIN)))

        async with trio.open_nursery() as nursery:
            for node in (a, b, a, b):
                nursery.start_soon(claim, node)
        assert sorted(map(len, outcomes)) == [0, 0, 0, 1]
        # one that comes too late at this node is told so before its own ledger has the entry
        await until(lambda: [event for _, event, _ in journal(b)] == [Event.OPTED_OUT, Event.CONFIRMED])
        assert (a.seen(PAIR), b.seen(PAIR)) == (OUT, OUT)


async def test_a_message_from_before_a_stop_does_not_undo_it_at_another_node(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a, running(engine, tmp_path / "b", "b") as b:
        await commit(a, stop(PAIR))
        with a.ledger.reader() as consent:
            first = Offer(PAIR, b"please", consent.stops())
        a.committing.remember([TurnedBack(first)])
        await until(lambda: b.look(lambda consent: consent.was_turned_back(first)))
        await commit(a, stop(PAIR))
        with b.ledger.reader() as consent:
            again = Offer(PAIR, b"please", consent.stops())
        assert events(await commit(b, start(PAIR, offer=again))) == [[]]
        assert b.seen(PAIR) is OUT
        b.committing.remember([Taken(again)])
        await until(lambda: not a.look(lambda consent: consent.was_turned_back(first)))
        assert events(await commit(b, start(PAIR, offer=again))) == [[Event.OPTED_IN]]


async def test_what_was_kept_for_its_time_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    async with running(engine, tmp_path / "a", "a") as a:
        await commit(a, part(1, "please ST"))
        await commit(a, TurnedBack(Offer(PAIR, b"x", 1)))
        assert await tidy(engine, Keeping(), utc()) == 0
        assert await tidy(engine, Keeping(), utc() + 8 * 86_400_000_000) == 2
        head = await engine.head()
        assert [
            list(await engine.others(head.revision, "part")),
            list(await engine.others(head.revision, "offer")),
        ] == [[], []]
