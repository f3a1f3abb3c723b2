"""What one worker process relays: its routes, and what the supervisor asks of them."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import AbstractContextManager

import trio
import trio.lowlevel

from proxy.cluster.serving import Deadline, ServingConsent
from proxy.config.schema import Config
from proxy.consent.lookups import Consent
from proxy.consent.wishes import Change, Commits, PartOfText
from proxy.ledger.commits import LedgerCommits
from proxy.ledger.ledger import Ledger
from proxy.ledger.writer import Writer
from proxy.mms.budget import Budget
from proxy.mms.means import MmsMeans
from proxy.mms.route import MmsRoute
from proxy.net.bind_rates import BindRates
from proxy.net.captures import Capture, Captures
from proxy.net.durations import Durations
from proxy.relay.means import Decisions, Means
from proxy.relay.route import Route
from proxy.relay.turns import Turns
from proxy.service.assembly import (
    SettingsError,
    dialect_of,
    limits_of,
    mms_dialect_of,
    path_of,
    utc_microseconds,
    worker_count,
)
from proxy.service.processes.messages import (
    Applied,
    Apply,
    Captured,
    EndCapture,
    MessageError,
    News,
    Prepare,
    Prepared,
    Question,
    Report,
    Status,
)
from proxy.service.processes.outbox import Outbox
from proxy.service.processes.prepared import PreparedSettings
from proxy.service.processes.shared_commits import SharedCommits
from proxy.service.processes.statuses import statuses_of
from proxy.service.telemetry.counters import Snapshot
from proxy.service.telemetry.log import Log, LogSettings
from proxy.service.telemetry.rates import LineRates
from proxy.service.telemetry.vitals import Lateness, vitals


class Worker:
    """The routes of one process, and what the supervisor asks of them."""

    def __init__(
        self, config: Config, ledger: Ledger, writer: Writer, durations: dict[str, Durations], deadline: Deadline | None
    ) -> None:
        """``deadline``: that of this node, in a cluster."""
        self.ledger = ledger
        self.outbox = Outbox()
        self.shared: SharedCommits | None = None
        self._durations = durations
        self._prepared: tuple[int, PreparedSettings] | None = None
        limits = limits_of(config)
        self.turns = Turns()
        self.lateness = Lateness()
        moment: AbstractContextManager[Consent] = ledger.reader()
        commits: Commits = LedgerCommits(writer)
        if config.cluster is not None and deadline is not None:
            commits = self.shared = SharedCommits(self.outbox.tell, commits, deadline, config.cluster.lease)
            if config.cluster.when_cut_off == "refuse":
                moment = ServingConsent(moment, deadline)
        decisions = Decisions(moment, durations["decision_seconds"].observe)
        self.captures = Captures(self._captured, utc_microseconds)
        means = Means(self.turns, decisions, commits, self.captures, lambda: LineRates(trio.current_time))
        budget = Budget(max(config.limits.mms_memory // worker_count(config), config.limits.max_mms))
        observe = durations["decision_seconds"].observe
        mms_means = MmsMeans(moment, commits, self.captures, budget, lambda: LineRates(trio.current_time), observe)
        bind_rates = BindRates(trio.current_time)
        common = (utc_microseconds, self.outbox.happened, bind_rates)
        self._smpp = {
            route.name: Route(route.name, path_of(route), dialect_of(config, route), limits, means, *common)
            for route in config.route
            if route.protocol == "smpp"
        }
        self._mms = {
            route.name: MmsRoute(route.name, path_of(route), mms_dialect_of(config, route), limits, mms_means, *common)
            for route in config.route
            if route.protocol == "mm7"
        }
        self.routes: dict[str, Route | MmsRoute] = {**self._smpp, **self._mms}
        ledger.decide = self._decide

    def _decide(self, part: PartOfText, texts: Sequence[str], is_certain: bool) -> Sequence[Change]:
        """What a whole reply changes, by the settings of the route that it came in by; see ``Decide``."""
        return self.routes[part.origin.route].dialect.policy.changes_of_whole(part, texts, is_certain)

    def answer(self, what: Question, lost_lines: int) -> News:
        """All counts, or every session, as they stand now."""
        if what == "report":
            fault = self.ledger.store.fault or self.ledger.store.write_fault or ""
            snapshot = Snapshot.of(self._routes(), self._durations, vitals(self.lateness, lost_lines), fault)
            if self.shared is not None:
                snapshot.counters.append((("cluster_turned_back_total", "out_of_touch"), self.shared.turned_back))
            return Report(snapshot)
        now = trio.current_time()
        return Status(tuple(each for route in self._routes() for each in statuses_of(route, now)))

    def _captured(self, number: int, record: bytes) -> None:
        self.outbox.tell(Captured(number, base64.b64encode(record).decode()))

    def capture(self, order: Capture | EndCapture) -> None:
        """Begin to tell what passes, or end it."""
        if isinstance(order, EndCapture):
            self.captures.end(order.number)
        else:
            self.captures.begin(order)
        for route in self._routes():
            route.capture()

    async def prepare(self, order: Prepare) -> None:
        """Make all that these settings need, the routes being the same, and tell whether that went well."""
        try:
            prepared = await trio.to_thread.run_sync(PreparedSettings.read, order.config)
        except (SettingsError, ValueError, OSError) as error:  # the supervisor could use them a moment ago
            self.outbox.tell(Prepared(order.reload, str(error) or type(error).__name__))
        else:
            if self._prepared is None or self._prepared[0] < order.reload:
                self._prepared = order.reload, prepared
            self.outbox.tell(Prepared(order.reload))

    def apply(self, order: Apply, log: Log) -> None:
        """Go by what was prepared from now on, in the sessions that are open too."""
        if self._prepared is None or self._prepared[0] != order.reload:
            raise MessageError(f"Apply for reload {order.reload}, which was not prepared for")
        prepared = self._prepared[1]
        self.ledger.keeping = prepared.keeping
        for name, (path, dialect) in prepared.smpp.items():
            self._smpp[name].apply(path, dialect, prepared.limits)
        for name, (path, mms_dialect) in prepared.mms.items():
            self._mms[name].apply(path, mms_dialect, prepared.limits)
        log.settings = LogSettings(**prepared.log.model_dump(), key=log.settings.key)
        self._prepared = None
        self.outbox.tell(Applied(order.reload))

    async def drain(self) -> None:
        """End all sessions, answers in flight first."""
        async with trio.open_nursery() as nursery:
            for route in self._routes():
                nursery.start_soon(route.drain)

    def _routes(self) -> Sequence[Route | MmsRoute]:
        return tuple(self.routes.values())
