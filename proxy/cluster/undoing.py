"""What undoes a commit that was given up, and was done all the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from proxy.cluster.engine import Key, Put, Record
from proxy.cluster.values import SharedPair, read_pair
from proxy.consent.entries import Event
from proxy.consent.rules import State

NOTE = "turned back: the message was not passed on in time, and counts when it is offered again"

Tried = Mapping[Key, Mapping[bytes | None, Record]]
"""What was tried to be written: by record, each value, and the record as it was before."""


def undone(tried: Tried, now: Mapping[Key, Record], at: int, node: str) -> list[Put]:
    """What puts back the records that still are as they were tried to be written; ``at`` is UTC in microseconds.

    A record that somebody has written since is newer, and stays. A pair's record says that it was put back.
    """
    found: list[Put] = []
    for key, values in tried.items():
        current = now[key]
        before = values.get(current.value)
        if before is None or before.value == current.value:
            continue
        value = before.value
        if key.kind == "pair" and current.value is not None:
            value = _pair_put_back(key, before, current, at, node)
            if value is None:
                continue
        found.append(Put(key, value, current.revision if current.value is not None else 0))
    return found


def _pair_put_back(key: Key, before: Record, current: Record, at: int, node: str) -> bytes | None:
    """The record that says what was before; None if its state is the same, and nothing has to be said."""
    assert current.value is not None
    written = read_pair(key.name, current.value)
    known = None if before.value is None else read_pair(key.name, before.value)
    if known is not None and known.change == written.change:
        return None  # a STOP that was heard again
    said = {"note": NOTE, "node": node}
    ids = (*written.ids, f"{written.change}~")
    if known is None:
        return SharedPair(Event.OPTED_IN, ids[-1], at, 0, evidence=said, ids=ids).octets()
    event = Event.OPTED_OUT if known.state is State.OPTED_OUT else Event.OPTED_IN
    stop = known.last_stop(before.revision)
    return replace(
        known, event=event, change=ids[-1], at=at, stop=stop, evidence={**known.evidence, **said}, ids=ids
    ).octets()
