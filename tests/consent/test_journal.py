"""The journal's chain: what holds, and what every tampering breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from proxy.consent.journal import BEGINNING, Entry, Event, faults_of_chain, read_stored
from proxy.consent.ledger import Ledger
from tests.consent.test_ledger import IN, Clock, numbered, wish


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(5)])
        ledger.commit([wish(numbered(2), IN)])
        return list(ledger.journal())


def test_the_chain_holds(entries: list[Entry]) -> None:
    assert len(entries) == 6
    assert list(faults_of_chain(entries)) == []


def test_an_entry_is_stored_whole(entries: list[Entry]) -> None:
    hashes = [BEGINNING, *(entry.hash for entry in entries)]
    stored = [entry.stored(previous)[1] for entry, previous in zip(entries, hashes, strict=False)]
    assert [read_stored(entry.revision, octets) for entry, octets in zip(entries, stored, strict=True)] == entries


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
        assert any(str(altered.revision) in fault for fault in faults)


@pytest.mark.parametrize("gone", [0, 2, 4])
def test_a_missing_entry_is_noticed(entries: list[Entry], gone: int) -> None:
    assert any("missing" in fault for fault in faults_of_chain(entries[:gone] + entries[gone + 1 :]))


def test_an_entry_made_up_with_a_fitting_hash_breaks_the_next(entries: list[Entry]) -> None:
    forged = entries[2]._replace(pair=numbered(9)).stored(entries[1].hash)[0]
    assert list(faults_of_chain([*entries[:2], forged, *entries[3:]])) == [
        "revision 4: its hash does not fit; it, or the entry before it, was altered"
    ]
