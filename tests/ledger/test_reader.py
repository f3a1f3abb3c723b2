"""Lookups of the relay when LMDB or the files don't do what they should: refuse, and hold nobody up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import lmdb
import pytest

from proxy.consent.lookups import ConsentUnreadable
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import CONFIRMATION_SECONDS, Offer
from proxy.ledger.clocks import Clocks
from proxy.ledger.ledger import Ledger
from proxy.ledger.reader import Reader
from proxy.ledger.tables.aging import Aging
from proxy.ledger.tables.databases import Databases
from proxy.ledger.tables.records import Kept, Moment, boot_time, may_confirm
from tests.ledger.samples import OTHER_PAIR, OUT, PAIR, Clock, wish

LOOKUPS: list[Callable[[Reader], object]] = [
    lambda reader: reader.state(PAIR),
    lambda reader: reader.recorded([PAIR.key]),
    lambda reader: reader.awaits_confirmation(PAIR),
    lambda reader: reader.was_turned_back(Offer(PAIR, b"fp", 0)),
]


NOWHERE = Databases(None, None, None, None, None, None, None, Aging(None, None))


class Source:
    """A ledger whose read transactions are what the test says."""

    def __init__(
        self,
        *begun: lmdb.Transaction[bytes] | Exception,
        fault: str | None = None,
        databases: Databases = NOWHERE,
    ) -> None:
        self.databases = databases
        self.clocks = Clocks(lambda: 0, lambda: (b"", 0))
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
        source = Source(lmdb.MapResizedError("grown"), ledger.store.begin(), databases=ledger.store.databases)
        with Reader(source) as reader:
            assert lookup(reader) in (OUT, [PAIR.key], False)
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
        txn = ledger.store.begin()
        source = Source(txn, databases=ledger.store.databases)
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
                assert reader.recorded([PAIR.key, OTHER_PAIR.key]) == ([PAIR.key] if before else [])
            ledger.commit([wish()])
        with reader:
            assert reader.state(PAIR) is OUT
        with reader:  # looking at nothing takes nothing
            assert not ledger.store.gate.locked()


WINDOW = CONFIRMATION_SECONDS * 1_000_000
SINCE = 1_790_000_000_000_000
BOOT, OTHER_BOOT = b"one".ljust(16), b"two".ljust(16)


@pytest.mark.parametrize(
    ("is_unconfirmed", "utc", "boot", "since_boot", "may"),
    [
        (True, 0, BOOT, 0, True),
        (True, WINDOW, BOOT, WINDOW, True),
        (True, WINDOW + 1, BOOT, WINDOW, False),
        (True, WINDOW, BOOT, WINDOW + 1, False),
        (True, -1, BOOT, 5, False),
        (True, WINDOW, OTHER_BOOT, 0, True),
        (False, 0, BOOT, 0, False),
    ],
)
def test_who_may_confirm(is_unconfirmed: bool, utc: int, boot: bytes, since_boot: int, may: bool) -> None:
    heard = boot_time(Moment(SINCE, BOOT, 7))
    kept = Kept(State.OPTED_OUT, 1, SINCE, 1, is_unconfirmed)
    assert may_confirm(kept, heard, Moment(SINCE + utc, boot, since_boot + 7)) is may


def test_nothing_recorded_is_nothing_to_confirm(ledger: Ledger) -> None:
    with ledger, ledger.reader() as reader:
        assert reader.awaits_confirmation(Pair("nobody", "ever")) is False
