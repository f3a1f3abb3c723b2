"""The one table of metrics, and their exposition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Literal, NamedTuple

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from proxy.net.durations import ANSWER_SECONDS, Durations
from proxy.service.telemetry.counters import Totals
from proxy.service.telemetry.labels import gauges_of, known

Kind = Literal["gauge", "counter", "histogram"]


class Described(NamedTuple):
    """One metric: what it is called behind the prefix, its kind, its labels, and what it tells."""

    kind: Kind
    labels: tuple[str, ...]
    help: str


PREFIX = "smpp_proxy_"

METRICS: dict[str, Described] = {
    "route_info": Described(
        "gauge", ("route", "protocol", "direction"), "Always 1; what each route speaks, and who calls."
    ),
    "sessions": Described("gauge", ("route",), "Sessions open now."),
    "sessions_ended_total": Described("counter", ("route", "ended_by"), "Sessions that ended, by what ended them."),
    "carrier_sessions": Described("gauge", ("route", "carrier"), "Sessions open now, by the carrier they go to."),
    "in_flight": Described("gauge", ("route", "side"), "Requests that have no answer yet, by the side that asked."),
    "binds_total": Described(
        "counter", ("route", "by", "status"), "Answers to binds, by who gave them (carrier or proxy) and their status."
    ),
    "carrier_answers_total": Described(
        "counter", ("route", "command", "status"), "The SMSC's answers, by command and command_status."
    ),
    "answer_seconds": Described(
        "histogram",
        ("route", "carrier"),
        "Time from a submit_sm to its carrier's answer; of each session one at a time is timed.",
    ),
    "connect_failures_total": Described(
        "counter", ("route", "carrier"), "Connections that a carrier refused or did not take in time."
    ),
    "rejected_connections_total": Described("counter", ("route", "reason"), "Connections closed because of a limit."),
    "pdus_total": Described(
        "counter", ("route", "side", "command"), "PDUs (MM7: messages) received, by the side they came from."
    ),
    "bytes_total": Described("counter", ("route", "side"), "Octets received, by the side they came from."),
    "refused_total": Described(
        "counter",
        ("route", "command", "reason"),
        "Requests, or destinations of submit_multi, refused by the proxy; observed: that would have been.",
    ),
    "replies_total": Described("counter", ("route", "meaning"), "Messages from consumers, by what they mean."),
    "consent_changes_total": Described("counter", ("route", "change"), "Consent changes written to the ledger."),
    "unreadable_pdus_total": Described("counter", ("route", "command"), "PDUs whose mandatory fields can't be read."),
    "uninspected_sessions_total": Described("counter", ("route",), "TLS without our key that was relayed blindly."),
    "carrier_up": Described("gauge", ("route", "carrier"), "1 if the carrier takes connections and answers binds."),
    "commit_seconds": Described("histogram", (), "Time of one commit to the ledger, fsync included."),
    "decision_seconds": Described("histogram", (), "Time to decide over the PDUs of one read."),
    "opted_out_pairs": Described("gauge", (), "Pairs of business and consumer that are opted out."),
    "ledger_writable": Described("gauge", (), "1 if the ledger can be read and written."),
    "ledger_used_bytes": Described("gauge", (), "Size of the ledger's file that is in use."),
    "ledger_map_bytes": Described("gauge", (), "Address space of the ledger; it grows by itself."),
    "journal_revision": Described("gauge", (), "Revision of the last journal entry."),
    "cluster_nodes": Described("gauge", ("state",), "Nodes of the cluster as this one knows them, by their state."),
    "cluster_serving": Described("gauge", (), "1 if this node of a cluster serves, 0 if it is out of touch."),
    "cluster_revision": Described("gauge", (), "The shared store's revision up to which this node has everything."),
    "cluster_lag_revisions": Described("gauge", ("node",), "How many revisions each node is behind this one."),
    "cluster_lag_seconds": Described("gauge", ("node",), "Seconds since each node was heard last."),
    "cluster_commit_seconds": Described("histogram", (), "Time of one commit to the cluster's store, tries included."),
    "cluster_fence_seconds": Described("histogram", (), "Time until all nodes had a change, or served no more."),
    "cluster_turned_back_total": Described("counter", ("reason",), "Changes that the cluster did not take in time."),
    "limit": Described("gauge", ("limit",), "The limits of the settings that are set; per source: for one of them."),
    "limit_used": Described("gauge", ("limit",), "How much of each limit is used; per source: by the one using most."),
    "process_cpu_seconds": Described("gauge", ("process",), "Processor time of each process since its start."),
    "process_resident_bytes": Described("gauge", ("process",), "Memory of each process, shared pages included."),
    "process_open_fds": Described("gauge", ("process",), "File descriptors that each process has open."),
    "process_max_fds": Described("gauge", ("process",), "File descriptors that each process may have open."),
    "event_loop_lag_seconds": Described("gauge", ("process",), "How late each process's event loop was at the worst."),
    "log_lines_lost": Described("gauge", ("process",), "Log lines that found no room since each process's start."),
    "certificate_days_left": Described(
        "gauge", ("certificate",), "Days until the end of each certificate or of its chain; negative behind it."
    ),
    "workers": Described("gauge", ("state",), "Worker processes, by whether they are ready, starting or draining."),
    "worker_restarts_total": Described("counter", (), "Workers that were replaced because they ended or hung."),
    "reloads_total": Described("counter", ("outcome",), "Configurations read on SIGHUP, applied or refused."),
    "draining": Described("gauge", (), "1 while the proxy is being stopped."),
    "start_time_seconds": Described("gauge", (), "When the proxy started, in seconds since 1970."),
    "build_info": Described("gauge", ("version",), "Always 1; the version is in the label."),
}

Samples = Mapping[str, Iterable[tuple[tuple[str, ...], float]]]
"""Values by the metric's name and its labels' values."""


def exposition(
    gauges: Samples, totals: Totals, routes: Mapping[str, Sequence[str]], mm7: Collection[str] = ()
) -> bytes:
    """All metrics in Prometheus's text format: the counts of all workers, and these gauges.

    ``routes`` are the names of all routes, and of the carriers of each; ``mm7`` are those that speak that. What they
    may count is there from the start, see ``labels``.
    """
    samples: dict[str, list[tuple[tuple[str, ...], float]]] = {name: list(gauges.get(name, ())) for name in METRICS}
    for (name, *labels), count in {**dict.fromkeys(known(routes, mm7), 0), **totals.counters()}.items():
        samples[name].append((tuple(labels), count))
    for (name, *labels), value in {**dict.fromkeys(gauges_of(routes), 0), **totals.gauges()}.items():
        samples[name].append((tuple(labels), value))
    samples["sessions"] += (((route,), count) for route, count in totals.sessions().items())
    samples["carrier_up"] += (
        ((seen.route, seen.carrier), int(seen.is_up)) for seen in totals.carriers() if seen.is_up is not None
    )
    samples["build_info"].append(((version("smpp-consent-proxy"),), 1))
    registry = CollectorRegistry(auto_describe=False)
    durations: dict[str, dict[tuple[str, ...], Durations]] = {n: {(): d} for n, d in totals.durations().items()}
    answers: dict[tuple[str, ...], Durations] = {
        (route, carrier): Durations(ANSWER_SECONDS) for route, carriers in routes.items() for carrier in carriers
    }
    answers |= {(route, carrier): found for (route, carrier), found in totals.answers().items()}
    durations["answer_seconds"] = answers
    registry.register(_Once(samples, durations))
    return generate_latest(registry)


class _Once(Collector):
    """Hands out the families of the table with these values."""

    def __init__(self, samples: Samples, durations: Mapping[str, Mapping[tuple[str, ...], Durations]]) -> None:
        self._samples = samples
        self._durations = durations

    def collect(self) -> Iterator[Metric]:
        for name, described in METRICS.items():
            if described.kind == "histogram":
                histogram = HistogramMetricFamily(PREFIX + name, described.help, labels=described.labels)
                for labels, durations in self._durations[name].items():
                    buckets, total = durations.buckets()
                    histogram.add_metric(labels, buckets, total)
                yield histogram
                continue
            family: CounterMetricFamily | GaugeMetricFamily
            make = CounterMetricFamily if described.kind == "counter" else GaugeMetricFamily
            family = make(PREFIX + name, described.help, labels=described.labels)
            for labels, value in self._samples[name]:
                family.add_metric(labels, value)
            yield family
