"""Replies in parts: any order, any split over processes, duplicated, forgotten in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxy.consent.ledger import Ledger
from proxy.consent.parts import Keeping
from proxy.consent.numbers import Pair
from proxy.consent.rules import Change, Offer, PartOfText
from tests.consent.test_ledger import IN, OUT, PAIR, Clock, numbered, state, wish


class Heard:
    """Remembers whole texts, and asks for ``change``."""

    def __init__(self, change: Change | None = None) -> None:
        self.texts: list[str] = []
        self.certain: list[bool] = []
        self.change = change

    def __call__(self, texts: Sequence[str], is_certain: bool) -> list[Change]:
        self.texts += texts
        self.certain.append(is_certain)
        return [self.change] if self.change else []


def part(
    number: int,
    text: str | Mapping[str, str],
    heard: Heard,
    *,
    total: int = 2,
    reference: int = 7,
    pair: Pair = PAIR,
    stops: int | None = None,
    is_short: bool = True,
    says_stop: bool = False,
) -> PartOfText:
    texts = {"gsm": text} if isinstance(text, str) else text
    return PartOfText(Offer(pair, b"fp", stops), reference, total, number, texts, is_short, says_stop, heard)


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
        with Ledger(path, Clock()) as ledger:  # each group by another process's hold on the ledger
            ledger.commit(wishes[start : start + group])
    assert heard.texts == ["".join(texts)]


def test_the_last_part_makes_the_change_in_the_same_commit(tmp_path: Path) -> None:
    heard = Heard(wish(state=OUT))
    with Ledger(tmp_path, Clock()) as ledger:
        assert ledger.commit([part(2, "texting me", heard)]) == [()]
        assert [len(made) for made in ledger.commit([part(1, "please stop ", heard)])] == [1]
        assert heard.texts == ["please stop texting me"]
        assert state(ledger) is OUT


def test_replies_of_others_and_of_other_references_are_kept_apart(tmp_path: Path) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([part(1, "a", heard), part(2, "b", heard, reference=8), part(2, "c", heard, pair=numbered(1))])
        assert heard.texts == []
        ledger.commit([part(2, "d", heard)])
    assert heard.texts == ["ad"]


def test_a_reference_used_again_begins_anew(tmp_path: Path) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([part(1, "old", heard), part(1, "new ", heard), part(2, "text", heard)])
    assert heard.texts == ["new text"]


def test_unfinished_replies_are_forgotten_in_time(tmp_path: Path) -> None:
    heard, clock = Heard(wish(state=IN)), Clock()
    with Ledger(tmp_path, clock, keeping=Keeping(seconds=60)) as ledger:
        ledger.commit([part(1, "a", heard)])
        clock.now += 61_000_000
        ledger.commit([part(2, "b", heard)])
    assert heard.texts == []


def test_their_number_is_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    heard, clock = Heard(), Clock()
    with Ledger(tmp_path, clock, keeping=Keeping(most=10)) as ledger:
        for n in range(30):
            clock.now += 1
            ledger.commit([part(1, "a", heard, pair=numbered(n))])
        ledger.commit([part(2, "b", heard, pair=numbered(29)), part(2, "b", heard, pair=numbered(0))])
        assert heard.texts == ["ab"]


@pytest.mark.parametrize(("number", "total"), [(0, 2), (3, 2), (255, 2)])
def test_impossible_numbers_are_not_kept(tmp_path: Path, number: int, total: int) -> None:
    heard = Heard()
    with Ledger(tmp_path, Clock()) as ledger:
        assert ledger.commit([part(number, "x", heard, total=total)]) == [()]
