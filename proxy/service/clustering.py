"""This machine as a node of a cluster: made from the settings, run beside the workers, asked by them and others."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import structlog
import trio

from proxy.cluster.committing import Committing
from proxy.cluster.engine import Engine
from proxy.cluster.etcd import Etcd
from proxy.cluster.joining import BEATS, Terms
from proxy.cluster.node import Node
from proxy.cluster.peers import Peer
from proxy.cluster.serving import OUT_OF_TOUCH, Deadline, ServingConsent, now_ns
from proxy.cluster.state import NodeState
from proxy.cluster.waiting import Seen
from proxy.config.schema import ClusterTable, Config
from proxy.consent.lookups import Consent
from proxy.consent.refusals import Refusals
from proxy.consent.wishes import Change, Made, NotRecorded, PartOfText, Wish
from proxy.ledger.clocks import since_boot
from proxy.ledger.following import Following
from proxy.ledger.ledger import Ledger
from proxy.net.tls import ClientTls
from proxy.service.assembly import SettingsError, utc_microseconds
from proxy.service.credentials import CredentialError, file_of
from proxy.service.policies import Policies
from proxy.service.processes.messages import Recorded, Wished
from proxy.service.processes.written_wishes import UnreadableWishes, read_wishes, write_made
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.labels import TURNED_BACK


def clock() -> float:
    """Seconds since the machine started, sleep included."""
    return now_ns() / 1e9


def engine_of(table: ClusterTable) -> Engine:
    """The shared store that the settings name; raises ``SettingsError`` for files that can't be used."""
    tls, login = files_of(table)
    return Etcd(table.endpoints, table.namespace, table.lease / BEATS, tls=tls or True, login=login)


def files_of(table: ClusterTable) -> tuple[ssl.SSLContext | None, tuple[str, str] | None]:
    """What the files say that the settings name: TLS, name and password; raises ``SettingsError``."""
    tls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    try:
        if table.user:
            login = table.user, Path(file_of(table.password_file)).read_text("utf-8").strip()
        if table.endpoints[0].startswith("https"):
            ca, certificate, key = map(file_of, (table.ca, table.certificate, table.key))
            tls = ClientTls(ca=ca, certificate=certificate, key=key).context()
    except CredentialError as error:
        raise SettingsError(f"cluster: {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        named = [name for name in (table.ca, table.certificate, table.key, table.password_file) if name]
        raise SettingsError(f"cluster: a file can't be used ({', '.join(named)}): {error}") from error
    return tls, login


class Clustering:
    """The node of a supervisor."""

    def __init__(self, table: ClusterTable, config: Config, ledger: Ledger, totals: Totals) -> None:
        self.table = table
        self.deadline = Deadline()
        self.policies = Policies(config)
        """What whole replies are read by."""
        self._ledger = ledger
        self._engine = engine_of(table)
        self._state = NodeState(table.name, int(table.lease), self.deadline, clock)
        boot, _ = since_boot()
        terms = Terms(socket.gethostname(), boot.hex(), seeds=table.seed == "always")
        self.node = Node(self._engine, self._state, ledger, terms)
        self._committing = Committing(
            self._engine,
            self._state,
            Following(ledger),
            utc_microseconds,
            self._decide,
            lambda pair: ledger.pairs.record(pair) is not None,
            lambda: ledger.keeping,
        )
        self._committing.seen = Seen(
            totals.durations_of("cluster_commit_seconds").observe,
            totals.durations_of("cluster_fence_seconds").observe,
            lambda reason: totals.count("cluster_turned_back_total", reason),
        )
        for reason in TURNED_BACK:
            totals.begin("cluster_turned_back_total", reason)

    async def begin(self, nursery: trio.Nursery) -> None:
        """Join, and go on in the nursery; returns when this node serves. Raises ``CannotJoin``."""
        structlog.get_logger().info("joining", node=self.table.name, endpoints=list(self.table.endpoints))
        await self.node.joining.join()
        nursery.start_soon(self.node.run)
        nursery.start_soon(self._committing.run)
        await self.node.serving()

    async def leave(self) -> None:
        """Be no node any more; the workers must be gone."""
        await self.node.leave()

    async def commit(self, wishes: Sequence[Wish]) -> Made:
        """``Commits``, for the admin HTTP."""
        return await self._committing.commit([wish for wish in wishes if not isinstance(wish, Refusals)])

    def remember(self, wishes: Sequence[Wish]) -> None:
        """``Commits``."""
        self._committing.remember([wish for wish in wishes if not isinstance(wish, Refusals)])

    def count(self, refusals: Sequence[Refusals]) -> None:
        """``Commits``: refusals are counted by workers, each in this machine's ledger."""

    async def fulfil(self, wished: Wished, tell: Callable[[Recorded], None]) -> None:
        """Have done what a worker wishes, and ``tell`` it what came of it."""
        try:
            made = await self._committing.commit(read_wishes(wished.wishes), wished.given_up_at)
        except (NotRecorded, UnreadableWishes) as error:
            tell(Recorded(wished.number, fault=str(error) or type(error).__name__))
        else:
            tell(Recorded(wished.number, write_made(made)))

    def _decide(self, part: PartOfText, texts: Sequence[str], is_certain: bool) -> Sequence[Change]:
        """What a whole reply changes, by the settings of the route that it came in by; see ``Decide``."""
        return self.policies.of(part.origin.route).changes_of_whole(part, texts, is_certain)

    # What there is to see.

    def moment(self) -> AbstractContextManager[Consent]:
        """Consent as it is now, as long as this node may decide by it."""
        return ServingConsent(self._ledger.reader(), self.deadline)

    def age(self) -> float | None:
        """For how many seconds the ledger may have missed what other nodes changed; None while this node serves."""
        return self._state.lease - self.deadline.left if self.deadline.has_passed else None

    def reasons(self) -> list[str]:
        """Why this node doesn't serve, nothing if it does."""
        return [self._state.fault or OUT_OF_TOUCH] if self.deadline.has_passed else []

    def seen(self) -> dict[str, Any]:
        """All nodes as this one knows them."""
        return {
            "name": self.table.name,
            "serving": not self.deadline.has_passed,
            "serves_for": round(self.deadline.left, 1),
            "fault": "; ".join(self.reasons()),
            "revision": self._state.revision,
            "commits": self.node.commits,
            "lease": self._state.lease,
            "store": self.node.joining.store_faults,
            "nodes": [self._shown(peer) for peer in self._state.peers.all()],
        }

    def _shown(self, peer: Peer) -> dict[str, Any]:
        pulse, silent = peer.pulse, max(0.0, clock() - peer.seen)
        has_all = peer.applied >= self.node.last_commit
        return {
            "name": peer.name,
            "address": pulse.address if pulse else "",
            "version": pulse.version if pulse else "",
            "state": self._state_of(peer, silent),
            "applied": peer.applied,
            "lag": 0 if has_all else self._state.revision - peer.applied,
            "heard": round(silent, 1),
        }

    def _state_of(self, peer: Peer, silent: float) -> str:
        is_here, serves_here = peer.name == self.table.name, not self.deadline.has_passed
        if is_here:
            return "serving" if serves_here else "out of touch"
        if silent > self._state.lease:
            return "silent" if serves_here else "unknown"
        return "serving" if peer.pulse is not None and peer.pulse.serves else "joining"
