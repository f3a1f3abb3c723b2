"""The journal's chain: what holds, and what every tampering breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.entries import BEGINNING, NEVER, Entry, Event, faults_of_chain, read_stored
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep.verify import faults
from tests.ledger.samples import IN, Clock, numbered, wish


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(5)])
        ledger.commit([wish(numbered(2), IN)])
        return list(ledger.journal.entries())


def test_the_chain_holds(entries: list[Entry]) -> None:
    assert len(entries) == 6
    assert list(faults_of_chain(entries)) == []


def test_an_entry_is_stored_whole(entries: list[Entry]) -> None:
    hashes = [BEGINNING, *(entry.hash for entry in entries)]
    stored = [entry.stored(previous)[1] for entry, previous in zip(entries, hashes, strict=False)]
    assert [read_stored(entry.sequence, octets) for entry, octets in zip(entries, stored, strict=True)] == entries


def test_every_field_is_covered(entries: list[Entry]) -> None:
    third = entries[2]
    for altered in (
        third._replace(pair=numbered(9)),
        third._replace(event=Event.OPTED_IN),
        third._replace(time=third.time.replace(year=2020)),
        third._replace(evidence={**third.evidence, "matched": "yes"}),
        third._replace(hash="0" * 64),
    ):
        faults = list(faults_of_chain([*entries[:2], altered, *entries[3:]]))
        assert any(str(altered.sequence) in fault for fault in faults)


@pytest.mark.parametrize("gone", [0, 2, 4])
def test_a_missing_entry_is_noticed(entries: list[Entry], gone: int) -> None:
    assert any("missing" in fault for fault in faults_of_chain(entries[:gone] + entries[gone + 1 :]))


def test_an_entry_made_up_with_a_fitting_hash_breaks_the_next(entries: list[Entry]) -> None:
    forged = entries[2]._replace(pair=numbered(9)).stored(entries[1].hash)[0]
    assert list(faults_of_chain([*entries[:2], forged, *entries[3:]])) == [
        "revision 4: its hash does not fit; it, or the entry before it, was altered"
    ]


def damage(ledger: Ledger, revision: int, octets: bytes | None) -> None:
    """Put something else in the body of a stored entry, behind its hash; None removes it."""
    with ledger.store.env.begin(write=True) as txn:
        key, journal = revision.to_bytes(8, "big"), ledger.store.env.open_db(b"journal", txn=txn)
        stored = txn.get(key, db=journal)
        assert stored
        if octets is None:
            txn.delete(key, db=journal)
        else:
            txn.put(key, stored[:32] + octets, db=journal)


BROKEN = [
    b"",
    b"\xff\xfe",
    b"[1,2]",
    b"{}",
    b"[" * 100_000,
    b'["2026-01-01","a","b","opted_out",0,{}]',
    b'["2026-01-01T00:00:00+00:00","a","b","sent_away",0,{}]',
    b'["2026-01-01T00:00:00+00:00","a","b","opted_out","0",{}]',
    b'["2026-01-01T00:00:00+00:00","a",7,"opted_out",0,{}]',
    b'["2026-01-01T00:00:00+00:00","a","b","opted_out",0,{"x":{}}]',
    b'["2026-01-01T00:00:00+00:00","a","b","opted_out",0,[]]',
]


@pytest.mark.parametrize("octets", BROKEN, ids=range(len(BROKEN)))
def test_a_damaged_entry_is_named_and_ends_nothing(tmp_path: Path, octets: bytes) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(5)])
        damage(ledger, 3, octets)
        assert list(faults_of_chain(ledger.journal.entries())) == ["revision 3: the entry is damaged and can't be read"]
        found = list(faults(ledger))
        assert found[0] == "revision 3: the entry is damaged and can't be read"
        assert any("+15550000002" in fault for fault in found)
        assert [e.sequence for e in ledger.journal.entries()] == [1, 2, 3, 4, 5]
        assert ledger.history(numbered(2))[0].event is Event.UNREADABLE


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.tuples(st.integers(0, 300), st.integers(0, 7)))
def test_no_octets_are_worse_than_unreadable(how: bytes | tuple[int, int]) -> None:
    entry = Entry(7, NEVER, numbered(1), Event.OPTED_OUT, 0, {"matched": "stop"})
    _, octets = entry.stored(BEGINNING)
    if isinstance(how, bytes):
        octets = how
    else:
        altered = bytearray(octets)
        altered[how[0] % len(octets)] ^= 1 << how[1]
        octets = bytes(altered)
    read = read_stored(7, octets)
    assert read.sequence == 7
    read.stored(BEGINNING)
    assert read.fields()["revision"] == 7


def test_what_is_said_next_is_kept_behind_a_damaged_last_entry(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3)])
        damage(ledger, 3, b"x")
        ((entry,),) = ledger.commit([wish(numbered(7))])
        assert entry.sequence == 4
        assert list(faults_of_chain(ledger.journal.entries())) == ["revision 3: the entry is damaged and can't be read"]


def test_pages_that_lmdb_refuses_are_a_fault_and_no_traceback(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3000)])
        ledger.store.compact()
    data = bytearray((tmp_path / "data.mdb").read_bytes())
    leaf = next(at for at in range(len(data) - 4096, 0, -4096) if b'"opted_out"' in data[at : at + 4096])
    node = data.index((leaf // 4096).to_bytes(4, "little") + b"\0\0\x08\0")  # the branch that leads to it
    data[node : node + 4] = b"\xff\xff\xff\x7f"
    (tmp_path / "data.mdb").write_bytes(data)
    with Ledger(tmp_path, Clock()) as ledger:
        (fault,) = faults(ledger)
        behind = int(re.findall(r"damaged behind revision (\d+): restore a backup", fault)[0])
        assert 0 < behind < 3000
