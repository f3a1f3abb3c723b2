"""What the ledger knows of a pair, as commands and the HTTP interface show it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from proxy.consent.numbers import Pair
from proxy.consent.policy import is_opted_out
from proxy.consent.scope import Groups
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.pairs import PairRecord

NO_RECORD = "no_record"
"""The state of a pair of which nobody has said anything. It may be texted."""


def record_fields(record: PairRecord) -> dict[str, Any]:
    """A record as one flat object."""
    fields = {"state": str(record.state), "revision": record.sequence, "since": record.since.isoformat()}
    return {**record.pair._asdict(), **fields}


def pair_fields(ledger: Ledger, groups: Groups | None, pair: Pair) -> dict[str, Any]:
    """All that is known of a pair: its state, that of its number's group, and how often it was refused."""
    record = ledger.pairs.record(pair)
    if record is None:
        fields: dict[str, Any] = {**pair._asdict(), "state": NO_RECORD, "revision": None, "since": None}
    else:
        fields = record_fields(record)
    states = {pair: record.state if record else None}
    if groups and (scope := groups.scope_of(pair.business)):
        shared = ledger.pairs.record(Pair(scope, pair.consumer))
        states[Pair(scope, pair.consumer)] = shared.state if shared else None
        fields |= {"group": scope, "group_state": str(shared.state) if shared else NO_RECORD}
    fields["may_be_texted"] = not is_opted_out(pair, groups, states.__getitem__)
    if refusals := ledger.refusals(pair):
        first, last = (datetime.fromtimestamp(t / 1_000_000, UTC).isoformat() for t in refusals[3:])
        fields |= {"refused": refusals.refused, "observed": refusals.observed}
        fields |= {"first_refused": first, "last_refused": last}
    return fields
