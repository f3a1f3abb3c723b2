"""What commands do with a cluster, without being a node of it: change consent, and wait until every node has that."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import trio

from proxy.cluster.engine import Engine, Record
from proxy.cluster.judging import Asked, Judge
from proxy.cluster.peers import Fence, Peers, read_pulse
from proxy.cluster.seeding import Wanted, write_all
from proxy.cluster.values import pair_key
from proxy.consent.parts import Keeping
from proxy.consent.wishes import Change

LOOK_EVERY = 0.02
"""Seconds between looks at how far the nodes are."""


class Passed(NamedTuple):
    """What became of changes: how many there were, the last revision, and which nodes did not have it in time."""

    changed: int
    revision: int
    silent: tuple[str, ...]


async def change_all(
    engine: Engine, changes: Sequence[Change], place: str, utc: Callable[[], int], clock: Callable[[], float]
) -> Passed:
    """Make these changes for all nodes, and wait for them; ``place`` says where it was asked for.

    Raises ``EngineError``.
    """
    change = secrets.token_hex(6)

    def make(wish: Change, at: int, known: Record) -> bytes | None:
        judge = Judge({known.key: known}, node=place, now=utc(), heard=0, keeping=Keeping(), decide=lambda *_: ())
        judge.judge(Asked([wish], [f"{change}-{at}"]))
        puts = judge.puts()
        return puts[0].value if puts else None

    wanted = [Wanted(pair_key(wish.pair), partial(make, wish, at)) for at, wish in enumerate(changes)]
    changed, revision = await write_all(engine, wanted)
    return await wait_for_all(engine, changed, revision, clock)


async def wait_for_all(engine: Engine, changed: int, revision: int, clock: Callable[[], float]) -> Passed:
    """Wait until every node has what was committed up to a revision, or has been silent for a lease."""
    _, beats = await engine.nodes()
    pulses = [read_pulse(beat.value) for beat in beats if beat.value is not None]
    peers = Peers(max((pulse.lease for pulse in pulses if pulse), default=0))
    fence = Fence(revision, beats, "", peers, clock())
    waited_for: set[str] = set()
    while waiting := fence.waits_for(now := clock()):
        waited_for = {name for name, deadline in waiting.items() if deadline - now < LOOK_EVERY * 2}
        await trio.sleep(LOOK_EVERY)
        _, beats = await engine.nodes()
        peers.heard(beats, clock())
        for gone in {peer.name for peer in peers.all()} - {beat.name for beat in beats}:
            peers.left(gone)
    late = tuple(name for name in sorted(waited_for) if (peer := peers.get(name)) and peer.applied < revision)
    return Passed(changed, revision, late)
