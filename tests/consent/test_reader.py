"""Lookups of the relay when LMDB or the files don't do what they should: refuse, and hold nobody up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import lmdb
import pytest

from proxy.consent.ledger import Ledger
from proxy.consent.numbers import Pair, key_of
from proxy.consent.reader import RECORD, STATES, UNCONFIRMED, Reader, may_confirm
from proxy.consent.rules import CONFIRMATION_SECONDS, ConsentUnreadable, State
from tests.consent.test_ledger import OTHER_PAIR, OUT, PAIR, Clock, wish

LOOKUPS: list[Callable[[Reader], object]] = [
    lambda reader: reader.state(PAIR),
    lambda reader: reader.recorded([key_of(PAIR)]),
    lambda reader: reader.awaits_confirmation(PAIR),
]


class Source:
    """A ledger whose read transactions are what the test says."""

    def __init__(self, *begun: lmdb.Transaction[bytes] | Exception, fault: str | None = None) -> None:
        self.gate = Lock()
        self.fault = fault
        self.begun = list(begun)
        self.adopted = 0
        self.panics = 0

    def begin(self) -> lmdb.Transaction[bytes]:
        assert self.gate.locked(), "the map could be moved under the reader"
        begun = self.begun.pop(0)
        if isinstance(begun, Exception):
            raise begun
        return begun

    def now(self) -> int:
        return 0

    def adopt_map_size(self) -> None:
        assert not self.gate.locked(), "whoever moves the map waits for the gate"
        self.adopted += 1

    def panicked(self) -> None:
        self.panics += 1


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "store", Clock())


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_ledger_that_is_known_to_be_gone_is_not_asked(lookup: Callable[[Reader], object]) -> None:
    source = Source(fault="the files are gone")
    with Reader(source) as reader, pytest.raises(ConsentUnreadable, match="the files are gone"):
        lookup(reader)
    assert not source.gate.locked()


@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize(("error", "panics"), [(lmdb.ReadersFullError, 0), (lmdb.PanicError, 1)])
def test_a_transaction_that_does_not_begin_is_consent_that_can_not_be_read(
    lookup: Callable[[Reader], object], error: type[lmdb.Error], panics: int
) -> None:
    source = Source(error("no"))
    with Reader(source) as reader, pytest.raises(ConsentUnreadable):
        lookup(reader)
    assert not source.gate.locked(), "nobody else waits for this one"
    assert (source.panics, source.adopted) == (panics, 0)


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_another_process_s_growth_is_followed_once_and_read(lookup: Callable[[Reader], object], ledger: Ledger) -> None:
    with ledger:
        ledger.commit([wish()])
        source = Source(lmdb.MapResizedError("grown"), ledger.begin())
        with Reader(source) as reader:
            assert lookup(reader) in (OUT, [key_of(PAIR)], False)
            assert source.gate.locked(), "for as long as it reads"
        assert not source.gate.locked()
        assert source.adopted == 1
        source = Source(lmdb.MapResizedError("grown"), lmdb.MapResizedError("again"))
        with Reader(source) as reader, pytest.raises(ConsentUnreadable):
            lookup(reader)
        assert not source.gate.locked()


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_a_page_that_can_not_be_read_is_consent_that_can_not_be_read(
    lookup: Callable[[Reader], object], ledger: Ledger
) -> None:
    with ledger:
        txn = ledger.begin()
        source = Source(txn)
        reader = Reader(source)
        with reader:
            reader.state(PAIR)
            txn.abort()
            with pytest.raises(ConsentUnreadable):
                lookup(reader)
        assert not source.gate.locked()


def test_a_reader_is_used_for_one_moment_after_another(ledger: Ledger) -> None:
    with ledger:
        reader = ledger.reader()
        for _ in range(2):
            with reader:
                before = reader.state(PAIR)
                assert reader.recorded([key_of(PAIR), key_of(OTHER_PAIR)]) == ([key_of(PAIR)] if before else [])
            ledger.commit([wish()])
        with reader:
            assert reader.state(PAIR) is OUT
        with reader:  # looking at nothing takes nothing
            assert not ledger.gate.locked()


@pytest.mark.parametrize(
    ("number", "after", "may"),
    [
        (UNCONFIRMED, 0, True),
        (UNCONFIRMED, CONFIRMATION_SECONDS * 1_000_000, True),
        (UNCONFIRMED, CONFIRMATION_SECONDS * 1_000_000 + 1, False),
        (STATES.index(State.OPTED_OUT), 0, False),
        (STATES.index(State.OPTED_IN), 0, False),
    ],
)
def test_who_may_confirm(number: int, after: int, may: bool) -> None:
    since = 1_790_000_000_000_000
    assert may_confirm(RECORD.pack(number, 1, since), since + after) is may
    assert STATES[UNCONFIRMED] is State.OPTED_OUT


def test_nothing_recorded_is_nothing_to_confirm(ledger: Ledger) -> None:
    with ledger, ledger.reader() as reader:
        assert reader.awaits_confirmation(Pair("nobody", "ever")) is False
