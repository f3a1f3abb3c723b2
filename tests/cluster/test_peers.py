"""The two rules of a cluster, by themselves: until when a node serves, and when a change has passed the fence."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proxy.cluster.engine import Beat
from proxy.cluster.peers import MARGIN, Fence, Lease, Peers, Pulse

LEASE = 10.0


def beat(revision: int, *, applied: int = 0, stopped: bool = False, name: str = "b") -> Beat:
    return Beat(name, Pulse("t", 1, applied, 10, "host", stopped=stopped).octets(), revision)


def peers(*heard: tuple[Beat, float]) -> Peers:
    found = Peers(LEASE)
    for each, at in heard:
        found.heard([each], at)
    return found


def test_a_change_waits_for_a_node_until_it_says_that_it_has_it() -> None:
    known = peers((beat(5), 100.0))
    fence = Fence(7, [beat(5), beat(6, name="a")], "a", known, 101.0)
    assert fence.waits_for(101.0) == {"b": 110.0}
    known.heard([beat(8, applied=6)], 102.0)
    assert fence.waits_for(102.0) == {"b": 110.0}
    known.heard([beat(9, applied=7)], 103.0)
    assert fence.waits_for(103.0) == {}


def test_it_waits_a_lease_from_when_the_newest_beat_before_it_was_seen_and_no_longer() -> None:
    known = peers((beat(5), 100.0))
    fence = Fence(7, [beat(5)], "a", known, 103.0)
    known.heard([beat(8), beat(9), beat(10)], 109.0)  # beats that let it serve only if it has the change
    assert fence.waits_for(109.9)
    assert not fence.waits_for(110.0)


def test_a_beat_that_was_not_seen_before_counts_from_now() -> None:
    assert Fence(7, [beat(6)], "a", peers((beat(5), 50.0)), 100.0).waits_for(100.0) == {"b": 110.0}
    late = peers((beat(5), 50.0), (beat(9), 99.0))
    assert Fence(7, [beat(6)], "a", late, 100.0).waits_for(100.0) == {"b": 110.0}


def test_nobody_waits_for_a_node_that_left_or_has_stopped() -> None:
    known = peers((beat(5), 100.0))
    fence = Fence(7, [beat(5)], "a", known, 101.0)
    known.heard([Beat("b", None, 8)], 102.0)
    assert not fence.waits_for(102.0)
    assert not Fence(7, [beat(6, stopped=True)], "a", peers(), 100.0).waits_for(100.0)


def test_a_node_that_left_is_not_brought_back_by_what_it_said_before() -> None:
    known = peers((beat(5), 100.0), (Beat("b", None, 8), 101.0), (beat(7), 102.0))
    assert known.all() == []
    known.heard([beat(9)], 103.0)
    assert [peer.revision for peer in known.all()] == [9]


def test_a_node_serves_by_beats_that_came_back_with_every_commit_before_them() -> None:
    lease = Lease(LEASE)
    lease.sent(100.0, 5, 2)
    lease.sent(101.0, 9, 3)
    assert lease.came_back(4, 2)
    assert lease.until < 0
    assert lease.came_back(5, 2)
    assert lease.until == 100.0 + LEASE * (1 - MARGIN)
    assert not lease.came_back(9, 2)  # a commit from before it was left out
    assert lease.until == 100.0 + LEASE * (1 - MARGIN)


@given(
    st.lists(st.tuples(st.floats(0, 30), st.floats(0, 5), st.floats(0, 5)), min_size=1, max_size=12),
    st.floats(0, 40),
    st.floats(0, 5),
)
def test_whoever_may_serve_without_a_change_is_waited_for(
    beats: list[tuple[float, float, float]], committed_at: float, answered_after: float
) -> None:
    """Whatever is delayed: each beat is sent, written later, and seen by the waiter later still, in any order.

    At no time has the fence let the change pass while a beat from before it lets the node serve.
    """
    written = sorted((sent + delay, sent, seen) for sent, delay, seen in beats)
    before = [
        (at, sent, at + seen, revision) for revision, (at, sent, seen) in enumerate(written, 1) if at < committed_at
    ]
    if not before:
        return
    known, now = Peers(LEASE), committed_at + answered_after
    for _, _, seen, revision in sorted(before, key=lambda each: each[2]):
        if seen <= now:
            known.heard([beat(revision)], seen)
    fence = Fence(100, [beat(before[-1][3])], "a", known, now)
    serves_until = max(sent for _, sent, _, _ in before) + LEASE * (1 - MARGIN)
    for _, _, seen, revision in sorted(before, key=lambda each: each[2]):
        if seen > now:
            known.heard([beat(revision)], seen)
    if now < serves_until:
        assert fence.waits_for(now)
        assert fence.waits_for(serves_until - 0.001)
