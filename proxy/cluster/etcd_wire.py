"""etcd's JSON gateway: requests as it takes them, answers as it gives them. Pure.

Octets are Base64 and numbers of 64 bits are strings, as the JSON form of protocol buffers has them; what is zero or
empty is left out. Where our records stand, under the prefix of the cluster (NAMESPACE)::

    NAMESPACE/pair/BUCKET/KEY   three hexadecimal digits of the key's hash, so that all pairs can be cut into slices
    NAMESPACE/offer/KEY  NAMESPACE/part/KEY
    NAMESPACE/seat/NAME  NAMESPACE/beat/NAME
    NAMESPACE/commits           written by every commit: its version is how many there were
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, cast, get_args

from proxy.cluster.engine import Batch, Beat, Key, Kind, Record, Slice

Json = dict[str, Any]

BUCKETS = 4096
"""How many slices there can be at the most."""

MOST_OPERATIONS = 128
"""Of one transaction: etcd's own default of --max-txn-ops."""

MOST_PUTS = MOST_OPERATIONS - 4
"""Records of one commit: beside them stand the seat, the count of commits, the nodes and what is read on a conflict."""

_KINDS: tuple[Kind, ...] = get_args(Kind)


class Names:
    """The keys of one cluster in etcd."""

    def __init__(self, namespace: str) -> None:
        self.all = f"{namespace.strip('/')}/".encode()
        self.commits = self.all + b"commits"
        self._beats = self.all + b"beat/"
        self._seats = self.all + b"seat/"

    def key(self, key: Key) -> bytes:
        """Where a record stands."""
        place = self.all + key.kind.encode() + b"/"
        if key.kind == "pair":
            place += b"%03x/" % bucket(key.name)
        return place + key.name

    def read(self, key: bytes) -> Key | None:
        """The record that stands there; None for what is none."""
        kind, _, name = key.removeprefix(self.all).partition(b"/")
        for known in _KINDS:
            if kind == known.encode():
                return Key(known, name[4:] if known == "pair" else name)
        return None

    def seat(self, name: str) -> bytes:
        """Where a node's seat stands."""
        return self._seats + name.encode()

    def beat(self, name: str) -> bytes:
        """Where a node's beat stands."""
        return self._beats + name.encode()

    def beating(self, key: bytes) -> str | None:
        """The node whose beat stands there; None if none does."""
        return key.removeprefix(self._beats).decode(errors="replace") if key.startswith(self._beats) else None

    def all_beats(self) -> Json:
        """The range of all beats."""
        return prefix(self._beats)

    def all_of(self, kind: Kind) -> Json:
        """The range of all records of a kind."""
        return prefix(self.all + kind.encode() + b"/")

    def part(self, part: Slice) -> Json:
        """The range of a slice of the pairs."""
        pairs = self.all + b"pair/"
        end = pairs + b"%03x/" % part.behind if part.behind < BUCKETS else _behind(pairs)
        return {"key": b64(pairs + b"%03x/" % part.first), "range_end": b64(end)}


def bucket(name: bytes) -> int:
    """Which of the slices a pair's key belongs to; the same for all time."""
    return int.from_bytes(hashlib.blake2b(name, digest_size=2).digest(), "big") % BUCKETS


def slices(pairs: int, most: int) -> list[Slice]:
    """All slices, so that each holds about ``most`` of so many pairs at the most."""
    step = max(1, BUCKETS * most // max(1, pairs))
    return [Slice(first, min(first + step, BUCKETS)) for first in range(0, BUCKETS, step)]


def prefix(octets: bytes) -> Json:
    """The range of all keys that begin so."""
    return {"key": b64(octets), "range_end": b64(_behind(octets))}


def _behind(octets: bytes) -> bytes:
    return octets[:-1] + bytes([octets[-1] + 1])


def b64(octets: bytes) -> str:
    """Octets as the gateway takes them."""
    return b64encode(octets).decode("ascii")


def put(key: bytes, value: bytes) -> Json:
    """The operation that writes a key."""
    return {"request_put": {"key": b64(key), "value": b64(value)}}


def delete(key: bytes) -> Json:
    """The operation that removes a key."""
    return {"request_delete_range": {"key": b64(key)}}


def get(key: bytes) -> Json:
    """The operation that reads a key."""
    return {"request_range": {"key": b64(key)}}


def is_at(key: str, revision: int) -> Json:
    """The condition that a key (Base64) was written last by this revision; 0: that it isn't there."""
    return {"key": key, "target": "MOD", "result": "EQUAL", "mod_revision": str(revision)}


def write(key: str, value: bytes | None) -> Json:
    """The operation that writes a key (Base64), or with None removes it."""
    return (
        {"request_delete_range": {"key": key}} if value is None else {"request_put": {"key": key, "value": b64(value)}}
    )


def revision_of(answer: Mapping[str, Any]) -> int:
    """The revision that an answer is of."""
    return int(answer.get("header", {}).get("revision", 0))


def kvs(answer: Mapping[str, Any]) -> list[Json]:
    """What a range found."""
    return cast("list[Json]", answer.get("kvs", []))


def records(names: Names, found: Iterable[Mapping[str, Any]]) -> list[Record]:
    """The records that a range found."""
    return [record for each in found if (record := _record(names, each)) is not None]


def beats(names: Names, found: Iterable[Mapping[str, Any]]) -> list[Beat]:
    """The beats that a range found."""
    return [beat for each in found if (beat := _beat(names, each)) is not None]


def _record(names: Names, kv: Mapping[str, Any], *, is_removed: bool = False) -> Record | None:
    key = names.read(b64decode(kv["key"]))
    value = None if is_removed else b64decode(kv.get("value", ""))
    return None if key is None else Record(key, value, int(kv["mod_revision"]))


def _beat(names: Names, kv: Mapping[str, Any], *, is_removed: bool = False) -> Beat | None:
    name = names.beating(b64decode(kv["key"]))
    value = None if is_removed else b64decode(kv.get("value", ""))
    return None if name is None else Beat(name, value, int(kv["mod_revision"]))


def batches(names: Names, events: Sequence[Mapping[str, Any]]) -> Iterator[Batch]:
    """What a watch told, by revision."""
    for revision, group in groupby(events, key=lambda event: int(event["kv"]["mod_revision"])):
        commits: int | None = None
        found: list[Record] = []
        heard: list[Beat] = []
        for event in group:
            kv, is_removed = event["kv"], event.get("type") == "DELETE"
            if b64decode(kv["key"]) == names.commits:
                commits = int(kv.get("version", 0))
            elif (record := _record(names, kv, is_removed=is_removed)) is not None:
                found.append(record)
            elif (beat := _beat(names, kv, is_removed=is_removed)) is not None:
                heard.append(beat)
        yield Batch(revision, commits, tuple(found), tuple(heard))


def is_losing(version: str) -> bool:
    """Whether this version of etcd is known to lose data: 3.5.0 to 3.5.2."""
    return bool(re.match(r"3\.5\.[0-2](\D|$)", version))
