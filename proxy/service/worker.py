"""One worker: configuration -> ledger -> routes, until it is told to stop."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import structlog
import trio

from proxy import config as settings
from proxy.consent.ledger import Ledger
from proxy.consent.numbers import Numbering
from proxy.consent.parts import Keeping
from proxy.consent.replies import Extra, Replies
from proxy.consent.rules import Rule
from proxy.consent.scope import Groups, NumberSet
from proxy.consent.writer import Writer
from proxy.relay.limits import Limits
from proxy.relay.network import listen, port_of
from proxy.relay.policy import Policy
from proxy.relay.route import Route
from proxy.service.telemetry import Durations, Telemetry
from proxy.smpp.pdu import status_code

COMMIT_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
DECISION_BOUNDS = (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1)
"""Upper bounds in seconds: a commit waits for a disk, a decision only for this program."""

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def utc_microseconds() -> int:
    """The time that the journal keeps."""
    return time.time_ns() // 1000


def replies_of(config: settings.Config, route: settings.Route | None = None) -> Replies:
    """How replies are read under the settings, with the words of a route if one is given."""
    consent = config.consent
    return _replies(
        (*consent.stop_words, *(route.more_stop_words if route else ())),
        (*consent.resume_words, *(route.more_resume_words if route else ())),
        (*consent.help_words, *(route.more_help_words if route else ())),
        Extra(stop=tuple(consent.stop_phrases), scenery=tuple(consent.harmless_phrases)),
    )


@cache
def _replies(stop: tuple[str, ...], resume: tuple[str, ...], help: tuple[str, ...], extra: Extra) -> Replies:
    """Made once for all routes with the same words: it takes a fifth of a second."""
    return Replies(stop, resume, help, extra)


def policy_of(config: settings.Config, route: settings.Route) -> Policy:
    """What a route decides by, from the settings."""
    consent = config.consent
    numbering = Numbering(route.country or consent.country)
    observed = ["*"] if route.observe else consent.observe
    return Policy(
        numbering=numbering,
        observed=NumberSet(observed, numbering) if observed else None,
        groups=groups_of(config, numbering),
        replies=replies_of(config, route),
        rule=Rule(consent.resume),
        confirmation=consent.confirmation,
        refuse_with=status_code(consent.refuse_with),
        unavailable=status_code(consent.unreadable_with),
        distribution_lists=route.distribution_lists,
        default_alphabet=route.default_alphabet,
        packed_gsm=route.packed_gsm,
        default_source=route.default_source,
        max_pdu=config.limits.max_pdu,
    )


def groups_of(config: settings.Config, numbering: Numbering) -> Groups | None:
    """The groups of numbers in which a STOP to one holds for all, from the settings."""
    return Groups({g.name: NumberSet(g.numbers, numbering) for g in config.group}) if config.group else None


def limits_of(config: settings.Config) -> Limits:
    """How long sessions wait for what, from the settings."""
    return Limits(**config.limits.model_dump(exclude={"max_pdu", "parts_timeout", "parts_kept"}))


def open_ledger(config: settings.Config) -> Ledger:
    """The ledger that the settings name; raises ``LedgerError``."""
    keeping = Keeping(config.limits.parts_timeout, config.limits.parts_kept)
    return Ledger(config.store.path, utc_microseconds, map_size=config.store.map_size, keeping=keeping)


@dataclass(frozen=True)
class _Parts:
    """What one worker is made of, while its ledger is open."""

    routes: list[Route]
    telemetry: Telemetry


@contextmanager
def _parts(config: settings.Config) -> Iterator[_Parts]:
    """Open the ledger and make the routes; raises ``LedgerError``."""
    commits, decisions = Durations(COMMIT_BOUNDS), Durations(DECISION_BOUNDS)
    limits = limits_of(config)
    with (
        open_ledger(config) as ledger,
        Writer(ledger, commits.observe, time.perf_counter) as writer,
    ):
        routes = [
            Route(
                route.name,
                [settings.endpoint(carrier) for carrier in route.carrier],
                policy_of(config, route),
                limits,
                ledger,
                writer,
                decisions.observe,
                utc_microseconds,
            )
            for route in config.route
        ]
        try:
            yield _Parts(routes, Telemetry(routes, ledger, commits, decisions))
        finally:
            for route in routes:
                route.write_refusals()


async def run(config: settings.Config) -> None:
    """Relay until SIGTERM or SIGINT, then drain; a second one ends at once.

    Raises ``LedgerError`` if the ledger can't be used, ``OSError`` if an address can't be had.
    """
    log = structlog.get_logger()
    with _parts(config) as parts, trio.open_signal_receiver(*SIGNALS) as signals:
        async with trio.open_nursery() as everything:
            stop = _Stop()
            accepting = await everything.start(_listen, config, parts, everything, stop)
            log.info("ready", pairs_opted_out=parts.telemetry.ledger.statistics().opted_out_pairs)
            async for number in signals:
                if number == signal.SIGHUP:
                    log.warning("reload_not_supported", reason="restart to apply a changed configuration")
                elif stop.is_set:
                    log.warning("stopping_at_once", signal=signal.Signals(number).name)
                    everything.cancel_scope.cancel()
                else:
                    log.info("draining", signal=signal.Signals(number).name)
                    stop.set()
                    accepting.cancel()
                    everything.start_soon(_drain, parts.routes, everything.cancel_scope)
    log.info("stopped")


class _Stop:
    """Whether a stop was asked for, and waiting for that."""

    def __init__(self) -> None:
        self._event = trio.Event()

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        self._event.set()


async def _drain(routes: list[Route], everything: trio.CancelScope) -> None:
    async with trio.open_nursery() as nursery:
        for route in routes:
            nursery.start_soon(route.drain)
    everything.cancel()


async def _listen(
    config: settings.Config,
    parts: _Parts,
    sessions: trio.Nursery,
    stop: _Stop,
    task_status: trio.TaskStatus[trio.CancelScope] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Open every listener, then accept until the scope that is handed out is cancelled."""
    log = structlog.get_logger()
    listeners = []
    for route, section in zip(parts.routes, config.route, strict=True):
        try:
            listener = await listen(settings.endpoint(section.listen))
        except OSError as error:
            raise OSError(f"route {route.name}: can't listen on {section.listen}: {error.strerror}") from error
        listeners.append(listener)
        log.info("listening", route=route.name, address=str(port_of(listener)), carrier=list(section.carrier))
    if config.admin is not None:
        _start_admin(config.admin, parts, sessions, stop)
    async with trio.open_nursery() as nursery:
        for route, listener in zip(parts.routes, listeners, strict=True):
            nursery.start_soon(route.serve, listener, sessions)
        task_status.started(nursery.cancel_scope)


def _start_admin(section: settings.Admin, parts: _Parts, nursery: trio.Nursery, stop: _Stop) -> None:
    from proxy.service import admin  # a quarter of a second of imports, only for those who use it

    try:
        listener = admin.bind(settings.endpoint(section.listen))
    except OSError as error:
        raise OSError(f"admin: can't listen on {section.listen}: {error.strerror}") from error
    host, port = listener.getsockname()[:2]
    structlog.get_logger().info("admin_listening", address=f"{host}:{port}")
    app = admin.application(parts.telemetry, lambda: stop.is_set)
    nursery.start_soon(admin.serve, app, listener)
