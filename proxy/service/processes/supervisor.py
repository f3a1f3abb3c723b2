"""The supervisor: it listens, admits connections, hands them to workers, hears signals, and answers the admin HTTP."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
import trio

from proxy.config.faults import ConfigError
from proxy.config.load import load
from proxy.config.schema import Config
from proxy.consent.entries import Entry
from proxy.consent.lookups import Consent
from proxy.consent.wishes import Commits
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.service.admin.overview import Overview, Running
from proxy.service.assembly import SettingsError, check_here
from proxy.service.door.gate import Gate, admittance_of
from proxy.service.door.listeners import address_of
from proxy.service.processes.admin_side import AdminSide
from proxy.service.processes.capturing import Capturing
from proxy.service.processes.ear import StartError
from proxy.service.processes.hearing import Hearing
from proxy.service.processes.housekeeping import check_file_limit, keep_journal_short, tell_watchdog
from proxy.service.processes.messages import Status
from proxy.service.processes.pool import Pool
from proxy.service.processes.reload import ReloadError, differences, needs_new_workers
from proxy.service.processes.statuses import SessionStatus
from proxy.service.processes.systemd import notify
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.log import Log, LogSettings
from proxy.service.telemetry.vitals import Lateness, vitals

if TYPE_CHECKING:
    from proxy.service.clustering import Clustering

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Supervisor:
    """One running proxy; see ``run``."""

    def __init__(self, config: Config, path: Path, ledger: Ledger, commits: Commits, log: Log) -> None:
        self.config = config
        self.path = path
        self.ledger = ledger
        self.totals = Totals()
        self.is_draining = False
        self.cluster = self._clustering(config)
        self.commits = self.cluster or commits
        deadline = self.cluster.deadline.descriptor if self.cluster else -1
        self.gate = Gate(config, self.totals, self._hand_over)
        self.captures = Capturing(ledger, lambda: self.pool.workers())
        self._hearing = Hearing(self.totals, self.gate, self.cluster, self.captures)
        self.pool = Pool(config, log.settings.key, self._hearing, lambda: ledger.store.mark, deadline)
        self.overview = Overview(self, ledger, self.totals)
        self._log_settings = log
        self._log = structlog.get_logger()
        self.is_ready = False
        self._admin = AdminSide(self, self.gate.inherited)
        self._reloading: trio.CancelScope | None = None
        self._wants_reload = False
        self._refused = ""
        """Why the last configuration that was read was refused; nothing if it was not."""
        self._lateness = Lateness()

    def _clustering(self, config: Config) -> Clustering | None:
        if config.cluster is None:
            return None
        from proxy.service.clustering import Clustering  # a third of a second of imports, only for those who use it

        return Clustering(config.cluster, config, self.ledger, self.totals)

    async def run(self) -> None:
        """Relay until SIGTERM or SIGINT, then drain; a second one ends at once. SIGHUP reads the configuration again.

        Raises ``StartError`` if the workers can't start, ``OSError`` if an address can't be had.
        """
        with trio.open_signal_receiver(*SIGNALS) as signals:
            async with trio.open_nursery() as nursery:
                self._hearing.nursery = nursery
                nursery.start_soon(self._lateness.watch)
                nursery.start_soon(self._begin, nursery)
                async for number in signals:
                    self._heard(signal.Signals(number), nursery)
        notify("STATUS=stopped")
        self._log.info("stopped")

    async def _begin(self, nursery: trio.Nursery) -> None:
        """Open everything and start the workers; whatever fails ends all."""
        check_file_limit(self.config.limits.sessions, self.pool.current.size)
        check_here(self.config)
        self._admin.check(self.config.admin)
        if self.cluster is not None:
            self._admin.apply(self._admin.prepare(self.config.admin), nursery)  # whoever waits for it can ask why
            await self.cluster.begin(nursery)
        fresh = self.gate.open(self.config)
        try:
            await self.pool.start(self.pool.current, nursery)
        except StartError:
            if self.is_draining:
                return
            raise
        self.gate.accept(self.config, fresh, nursery)
        if self.cluster is None:
            self._admin.apply(self._admin.prepare(self.config.admin), nursery)
        nursery.start_soon(self.overview.sample)
        nursery.start_soon(keep_journal_short, lambda: self.config.store.journal_days, self.path)
        nursery.start_soon(tell_watchdog)
        for name in self.gate.inherited.rest():
            self._log.warning("socket_not_used", socket=name, reason="no route listens there or has its name")
        self._log.info(
            "ready",
            version=version("smpp-consent-proxy"),
            config=str(self.path),
            routes=[route.name for route in self.config.route],
            workers=self.pool.current.size,
            pairs_opted_out=self.ledger.statistics().opted_out_pairs,
        )
        notify("READY=1", "STATUS=relaying")
        self.is_ready = True

    def _heard(self, number: signal.Signals, nursery: trio.Nursery) -> None:
        if number == signal.SIGHUP:
            if self.is_draining or not self.is_ready:
                why = "being stopped" if self.is_draining else "still starting"
                self._log.warning("reload_refused", reason=f"the proxy is {why}")
            elif self._reloading is not None:
                self._wants_reload = True
            else:
                self._reloading = trio.CancelScope()
                nursery.start_soon(self._reload_while_wanted, nursery)
        elif self.is_draining:
            self._log.warning("stopping_at_once", signal=number.name)
            self.pool.kill()
            nursery.cancel_scope.cancel()
        else:
            self.is_draining = True
            self._log.info("draining", signal=number.name)
            notify("STOPPING=1", "STATUS=draining")
            if self._reloading is not None:
                self._reloading.cancel()
            self.gate.close()
            nursery.start_soon(self._drain, nursery.cancel_scope)

    async def _hand_over(self, number: int, route: str, connection: socket.socket) -> bool:
        while not self.is_draining:
            if await self.pool.hand_over(number, route, connection, self.gate.admission.carrier_of(number, route)):
                return True
        return False

    # Workers.

    async def _drain(self, everything: trio.CancelScope) -> None:
        await self.pool.drain()
        if self.cluster is not None:
            await self.cluster.leave()
        everything.cancel()

    # What there is to see.

    def running(self) -> Running:
        """The processes and listening sockets as they are now."""
        listening = {route: str(address_of(each.sock)) for route, each in self.gate.listening.items()}
        used = self.gate.admission.used(trio.current_time())
        own = vitals(self._lateness, self._log_settings.stream.lost)
        return Running(self.config, self.is_draining, self.pool.seen(), listening, used, own, self._refused)

    async def hear(self) -> None:
        """Have the workers' counts as they are now."""
        await self.pool.ask("report")

    async def sessions(self) -> Sequence[SessionStatus]:
        """Every session of every worker."""
        answers = await self.pool.ask("status")
        return [session for news in answers if isinstance(news, Status) for session in news.sessions]

    # What the admin HTTP asks.

    def moment(self) -> AbstractContextManager[Consent]:
        """Consent as it is now, for decisions."""
        return self.cluster.moment() if self.cluster else self.ledger.reader()

    def age(self) -> float | None:
        """For how many seconds the ledger may have missed what other nodes changed."""
        return self.cluster.age() if self.cluster else None

    def operator_changed(self, entries: Sequence[Entry]) -> None:
        """Somebody with a token made these changes."""
        for entry in entries:
            self.totals.count("consent_changes_total", "", str(entry.event))
            self._log.info(
                "consent_changed",
                revision=entry.sequence,
                business=entry.pair.business,
                consumer=entry.pair.consumer,
                change=str(entry.event),
                operator=entry.evidence.get("operator", ""),
            )

    # Settings.

    async def _reload_while_wanted(self, nursery: trio.Nursery) -> None:
        """Reload, and again if that was asked for meanwhile."""
        assert self._reloading is not None
        with self._reloading:
            self._wants_reload = True
            while self._wants_reload:
                self._wants_reload = False
                await self._reload(nursery)
        self._reloading = None

    async def _reload(self, nursery: trio.Nursery) -> None:
        notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        try:
            before, config = self.config, load(self.path)
            if config.store.path != self.config.store.path or config.store.map_size != self.config.store.map_size:
                raise StartError(f"{self.path}: store: path and map_size change only with a restart")
            if config.cluster != self.config.cluster:
                raise StartError(f"{self.path}: cluster: changes only with a restart")
            check_here(config)
            await self._apply(config, nursery)
        except (ConfigError, StartError, ReloadError, SettingsError, LedgerError, OSError) as error:
            self._refused = str(error)
            self.totals.count("reloads_total", "refused")
            self._log.error("reload_refused", reason=str(error), goes_on="with the configuration that was in force")
        else:
            self._refused = ""
            self.totals.count("reloads_total", "applied")
            self._log.info("reloaded", changed=differences(before, config))
        notify("READY=1", "STATUS=relaying")

    async def _apply(self, config: Config, nursery: trio.Nursery) -> None:
        """Go by this configuration, or raise and leave all as it was: what can fail comes first."""
        admin = self._admin.prepare(config.admin)
        are_new = needs_new_workers(self.config, config)
        try:
            if are_new:
                await self._replace_workers(config, nursery)
            else:
                await self.pool.current.settings.prepare(config)
        except BaseException:
            self._admin.drop(admin)
            raise
        # From here on nothing can fail, and nobody else has a turn until all of this process goes by the new settings.
        workers_apply = None if are_new else self.pool.current.settings.apply(config)
        self.config = config
        if self.cluster is not None:
            self.cluster.policies.go_by(config)
        self._admin.apply(admin, nursery)
        self.gate.admission.limits = admittance_of(config)
        self._log_settings.settings = LogSettings(**config.log.model_dump(), key=self._log_settings.settings.key)
        if workers_apply is not None:
            await workers_apply()

    async def _replace_workers(self, config: Config, nursery: trio.Nursery) -> None:
        """Start a new generation, have it take what comes, and have the old one drain; or raise."""
        fresh = self.gate.open(config)
        generation = self.pool.generation(config)
        try:
            await self.pool.start(generation, nursery)
        except BaseException:
            for listening in fresh.values():
                listening.close()
            raise
        self.gate.accept(config, fresh, nursery)
        self.pool.replace(generation, nursery)
