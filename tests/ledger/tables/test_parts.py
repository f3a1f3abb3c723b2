"""Replies in parts: any order, any split over processes, duplicated, forgotten in time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import lmdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.parts import Keeping
from proxy.consent.wishes import KEPT_FOR, KEPT_IF_ANSWERED, Offer, PartOfText, TurnedBack
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.aging import AT_ONCE
from tests.ledger.partly import Heard, decide, part
from tests.ledger.samples import IN, OTHER_PAIR, OUT, PAIR, Clock, numbered, state, wish


@settings(max_examples=60)
@given(
    texts=st.lists(st.text(max_size=10), min_size=2, max_size=6),
    order=st.randoms(use_true_random=False),
    twice=st.lists(st.integers(0, 5), max_size=4),
    group=st.integers(1, 4),
)
def test_any_order_and_any_split_over_workers_gives_the_whole_once(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], order: object, twice: list[int], group: int
) -> None:
    heard = Heard()
    wishes = [part(n, text, heard, total=len(texts)) for n, text in enumerate(texts, 1)]
    order.shuffle(wishes)  # type: ignore[attr-defined]
    wishes += [wishes[n % len(wishes)] for n in twice]
    path = tmp_path_factory.mktemp("ledger")
    for start in range(0, len(wishes), group):
        with Ledger(path, Clock(), decide=decide) as ledger:  # each group by another process's hold on the ledger
            ledger.commit(wishes[start : start + group])
    assert heard.texts[0] == "".join(texts)
    assert heard.certain.count(True) == 1, "what comes again opens nothing"


def test_the_last_part_makes_the_change_in_the_same_commit(tmp_path: Path) -> None:
    heard = Heard(wish(state=OUT))
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        assert ledger.commit([part(2, "texting me", heard)]) == [()]
        assert [len(made) for made in ledger.commit([part(1, "please stop ", heard)])] == [1]
        assert heard.texts == ["please stop texting me"]
        assert state(ledger) is OUT


def test_replies_of_others_and_of_other_references_are_kept_apart(tmp_path: Path) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([part(1, "a", heard), part(2, "b", heard, reference=8), part(2, "c", heard, pair=numbered(1))])
        assert heard.texts == []
        ledger.commit([part(2, "d", heard)])
    assert heard.texts == ["ad"]


def test_a_reference_used_again_begins_anew(tmp_path: Path) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([part(1, "old", heard), part(1, "new ", heard)])
        assert heard.texts == []
        ledger.commit([part(2, "text", heard)])
        assert heard.texts == ["new text"]
        ledger.commit([part(2, "other", heard), part(1, "an", heard)])
    assert heard.texts == ["new text", "new other", "another"]
    assert heard.certain == [True, False, False], "what is put together of two messages may only stop"


def test_unfinished_replies_are_forgotten_in_time(tmp_path: Path) -> None:
    heard, clock = Heard(wish(state=IN)), Clock()
    with Ledger(tmp_path, clock, keeping=Keeping(seconds=60), decide=decide) as ledger:
        ledger.commit([part(1, "a", heard)])
        clock.now += 61_000_000
        ledger.commit([part(2, "b", heard)])
    assert heard.texts == []


def test_their_number_is_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    heard, clock = Heard(), Clock()
    with Ledger(tmp_path, clock, keeping=Keeping(most=10), decide=decide) as ledger:
        for n in range(30):
            clock.now += 1
            ledger.commit([part(1, "a", heard, pair=numbered(n))])
        ledger.commit([part(2, "b", heard, pair=numbered(29)), part(2, "b", heard, pair=numbered(0))])
        assert heard.texts == ["ab"]


@pytest.mark.parametrize(("number", "total"), [(0, 2), (3, 2), (255, 2)])
def test_impossible_numbers_are_not_kept(tmp_path: Path, number: int, total: int) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        assert ledger.commit([part(number, "x", heard, total=total)]) == [()]


HOUR = 3_600_000_000


def test_a_part_that_says_stop_and_its_sibling_hide_nothing_of_the_next_message(tmp_path: Path) -> None:
    """Its sibling comes, and then another message with the same reference."""
    for order in ((1, 2), (2, 1)):
        heard = Heard(wish(state=OUT))
        with Ledger(tmp_path / str(order), Clock(), decide=decide) as ledger:
            first = {1: part(1, "STOP", heard, says_stop=True), 2: part(2, " thanks", heard)}
            ledger.commit([first[n] for n in order])
            assert heard.texts == []
            ledger.commit([part(1, "please stop ", heard), part(2, "texting me", heard)])
            assert heard.texts[-1] == "please stop texting me"
            assert state(ledger) is OUT


@pytest.mark.parametrize("again", [1, 2])
def test_a_part_that_is_delivered_twice_hides_nothing_of_the_next_message_and_opens_nothing(
    tmp_path: Path, again: int
) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        parts = [part(1, "see ", heard), part(2, "you", heard)]
        ledger.commit([*parts, parts[again - 1], parts[again - 1]])
        ledger.commit([part(1, "please ", heard), part(2, "stop", heard)])
    assert (heard.texts[0], heard.texts[-1]) == ("see you", "please stop")
    mixed = [text for text, certain in zip(heard.texts, heard.certain, strict=True) if certain]
    assert set(mixed) <= {"see you", "please stop"}


def test_the_same_message_with_the_same_reference_is_heard_again_as_far_as_it_says_stop(tmp_path: Path) -> None:
    heard = Heard(wish(state=OUT))
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        parts = [part(1, "please take me", heard), part(2, " off your list", heard)]
        for n in range(1, 4):
            ledger.commit([wish(state=IN), *parts])
            assert heard.texts == ["please take me off your list"] * n
            assert state(ledger) is OUT
        assert heard.certain == [True, False, False]


@pytest.mark.parametrize("is_short", [True, False])
def test_a_message_that_begins_like_the_last_one_is_heard(tmp_path: Path, is_short: bool) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([part(1, "hello, ", heard, is_short=is_short), part(2, "see you", heard, is_short=is_short)])
        ledger.commit([part(1, "hello, ", heard, is_short=is_short), part(2, "stop it", heard, is_short=is_short)])
    assert heard.texts[-1] == "hello, stop it"


@pytest.mark.parametrize("is_short", [True, False])
@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_left_over_part_hides_no_stop(tmp_path: Path, order: tuple[int, int], is_short: bool) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([part(order[1], "left over", heard, is_short=is_short)])
        new = {1: part(1, "ST", heard, is_short=is_short), 2: part(2, "OP", heard, is_short=is_short)}
        ledger.commit([new[n] for n in order])
    assert heard.texts[-1] == "STOP"


def test_a_left_over_stop_hides_nothing_of_the_next_message_in_any_order(tmp_path: Path) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([part(1, "STOP", heard, says_stop=True)])
        ledger.commit([part(2, "your list", heard), part(1, "take me off ", heard)])
    assert heard.texts == ["take me off your list"]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_what_was_left_over_long_ago_may_stop_and_never_open_and_hides_no_stop(
    tmp_path: Path, order: tuple[int, int]
) -> None:
    """An orphan of a quarter of an hour meets a message that has its reference by chance."""
    heard, clock = Heard(), Clock()
    with Ledger(tmp_path, clock, decide=decide) as ledger:
        ledger.commit([part(order[1], "orphan", heard)])
        clock.now += HOUR // 4
        new = {1: part(1, "please ", heard), 2: part(2, "stop", heard)}
        ledger.commit([new[n] for n in order])
    assert heard.texts[-1] == "please stop"
    assert heard.certain == [False, True]


@pytest.mark.parametrize(("is_short", "texts"), [(True, []), (False, ["ab"])])
def test_an_eight_bit_reference_is_soon_used_again(tmp_path: Path, is_short: bool, texts: list[str]) -> None:
    heard, clock = Heard(), Clock()
    with Ledger(tmp_path, clock, decide=decide) as ledger:
        ledger.commit([part(1, "a", heard, is_short=is_short)])
        clock.now += HOUR + 1
        ledger.commit([part(2, "b", heard, is_short=is_short)])
    assert heard.texts == texts


def test_a_reply_that_was_begun_before_a_stop_does_not_open_the_pair_when_its_last_part_comes(tmp_path: Path) -> None:
    heard = Heard(wish(state=IN))
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([wish(), part(1, "a", heard), wish(), part(2, "b", heard)])
        assert heard.texts == ["ab"]
        assert state(ledger) is OUT
        ledger.commit([part(1, "c", heard), part(2, "d", heard)])
        assert state(ledger) is IN


def test_a_part_that_was_turned_back_counts_from_when_it_was_first_offered(tmp_path: Path) -> None:
    heard = Heard(wish(state=IN))
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        first = part(1, "a", heard, stops=0)
        ledger.commit([TurnedBack(first.offer), wish(), part(1, "a", heard, stops=1), part(2, "b", heard, stops=1)])
        assert heard.texts == ["ab"]
        assert state(ledger) is OUT


def test_a_whole_is_read_in_every_reading_of_its_parts(tmp_path: Path) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock(), decide=decide) as ledger:
        ledger.commit([part(1, {"ucs2": "\u5354", "utf-8": "STOP te"}, heard), part(2, {"ucs2": "\u7874"}, heard)])
        ledger.commit([part(2, {"ucs2": "\u7874", "utf-8": "xting me"}, heard, pair=numbered(1))])
        ledger.commit([part(1, {"ucs2": "\u5354", "utf-8": "STOP te"}, heard, pair=numbered(1))])
    assert heard.texts == ["\u5354\u7874", "STOP te\u7874", "\u5354\u7874", "STOP texting me"]


def octets_of(path: Path) -> bytes:
    """All that a ledger holds now, without what is left in pages that are free again."""
    with lmdb.open(str(path), max_dbs=16, readonly=True, lock=False) as env, TemporaryDirectory() as folder:
        env.copy(folder, compact=True)
        return (Path(folder) / "data.mdb").read_bytes()


def test_what_a_part_says_is_kept_only_as_long_as_it_is_needed(tmp_path: Path) -> None:
    heard, clock = Heard(), Clock()

    def kept(*parts: PartOfText, later: int = 0) -> bool:
        with Ledger(tmp_path / "store", clock, decide=decide) as ledger:
            ledger.commit(list(parts))
            clock.now += later
            ledger.tidy()
        return b"secret" in octets_of(tmp_path / "store")

    assert kept(part(1, "my secret", heard))
    assert kept(part(2, "word", heard)), "it is whole, and a part of it may have been left over from another"
    assert not kept(later=600_000_001), "no more"
    assert not kept(part(2, "secret", heard, says_stop=True, reference=8)), "it said STOP"
    assert not kept(part(1, "secret", heard, reference=9), later=HOUR + 1), "its time is over, though no part comes"
    assert not kept(part(1, "secret", heard, reference=10, is_short=False), later=24 * HOUR + 1)


@pytest.mark.parametrize(("is_answered", "kept_for"), [(False, KEPT_FOR), (True, KEPT_IF_ANSWERED)])
def test_messages_that_may_come_again_are_forgotten_in_time_though_none_comes(
    tmp_path: Path, is_answered: bool, kept_for: int
) -> None:
    clock, offer = Clock(), Offer(PAIR, b"fp", 0)
    with Ledger(tmp_path, clock, decide=decide) as ledger:
        ledger.commit([TurnedBack(offer), TurnedBack(offer, is_answered)])
        clock.now += kept_for - 1
        ledger.tidy()
        with ledger.reader() as consent:
            assert consent.was_turned_back(offer)
        clock.now += 2
        ledger.tidy()
        with ledger.reader() as consent:
            assert not consent.was_turned_back(offer)


def test_an_answer_before_does_not_shorten_how_long_one_that_is_turned_back_is_kept(tmp_path: Path) -> None:
    clock, offer = Clock(), Offer(PAIR, b"fp", 0)
    with Ledger(tmp_path, clock, decide=decide) as ledger:
        ledger.commit([TurnedBack(offer, is_answered=True)])
        clock.now += KEPT_IF_ANSWERED // 2
        ledger.commit([TurnedBack(offer), wish()])
        clock.now += KEPT_IF_ANSWERED
        ledger.tidy()
        ledger.commit([replace(wish(state=IN), offer=offer._replace(stops=1))])
        assert state(ledger) is OUT, "it was said before the STOP"


def test_parts_that_came_just_now_stay_however_many_replies_are_over_at_once(tmp_path: Path) -> None:
    """Each shares its reference with a reply that is over; only so many are forgotten in one go."""
    heard, clock = Heard(), Clock()
    pairs = [numbered(n) for n in range(2 * AT_ONCE + 50)]
    with Ledger(tmp_path, clock, decide=decide) as ledger:
        ledger.commit([part(n, "before", heard, pair=pair) for pair in pairs for n in (1, 2)])
        clock.now += 590_000_000
        ledger.commit([part(1, "please stop ", heard, pair=pair) for pair in pairs])
        clock.now += 15_000_000
        heard.texts.clear()
        ledger.commit([part(1, "x", heard, pair=OTHER_PAIR)])
        ledger.commit([part(2, "texting me", heard, pair=pair) for pair in pairs])
    assert heard.texts.count("please stop texting me") == len(pairs)
