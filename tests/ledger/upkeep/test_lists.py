"""Opt-out lists: any written form in, every fault by its line, the same list out again."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.numbers import Numbering, Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Offer, TurnedBack
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep.bulk import Listed
from proxy.ledger.upkeep.lists import BadLine, HeaderError, Row, batches, microseconds, read, write
from proxy.ledger.upkeep.verify import faults
from tests.ledger.samples import IN, OUT, PAIR, Clock, numbered, state, wish

US = Numbering("US")
AB = Pair("+15551230001", "+15559870001")


def rows(text: str, format: Literal["csv", "jsonl"] = "csv") -> list[Row | BadLine]:
    return list(read(io.StringIO(text, newline=""), format, US))


@pytest.mark.parametrize(
    "text",
    [
        "business,consumer\n+1 (555) 123-0001,555.987.0001\n",
        "Consumer,Business\r\n15559870001,0015551230001\r\n",
        "# a list\n\nfrom,Phone Number,other\n\n# more\n5551230001,+15559870001,x\n",
        '\ufeff"business","msisdn"\n"+15551230001","tel:+15559870001"\n',
        "A;B\n".replace(";", ",") + "15551230001,15559870001",
    ],
)
def test_numbers_and_headers_in_any_written_form(text: str) -> None:
    (row,) = rows(text)
    assert isinstance(row, Row)
    assert (row.pair, row.since) == (AB, 0)


def test_json_lines() -> None:
    text = '{"business": "15551230001", "consumer": 15559870001, "opted_out_at": "2026-01-02"}\n\n# no\n[1]\nnonsense\n'
    first, *bad = rows(text, "jsonl")
    assert first == Row(1, AB, microseconds("2026-01-02T00:00:00Z"))
    assert [fault.line for fault in bad] == [4, 5]


def test_faults_name_their_line_and_stop_nothing() -> None:
    lines = ("business,consumer,date", ",15559870001,", "15551230001,15559870001,soon", "1,", "15551230001,xx,")
    text = "\n".join((*lines, "15551230001,15559870002,", ""))
    found = rows(text)
    assert [type(row).__name__ for row in found] == ["BadLine", "BadLine", "BadLine", "BadLine", "Row"]
    assert [row.line for row in found] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "line",
    [
        '{"business": "A", "consumer": "15559870001", "opted_out_at": "0001-01-01T00:00:00+14:00"}',
        '{"business": "A", "consumer": "15559870001", "opted_out_at": "9999-12-31T23:59:59-14:00"}',
        '{"business": "A", "consumer": ' + "[" * 100_000,
        '{"business": true, "consumer": "15559870001"}',
        '{"business": "A", "consumer": 15559870001.0}',
        '{"business": "A", "consumer": NaN}',
    ],
    ids=range(6),
)
def test_no_line_ends_the_import(line: str) -> None:
    good = '{"business": "15551230001", "consumer": "15559870001"}'
    first, bad, last = rows(f"{good}\n{line}\n{good}\n", "jsonl")
    assert isinstance(first, Row)
    assert isinstance(bad, BadLine)
    assert bad.line == 2
    assert isinstance(last, Row)


@pytest.mark.parametrize("header", ["business,name", "consumer", "business,consumer,phone", "15551230001,15559870001"])
def test_a_header_that_says_too_little_or_too_much_is_refused(header: str) -> None:
    with pytest.raises(HeaderError, match="line 1"):
        rows(header + "\n1,2,3\n")


@given(st.text(max_size=300), st.sampled_from(["csv", "jsonl"]))
def test_any_text_gives_rows_and_faults(text: str, format: Literal["csv", "jsonl"]) -> None:
    try:
        found = rows(text, format)
    except HeaderError:
        return
    assert all(isinstance(row, Row | BadLine) for row in found)


def test_batches_keep_everything_in_order() -> None:
    found: list[Row | BadLine] = [Row(n, numbered(n), 0) if n % 3 else BadLine(n, "bad") for n in range(1, 26)]
    groups = list(batches(found, 10))
    assert [len(good) + len(bad) for good, bad in groups] == [10, 10, 5]
    lines = [row.line for good, _ in groups for row in good] + [fault.line for _, bad in groups for fault in bad]
    assert sorted(lines) == list(range(1, 26))


def absorb(ledger: Ledger, found: list[Row | BadLine]) -> int:
    good = [Listed(row.pair, row.since, row.is_doubtful) for row in found if isinstance(row, Row)]
    return ledger.absorb(good, {"operator": "me", "note": "import list.csv"})


def test_an_import_again_changes_nothing_and_turns_no_newer_opt_in_back(tmp_path: Path) -> None:
    text = "business,consumer\n" + "".join(f"15551230001,1555{n:07}\n" for n in range(5))
    with Ledger(tmp_path, Clock()) as ledger:
        assert absorb(ledger, rows(text)) == 5
        assert absorb(ledger, rows(text)) == 0
        ledger.commit([wish(numbered(2), IN)])
        assert absorb(ledger, rows(text)) == 0
        assert state(ledger, numbered(2)) is IN
        later = f"business,consumer,date\n15551230001,1555{2:07},2099-01-01\n"
        assert absorb(ledger, rows(later)) == 1
        assert state(ledger, numbered(2)) is OUT
        assert [entry.before for entry in ledger.history(numbered(2))] == [6, 3, 0]
        assert list(faults(ledger)) == []


@pytest.mark.parametrize("format", ["csv", "jsonl"])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["15551230001", "40404", 'o"x, y', "VANSO"]), st.integers(2_000_000_000, 9_999_999_999)
        ),
        max_size=30,
    )
)
def test_a_round_trip_is_exact(
    tmp_path_factory: pytest.TempPathFactory, format: Literal["csv", "jsonl"], pairs: list[tuple[str, int]]
) -> None:
    with (
        Ledger(tmp_path_factory.mktemp("one"), Clock()) as one,
        Ledger(tmp_path_factory.mktemp("two"), Clock(1)) as two,
    ):
        one.commit([wish(Pair(US.parse(a), US.parse(f"1{b}"))) for a, b in pairs])
        written, again = io.StringIO(newline=""), io.StringIO(newline="")
        count = write(one.pairs.records(), written, format)
        found = rows(written.getvalue(), format)
        assert not [row for row in found if isinstance(row, BadLine)]
        assert absorb(two, found) == count == len(set(pairs))
        write(two.pairs.records(), again, format)
        assert again.getvalue() == written.getvalue()


def test_records_are_found_from_both_ends_and_in_pages(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        mine = [Listed(numbered(n)) for n in range(2500)]
        others = [Listed(Pair("+15551239999", numbered(n).consumer)) for n in range(0, 2500, 500)]
        ledger.absorb([*mine, *others], {})
        assert sum(1 for _ in ledger.pairs.records()) == 2505
        assert [r.pair for r in ledger.pairs.records(business="+15551230001")] == [each.pair for each in mine]
        assert [r.pair.business for r in ledger.pairs.records(consumer=numbered(500).consumer)] == [
            "+15551230001",
            "+15551239999",
        ]
        assert list(ledger.pairs.records(business="+1555123")) == []
        assert all(r.state is State.OPTED_OUT for r in ledger.pairs.records())


def test_verify_finds_what_does_not_agree(tmp_path: Path) -> None:
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(3)])
        assert list(faults(ledger)) == []
        env, databases = ledger.store.env, ledger.store.databases
        with env.begin(write=True) as txn:
            key = f"{numbered(1).consumer}\0{numbered(1).business}".encode()
            record = txn.get(key, db=databases.pairs)
            assert record is not None
            txn.put(key, b"\0" + record[1:], db=databases.pairs)
            txn.delete(f"{numbered(2).business}\0{numbered(2).consumer}".encode(), db=databases.businesses)
            txn.delete((1).to_bytes(8, "big"), db=databases.journal)
        found = "\n".join(faults(ledger))
    for part in ("entries are missing", "the journal says opted_out", "missing in the index", "opted-out pairs is 3"):
        assert part in found


def test_a_backup_is_a_ledger_and_compacting_loses_nothing(tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.absorb([Listed(numbered(n)) for n in range(3000)], {})
        ledger.store.backup(tmp_path / "copy")
        before, after = ledger.store.compact()
        assert after <= before
    for folder in ("store", "copy"):
        with Ledger(tmp_path / folder, Clock()) as ledger:
            assert list(faults(ledger)) == []
            assert ledger.statistics().opted_out_pairs == 3000
        assert (tmp_path / folder / "data.mdb").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "consumer", ["not a number", "N/A", "12", "1" * 25, '"15559870001,15559870002"', "call me 5559870001", "", "abc"]
)
def test_what_can_be_nobodys_number_is_a_fault(consumer: str) -> None:
    (fault,) = rows(f"business,consumer\n15551230001,{consumer}\n")
    assert isinstance(fault, BadLine)
    assert fault.line == 2


def test_a_list_is_heard_as_a_stop_for_pairs_that_were_opted_out_before(tmp_path: Path) -> None:
    """What was turned back between that STOP and the list opens the pair no more when it is offered again."""
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([wish()])
        with ledger.reader() as consent:
            offer = Offer(PAIR, b"fp", consent.stops())
        ledger.commit([TurnedBack(offer)])
        assert ledger.absorb([Listed(PAIR)], {"operator": "me"}) == 0
        ledger.commit([replace(wish(state=IN), offer=offer)])
        assert state(ledger) is OUT
