"""``consent-proxy status``: what the status page shows, for a terminal."""

from __future__ import annotations

import http.client
import json
from typing import Any

from rich.console import Console
from rich.markup import escape

from proxy.cli.asking import connection_to
from proxy.cli.tables import clock, print_rows, span
from proxy.config.schema import AdminTable
from proxy.smpp.pdu import visible

MOST_SESSIONS = 50
"""Sessions that are listed; those with the most refusals first."""


class NoAnswer(Exception):
    """The proxy doesn't answer; the message says where it was looked for and why."""


def ask(admin: AdminTable) -> dict[str, Any]:
    """The running proxy's ``/status``; raises ``NoAnswer``."""
    connection = connection_to(admin)
    try:
        connection.request("GET", "/status")
        answer = connection.getresponse()
        found: dict[str, Any] = json.loads(answer.read())
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NoAnswer(f"no proxy answers on {admin.listen}: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise NoAnswer(f"the proxy on {admin.listen} answers {answer.status}: {found.get('detail', '')}")
    return found


def _named(route: dict[str, Any]) -> str:
    """Its name, with its protocol where that is not the usual one."""
    if route["protocol"] != "mm7":
        return str(route["name"])
    return f"{route['name']} (MMS, {'to' if route['direction'] == 'bind' else 'from'} the MMSC)"


def _bind(session: dict[str, Any]) -> str:
    """What is bound; of MMS, whether the other side has taken a request."""
    if session["protocol"] == "mm7":
        return "MMS" if session["is_bound"] else "MMS, not taken"
    return session["bind"] or "not bound"


def show(status: dict[str, Any], where: Console) -> None:
    """Print it as tables."""
    verdict = status["verdict"]
    colour = {"good": "green", "warning": "yellow", "bad": "red"}[verdict["grade"]]
    since = f" Since {clock(verdict['since'])} UTC." if verdict["since"] else ""
    where.print(f"[bold {colour}]{escape(visible(verdict['text']))}[/]{since}", soft_wrap=True)
    for trouble in verdict["troubles"][1:]:
        where.print(f"also: {escape(visible(trouble['text']))}, since {clock(trouble['since'])} UTC", soft_wrap=True)
    where.print(f"version {status['version']}, up {span(status['now'] - status['started'])}")
    carriers = [
        (
            _named(route), route["listen"], each["address"], each["state"], clock(each["since"]),
            f"{span(status['now'] - each['tried'])} ago" if each["tried"] else "", each["sessions"],
        )
        for route in status["routes"]
        for each in route["carriers"]
    ]  # fmt: skip
    print_rows(("route", "listens on", "carrier", "state", "since (UTC)", "last tried", "sessions"), carriers, where)
    if cluster := status.get("cluster"):
        nodes = [
            (n["name"], n["state"], n["address"], n["lag"], f"{span(n['heard'])} ago", n["version"])
            for n in cluster["nodes"]
        ]
        print_rows(("node", "state", "machine", "behind", "heard", "version"), nodes, where)
    sessions = sorted(status["sessions"], key=lambda session: -session["refused"])[:MOST_SESSIONS]
    rows = [
        (s["session"], s["system_id"], s["peer"], s["route"], _bind(s), span(s["age"]), *s["pdus"],
         " / ".join(map(str, s["in_flight"])), s["refused"])
        for s in sessions
    ]  # fmt: skip
    names = (
        "session",
        "system_id",
        "peer",
        "route",
        "bind",
        "age",
        "from platform",
        "from carrier",
        "in flight",
        "refused",
    )
    print_rows(names, rows, where)
    if len(status["sessions"]) > len(sessions):
        where.print(f"and {len(status['sessions']) - len(sessions)} sessions more")
    changes = [tuple(change.values())[1:] for change in status["changes"]]
    print_rows(("time (UTC)", "business", "consumer", "change", "matched", "by"), changes, where)
    workers = [(w["number"], w["pid"], w["state"], w["sessions"], span(w["age"])) for w in status["workers"]]
    print_rows(("worker", "process", "state", "sessions", "age"), workers, where)
    ledger = status["ledger"]
    last = status["history"][-1]
    where.print(f"refused since the start: {last['refused']}, consent changes: {last['changes']}")
    where.print(
        f"{ledger['pairs']} pairs, {ledger['opted_out_pairs']} opted out, {ledger['entries']} journal entries,"
        f" {ledger['used'] / 1048576:.1f} MiB in use"
    )
