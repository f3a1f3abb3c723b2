"""What is known of all nodes. Pure: until when this node may serve, and when a change has passed the fence.

Two rules, and both count from the moment at which a beat was sent or seen, by the clock of whoever counts:

* A node serves until its lease, less a margin, has run out since it *sent* the newest beat that came back to it by its
  own feed, together with every commit before that beat.
* A change has passed a node when that node says that it has it, has left, or when a lease has run out since the newest
  of its beats from before the change was *seen*. That node can't serve by such a beat any more; and if a later one
  comes back to it, the change came before it by the same feed. Nor is a node waited for whose newest beat from before
  the change says that it has stopped: beats from before that one, and it itself, let it serve no more.

No timer of the store's own is trusted: a store that stood still ends leases of nodes that still serve.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import inf

from proxy.cluster.engine import Beat

MARGIN = 0.1
"""The share of its lease that a node stops serving early: clocks do not run equally fast."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a node says of itself in its beat.

    ``token`` is its seat's, ``number`` counts its beats, ``applied`` is the revision up to which it has everything in
    its ledger. ``stopped``: it serves no more, and no beat up to this one can change that. ``machine`` and ``ledger``
    tell a node that was started again from another of the same name.
    """

    token: str
    number: int
    applied: int
    lease: int
    address: str
    machine: str = ""
    ledger: str = ""
    serves: bool = False
    stopped: bool = False
    version: str = ""

    def octets(self) -> bytes:
        """As it is stored."""
        return json.dumps(asdict(self)).encode()


def read_pulse(value: bytes) -> Pulse | None:
    """What a beat says; None for one that can't be read, which is a sign of life and nothing else."""
    try:
        fields = json.loads(value)
        known = {name: fields[name] for name in Pulse.__dataclass_fields__ if name in fields}
        return Pulse(**known)
    except (ValueError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Peer:
    """A node as it was heard last; ``seen`` is when that was, by this node's clock, in seconds."""

    name: str
    revision: int
    seen: float
    pulse: Pulse | None

    @property
    def applied(self) -> int:
        """Up to which revision it has everything."""
        return self.pulse.applied if self.pulse else 0


class Peers:
    """All nodes, this one too, as they are heard. ``lease`` is in seconds."""

    def __init__(self, lease: float) -> None:
        self.lease = lease
        self._nodes: dict[str, list[Peer]] = {}
        """By name; what was heard of each that may still matter, in the order of revisions."""
        self._left: dict[str, int] = {}
        """By name; at which revision a node left last: what it said before is heard no more."""

    def heard(self, beats: Iterable[Beat], now: float) -> None:
        """These beats were seen now, perhaps later than younger ones."""
        for beat in beats:
            if beat.revision <= self._left.get(beat.name, -1):
                continue
            known = self._nodes.get(beat.name, [])
            if beat.value is None:
                self._left[beat.name] = beat.revision
                known = [peer for peer in known if peer.revision > beat.revision]
            elif all(peer.revision != beat.revision for peer in known):
                known = [*known, Peer(beat.name, beat.revision, now, read_pulse(beat.value))]
                known.sort(key=lambda peer: peer.revision)
                while len(known) > 1 and now - known[1].seen > self.lease:
                    del known[0]
            if known:
                self._nodes[beat.name] = known
            else:
                self._nodes.pop(beat.name, None)

    def left(self, name: str) -> None:
        """This node is known to be none any more."""
        self._nodes.pop(name, None)

    def all(self) -> list[Peer]:
        """Every node as it was heard last, by name."""
        return [self._nodes[name][-1] for name in sorted(self._nodes)]

    def get(self, name: str) -> Peer | None:
        """A node as it was heard last."""
        return self._nodes[name][-1] if name in self._nodes else None

    def is_silent(self, name: str, now: float) -> bool:
        """Whether a node has given no sign of life for a lease."""
        peer = self.get(name)
        return peer is None or now - peer.seen > self.lease

    def last_before(self, name: str, revision: int) -> Peer | None:
        """The newest that was heard of a node from before a revision."""
        return next((peer for peer in reversed(self._nodes.get(name, [])) if peer.revision < revision), None)


class Fence:
    """What a change that was committed at ``revision`` waits for: the nodes that were there, but for ``name``."""

    def __init__(self, revision: int, nodes: Iterable[Beat], name: str, peers: Peers, now: float) -> None:
        self.revision = revision
        self._peers = peers
        self._deadlines: dict[str, float] = {}
        nodes = tuple(nodes)
        peers.heard(nodes, now)
        for beat in nodes:
            pulse = read_pulse(beat.value or b"")
            if beat.name != name and not (pulse is not None and pulse.stopped):
                seen = peers.last_before(beat.name, revision)
                self._deadlines[beat.name] = (seen.seen if seen else now) + peers.lease

    def waits_for(self, now: float) -> Mapping[str, float]:
        """The nodes that may still serve without the change, and when each can't any more."""
        passed = [name for name, deadline in self._deadlines.items() if now >= deadline or self._has(name)]
        for name in passed:
            del self._deadlines[name]
        return self._deadlines

    def _has(self, name: str) -> bool:
        peer = self._peers.get(name)
        return peer is None or peer.applied >= self.revision


class Lease:
    """Until when this node may serve. Times are seconds of the clock that beats are sent by."""

    def __init__(self, lease: float) -> None:
        self._lasts = lease * (1 - MARGIN)
        self._sent: dict[int, tuple[float, int]] = {}
        self.until = -inf

    def sent(self, at: float, revision: int, commits: int) -> None:
        """A beat was sent at that time, and was written at this revision, behind so many commits."""
        self._sent[revision] = at, commits

    def came_back(self, revision: int, commits: int) -> bool:
        """This node has everything up to a revision, so many commits; False if the feed has left some out."""
        back = [each for each in self._sent if each <= revision]
        for each in back:
            at, expected = self._sent.pop(each)
            if commits < expected:
                self._sent.clear()
                return False
            self.until = max(self.until, at + self._lasts)
        return True

    def lose(self) -> None:
        """Nothing that was sent counts any more; what was granted already stands."""
        self._sent.clear()

    def give_up(self) -> None:
        """Serve no longer."""
        self._sent.clear()
        self.until = -inf
