"""Every set of labels that is known at the start, so that its counter is there, at 0, before its first event.

A counter that appears with its first event was never seen to grow, and an alert on its growth doesn't fire.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from proxy.consent.entries import Event
from proxy.meaning.meanings import Meaning
from proxy.relay.session.actions import EndedBy
from proxy.relay.session.sides import Side
from proxy.relay.session.tally import UNKNOWN_COMMAND
from proxy.service.door.admission import Reason
from proxy.service.telemetry.counters import Key
from proxy.smpp.pdu import COMMAND_NAMES, command_name

_OF_ANY_SUBMIT = ("opted_out", "observed", "unreadable", "consent_unreadable", "draining")
_OF_ANY_DELIVERY = ("draining", "not_recorded")

REFUSALS: dict[str, tuple[str, ...]] = {
    "submit_sm": (*_OF_ANY_SUBMIT, "not_recorded"),
    "submit_multi": (*_OF_ANY_SUBMIT, "distribution_list", "limit"),
    "data_sm": (*_OF_ANY_SUBMIT, "not_recorded"),
    "deliver_sm": _OF_ANY_DELIVERY,
}
"""By command, why the proxy answers it itself; a data_sm may come from either side."""

TURNED_BACK = ("out_of_touch", "out_of_time", "superseded", "unreadable", "ledger")
"""Why a cluster did not take a change."""

RELOADS = ("applied", "refused")


def known(routes: Iterable[str]) -> Iterator[Key]:
    """The counters of these routes, and of the proxy as a whole."""
    yield ("worker_restarts_total",)
    yield from (("reloads_total", outcome) for outcome in RELOADS)
    yield from (("consent_changes_total", "", change) for change in (Event.OPTED_OUT, Event.OPTED_IN))  # by operators
    for route in routes:
        yield from _known_of(route)


def _known_of(route: str) -> Iterator[Key]:
    yield from (("sessions_total", route, ended_by) for ended_by in get_args(EndedBy))
    yield from (("rejected_connections_total", route, reason) for reason in get_args(Reason))
    yield from (("refused_total", route, command, reason) for command, why in REFUSALS.items() for reason in why)
    yield from (("replies_total", route, meaning) for meaning in Meaning)
    changes = (Event.OPTED_OUT, Event.OPTED_IN, Event.CONFIRMED)
    yield from (("consent_changes_total", route, change) for change in changes)
    yield from (("unreadable_pdus_total", route, command) for command in REFUSALS)
    yield "uninspected_sessions_total", route
    for side in Side:
        label = side.name.lower()
        yield "bytes_total", route, label
        names = (command_name(command) for command in (*COMMAND_NAMES, UNKNOWN_COMMAND))
        yield from (("pdus_total", route, label, name) for name in names)
