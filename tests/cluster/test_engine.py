"""What every engine must keep: one suite, run against the fake and against a real etcd."""

from __future__ import annotations

import trio

from proxy.cluster.engine import Batch, Committed, Conflict, Engine, Key, Put, Record, Seat

PAIR, OFFER, PART = (
    Key("pair", b"+15550001\0+15551111"),
    Key("offer", b"+1\0+2\0abc"),
    Key("part", b"+1\0+2\0\0\0\0\1\2\0"),
)


async def committed(engine: Engine, seat: Seat | None, *puts: Put) -> Committed:
    outcome = await engine.commit(seat, puts)
    assert isinstance(outcome, Committed)
    return outcome


async def seated(engine: Engine, name: str = "a") -> Seat:
    seat = await engine.take_seat(name, f"token-{name}", 0)
    assert seat is not None
    return seat


async def take(engine: Engine, after: int, until: int) -> list[Batch]:
    found: list[Batch] = []
    with trio.fail_after(20):
        async with engine.feed(after) as batches:
            async for some in batches:
                found += some
                if found[-1].revision >= until:
                    break
    return found


async def test_nothing_is_there_at_first(engine: Engine) -> None:
    assert list(await engine.read([PAIR, OFFER])) == [Record(PAIR, None, 0), Record(OFFER, None, 0)]
    assert (await engine.head()).commits == 0
    assert list((await engine.nodes())[1]) == []
    assert await engine.seat_of("a") is None


async def test_a_commit_writes_all_or_nothing(engine: Engine) -> None:
    first = await committed(engine, None, Put(PAIR, b"1", 0), Put(OFFER, b"x", 0))
    assert [(r.value, r.revision) for r in await engine.read([OFFER, PAIR])] == [
        (b"x", first.revision),
        (b"1", first.revision),
    ]
    outcome = await engine.commit(None, [Put(PART, b"p", 0), Put(PAIR, b"2", 0)])
    assert outcome == Conflict((Record(PART, None, 0), Record(PAIR, b"1", first.revision)), is_displaced=False)
    assert (await engine.read([PART]))[0].value is None
    second = await committed(engine, None, Put(PAIR, b"2", first.revision), Put(OFFER, None, first.revision))
    assert second.revision > first.revision
    assert second.commits == first.commits + 1
    assert [r.value for r in await engine.read([PAIR, OFFER])] == [b"2", None]


async def test_a_record_that_was_removed_can_be_written_as_if_it_had_never_been(engine: Engine) -> None:
    first = await committed(engine, None, Put(OFFER, b"x", 0))
    await committed(engine, None, Put(OFFER, None, first.revision))
    await committed(engine, None, Put(OFFER, b"y", 0))


async def test_any_octets_can_be_kept(engine: Engine) -> None:
    key, value = Key("part", bytes(range(256))), bytes(range(255, -1, -1))
    await committed(engine, None, Put(key, value, 0))
    assert (await engine.read([key]))[0].value == value


async def test_a_seat_is_one_s_who_took_it_last_and_nobody_else_s_commits_count(engine: Engine) -> None:
    first = await seated(engine)
    assert await engine.seat_of("a") == first
    assert await engine.take_seat("a", first.token, 0) == first  # tried again: the answer did not come
    assert await engine.take_seat("a", "other", 0) is None
    second = await engine.take_seat("a", "other", first.revision)
    assert second is not None
    outcome = await engine.commit(first, [Put(PAIR, b"1", 0)])
    assert isinstance(outcome, Conflict)
    assert outcome.is_displaced
    assert await engine.beat(first, b"beat") is None
    await engine.leave(first)
    assert (await committed(engine, second, Put(PAIR, b"1", 0))).revision


async def test_a_beat_tells_where_the_store_stands_and_a_commit_who_is_there(engine: Engine) -> None:
    seat, other = await seated(engine), await seated(engine, "b")
    head = await engine.beat(seat, b"beat 1")
    assert head is not None
    done = await committed(engine, seat, Put(PAIR, b"1", 0))
    assert [(beat.name, beat.value, beat.revision) for beat in done.nodes] == [("a", b"beat 1", head.revision)]
    later = await engine.beat(other, b"beat 2")
    assert later is not None
    assert later.revision > done.revision
    assert later.commits == done.commits
    assert later.store == head.store == (await engine.head()).store
    assert [beat.name for beat in (await engine.nodes())[1]] == ["a", "b"]
    await engine.leave(seat)
    assert [beat.name for beat in (await engine.nodes())[1]] == ["b"]
    assert await engine.seat_of("a") is None


async def test_the_feed_brings_every_revision_in_order(engine: Engine) -> None:
    after = (await engine.head()).revision
    seat = await seated(engine)
    await engine.beat(seat, b"beat")
    first = await committed(engine, seat, Put(PAIR, b"1", 0), Put(OFFER, b"x", 0))
    second = await committed(engine, seat, Put(PAIR, b"2", first.revision), Put(OFFER, None, first.revision))
    await engine.leave(seat)
    end = (await engine.head()).revision
    found = await take(engine, after, end)
    assert [batch.revision for batch in found] == list(range(after + 1, end + 1))
    records = [record for batch in found for record in batch.records]
    assert {(r.key, r.value, r.revision) for r in records} == {
        (PAIR, b"1", first.revision),
        (OFFER, b"x", first.revision),
        (PAIR, b"2", second.revision),
        (OFFER, None, second.revision),
    }
    assert [batch.commits for batch in found if batch.commits is not None] == [first.commits, second.commits]
    beats = [(beat.name, beat.value) for batch in found for beat in batch.beats]
    assert beats == [("a", b"beat"), ("a", None)]


async def test_the_feed_brings_what_happens_while_it_is_heard(engine: Engine) -> None:
    after = (await engine.head()).revision
    async with trio.open_nursery() as nursery, engine.feed(after) as batches:
        nursery.start_soon(committed, engine, None, Put(PAIR, b"1", 0))
        with trio.fail_after(20):
            some = await anext(batches)
        assert some[0].records[0][:2] == (PAIR, b"1")


async def test_slices_hold_every_pair_once_as_it_was_at_one_revision(engine: Engine) -> None:
    keys = [Key("pair", b"+1555%04d\0+1999" % at) for at in range(60)]
    done = await committed(engine, None, *(Put(key, b"1", 0) for key in keys), Put(OFFER, b"x", 0))
    later = await committed(engine, None, Put(keys[0], b"2", done.revision), Put(OFFER, None, done.revision))

    async def all_at(revision: int, since: int = 0) -> dict[Key, bytes | None]:
        found = [r for part in await engine.slices(revision) for r in await engine.snapshot(revision, part, since)]
        assert len({record.key for record in found}) == len(found)
        return {record.key: record.value for record in found}

    assert await all_at(done.revision) == dict.fromkeys(keys, b"1")
    assert await all_at(later.revision) == dict.fromkeys(keys, b"1") | {keys[0]: b"2"}
    assert await all_at(later.revision, since=done.revision) == {keys[0]: b"2"}
    assert [r.value for r in await engine.others(done.revision, "offer")] == [b"x"]
    assert list(await engine.others(later.revision, "offer")) == []
    assert await engine.commits_at(done.revision) == done.commits
    assert await engine.commits_at(later.revision) == later.commits
    assert await engine.commits_at(later.revision + 1000) is None


async def test_as_many_records_as_it_takes_go_into_one_commit(engine: Engine) -> None:
    keys = [Key("pair", b"+1555%04d\0+1999" % at) for at in range(engine.most)]
    seat = await seated(engine)
    done = await committed(engine, seat, *(Put(key, b"1", 0) for key in keys))
    assert {record.revision for record in await engine.read(keys)} == {done.revision}
    outcome = await engine.commit(seat, [Put(key, b"2", 0) for key in keys])
    assert isinstance(outcome, Conflict)
    assert len(outcome.records) == engine.most


async def test_nothing_is_wrong_with_it(engine: Engine) -> None:
    assert await engine.check() == []
