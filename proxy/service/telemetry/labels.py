"""Every set of labels that is known at the start, so that its counter is there, at 0, before its first event.

A counter that appears with its first event was never seen to grow, and an alert on its growth doesn't fire.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import get_args

from proxy.consent.entries import Event
from proxy.meaning.meanings import Meaning
from proxy.mms.tally import KINDS, OTHER, STATUSES
from proxy.net.sides import Side
from proxy.relay.session.actions import EndedBy
from proxy.relay.session.tally import UNKNOWN_COMMAND, UNKNOWN_STATUS
from proxy.service.door.admission import Reason
from proxy.service.telemetry.counters import Key, status_label
from proxy.smpp import pdu
from proxy.smpp.pdu import COMMAND_NAMES, RBINDFAIL, RESPONSE, STATUS_NAMES, command_name

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

MESSAGES = (pdu.SUBMIT_SM, pdu.SUBMIT_MULTI, pdu.DATA_SM)
"""Requests whose answers say what became of a message: any status of theirs is worth an alert."""

ANSWERS = (*pdu.BINDS, *MESSAGES, pdu.UNBIND, pdu.ENQUIRE_LINK)

RELOADS = ("applied", "refused")


OF_MM7: dict[str, tuple[str, ...]] = {
    "SubmitReq": (
        "opted_out", "observed", "unproven", "unreadable", "consent_unreadable", "draining", "no_carrier", "no_answer",
        "wrong_direction",
    ),
    "DeliverReq": ("draining", "not_recorded", "no_carrier", "no_answer", "wrong_direction"),
    "HTTP": ("other_request", "draining", "no_carrier", "no_answer"),
}  # fmt: skip
"""The same of MM7; ``HTTP`` stands for requests that are none."""


def known(routes: Mapping[str, Sequence[str]], mm7: Collection[str] = ()) -> Iterator[Key]:
    """The counters of these routes with their carriers, and of the proxy as a whole; ``mm7`` are those of that."""
    yield ("worker_restarts_total",)
    yield from (("reloads_total", outcome) for outcome in RELOADS)
    yield from (("consent_changes_total", "", change) for change in (Event.OPTED_OUT, Event.OPTED_IN))  # by operators
    for route, carriers in routes.items():
        yield from _known_of(route)
        yield from _known_of_mm7(route) if route in mm7 else _known_of_smpp(route)
        yield from (("connect_failures_total", route, carrier) for carrier in carriers)


def gauges_of(routes: Mapping[str, Sequence[str]]) -> Iterator[Key]:
    """The gauges of these routes with their carriers that are sums over all workers."""
    for route, carriers in routes.items():
        yield from (("carrier_sessions", route, carrier) for carrier in carriers)
        yield from (("in_flight", route, side.name.lower()) for side in Side)


def _known_of(route: str) -> Iterator[Key]:
    yield from (("sessions_ended_total", route, ended_by) for ended_by in get_args(EndedBy))
    yield from (("rejected_connections_total", route, reason) for reason in get_args(Reason))
    yield from (("replies_total", route, meaning) for meaning in Meaning)
    changes = (Event.OPTED_OUT, Event.OPTED_IN, Event.CONFIRMED)
    yield from (("consent_changes_total", route, change) for change in changes)
    yield "uninspected_sessions_total", route
    yield from (("bytes_total", route, side.name.lower()) for side in Side)


def _known_of_mm7(route: str) -> Iterator[Key]:
    yield from (("refused_total", route, kind, reason) for kind, why in OF_MM7.items() for reason in why)
    yield from (("unreadable_pdus_total", route, kind) for kind in OF_MM7)
    yield from (("carrier_answers_total", route, "SubmitRsp", str(status)) for status in STATUSES)
    names = (*KINDS, OTHER, "HTTP")
    yield from (("pdus_total", route, side.name.lower(), name) for side in Side for name in names)


def _known_of_smpp(route: str) -> Iterator[Key]:
    yield from (("refused_total", route, command, reason) for command, why in REFUSALS.items() for reason in why)
    yield from (("unreadable_pdus_total", route, command) for command in REFUSALS)
    statuses = [*(status_label(status) for status in STATUS_NAMES), status_label(UNKNOWN_STATUS)]
    yield from (("binds_total", route, "carrier", status) for status in statuses)
    yield "binds_total", route, "proxy", status_label(RBINDFAIL)
    for command in ANSWERS:
        name = command_name(command | RESPONSE)
        yield from (
            ("carrier_answers_total", route, name, s) for s in (statuses if command in MESSAGES else ["ESME_ROK"])
        )
    for side in Side:
        label = side.name.lower()
        names = (command_name(command) for command in (*COMMAND_NAMES, UNKNOWN_COMMAND))
        yield from (("pdus_total", route, label, name) for name in names)
