"""Forgetting what the shared store has kept for its time: parts of replies, and messages that nobody took."""

from __future__ import annotations

from proxy.cluster.engine import Engine, Put, Record
from proxy.cluster.values import part_octets, read_offer, read_part
from proxy.consent.parts import Keeping, young


async def tidy(engine: Engine, keeping: Keeping, now: int) -> int:
    """Forget what is due at ``now`` (UTC microseconds); how many records that were. Any node may do it, at any time."""
    head = await engine.head()
    due = [
        Put(record.key, value, record.revision)
        for kind in ("offer", "part")
        for record in await engine.others(head.revision, kind)
        if (value := _left(record, keeping, now)) != record.value
    ]
    for start in range(0, len(due), engine.most):
        await engine.commit(None, due[start : start + engine.most])  # a conflict: somebody needs one of them
    return len(due)


def _left(record: Record, keeping: Keeping, now: int) -> bytes | None:
    """What is still to be kept of a record."""
    if record.value is None:
        return None
    if record.key.kind == "offer":
        return record.value if read_offer(record.key.name, record.value).until > now else None
    ids, known = read_part(record.value)
    left = young(known, now, keeping.limit(is_short=bool(record.key.name[-1])))
    if left == known:
        return record.value
    return part_octets(ids, left) if left else None
