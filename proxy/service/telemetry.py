"""What operations see: the log, set up once, and the one table of metrics."""

from __future__ import annotations

import atexit
import logging
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal, NamedTuple, TextIO, cast

import structlog
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from structlog.typing import EventDict, Processor, WrappedLogger

from proxy.consent.files import LedgerError
from proxy.consent.ledger import Ledger
from proxy.relay.reports import RateLimit
from proxy.relay.route import Route
from proxy.relay.tally import Side
from proxy.service.logstream import LogStream
from proxy.smpp.pdu import command_name

NUMBER_FIELDS = ("business", "consumer")
"""Fields of log lines that hold a phone number."""

Kind = Literal["gauge", "counter", "histogram"]


class Described(NamedTuple):
    """One metric: what it is called behind the prefix, its kind, its labels, and what it tells."""

    kind: Kind
    labels: tuple[str, ...]
    help: str


PREFIX = "smpp_proxy_"

METRICS: dict[str, Described] = {
    "sessions": Described("gauge", ("route",), "Sessions open now."),
    "sessions_total": Described("counter", ("route", "ended_by"), "Sessions that ended, by what ended them."),
    "pdus_total": Described("counter", ("route", "side", "command"), "PDUs received, by the side they came from."),
    "bytes_total": Described("counter", ("route", "side"), "Octets received, by the side they came from."),
    "refused_total": Described("counter", ("route", "command", "reason"), "Requests answered by the proxy itself."),
    "replies_total": Described("counter", ("route", "meaning"), "Messages from consumers, by what they mean."),
    "consent_changes_total": Described("counter", ("route", "change"), "Consent changes written to the ledger."),
    "unreadable_pdus_total": Described("counter", ("route", "command"), "PDUs whose mandatory fields can't be read."),
    "carrier_up": Described("gauge", ("route", "carrier"), "1 if the last connection to the carrier was taken."),
    "commit_seconds": Described("histogram", (), "Time of one commit to the ledger, fsync included."),
    "decision_seconds": Described("histogram", (), "Time to decide over the PDUs of one read."),
    "opted_out_pairs": Described("gauge", (), "Pairs of business and consumer that are opted out."),
    "build_info": Described("gauge", ("version",), "Always 1; the version is in the label."),
}


class Durations:
    """A histogram of seconds that costs a bisection to observe; for one thread."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def buckets(self) -> tuple[list[tuple[str, float]], float]:
        """Cumulative counts by upper bound, as Prometheus wants them, and the sum."""
        total = 0
        rows: list[tuple[str, float]] = []
        for bound, count in zip((*map(str, self._bounds), "+Inf"), self._counts, strict=True):
            total += count
            rows.append((bound, total))
        return rows, self._sum


@dataclass(frozen=True, eq=False)
class Telemetry(Collector):
    """Reads the counters of routes and ledger when a scrape asks for them."""

    routes: Sequence[Route]
    ledger: Ledger
    commits: Durations
    decisions: Durations

    def exposition(self) -> bytes:
        """All metrics in Prometheus's text format."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """The families of the table above, with what they stand at now."""
        samples = self._samples()
        for name, described in METRICS.items():
            if described.kind != "histogram":
                yield _family(name, described, samples[name])
        for name, durations in (("commit_seconds", self.commits), ("decision_seconds", self.decisions)):
            buckets, total = durations.buckets()
            family = HistogramMetricFamily(PREFIX + name, METRICS[name].help)
            family.add_metric((), buckets, total)
            yield family

    def _samples(self) -> dict[str, list[tuple[tuple[str, ...], float]]]:
        found: dict[str, list[tuple[tuple[str, ...], float]]] = {name: [] for name in METRICS}
        for route in self.routes:
            tally, name = route.tally, route.name
            found["sessions"].append(((name,), tally.sessions))
            found["sessions_total"] += (((name, k), n) for k, n in tally.sessions_ended.items())
            found["refused_total"] += (((name, *k), n) for k, n in tally.refused.items())
            found["replies_total"] += (((name, k), n) for k, n in tally.replies.items())
            found["consent_changes_total"] += (((name, k), n) for k, n in tally.changes.items())
            found["unreadable_pdus_total"] += (((name, k), n) for k, n in tally.unreadable.items())
            found["carrier_up"] += (((name, str(k)), int(up)) for k, up in route.carrier_up.items() if up is not None)
            for side in Side:
                label = side.name.lower()
                found["bytes_total"].append(((name, label), tally.bytes[side]))
                found["pdus_total"] += (
                    ((name, label, command_name(command)), n) for command, n in tally.pdus[side].items() if n
                )
        with suppress(LedgerError):
            found["opted_out_pairs"].append(((), self.ledger.statistics().opted_out_pairs))
        found["build_info"].append(((version("smpp-consent-proxy"),), 1))
        return found


def _family(name: str, described: Described, samples: list[tuple[tuple[str, ...], float]]) -> Metric:
    family: CounterMetricFamily | GaugeMetricFamily
    if described.kind == "counter":
        family = CounterMetricFamily(PREFIX + name, described.help, labels=described.labels)
    else:
        family = GaugeMetricFamily(PREFIX + name, described.help, labels=described.labels)
    for labels, value in samples:
        family.add_metric(labels, value)
    return family


def mask(number: str) -> str:
    """A number as logs show it: its first digits and its last two."""
    return number if len(number) <= 4 else f"{number[:-6] if len(number) > 8 else number[0]}****{number[-2:]}"


def _mask_numbers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for field in NUMBER_FIELDS:
        if field in event:
            event[field] = mask(event[field])
    return event


class _Libraries(logging.Handler):
    """Passes on what libraries log (without tracebacks, whose values are not ours to show), at a limited rate."""

    def __init__(self) -> None:
        super().__init__()
        self._limit = RateLimit()

    def emit(self, record: logging.LogRecord) -> None:
        if self._limit.allows(record.created):
            log = structlog.get_logger()
            log.warning("library_message", library=record.name, message=str(record.msg)[:200])


def set_up_log(
    format: Literal["json", "console"] = "json",
    level: str = "info",
    numbers: Literal["masked", "full"] = "masked",
) -> LogStream:
    """Write log lines to standard error; call once, before anything is logged. Close the stream to see the last ones.

    Other libraries' messages become lines of the event ``library_message``.
    """
    stream = LogStream(sys.stderr)
    atexit.register(stream.close)
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    if numbers == "masked":
        processors.append(_mask_numbers)
    if format == "json":
        tracebacks = structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        )
        processors += [tracebacks, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        formatter = structlog.dev.plain_traceback
        processors.append(structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=formatter))
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, stream)),
        cache_logger_on_first_use=True,
    )
    return stream
