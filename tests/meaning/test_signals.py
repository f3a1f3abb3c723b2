"""Keywords that are joined, disguised or shouted are heard in any sentence; those that are only spoken of are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.meaning.meanings import Meaning
from proxy.meaning.replies import Replies

REPLIES = Replies()
KEYS = st.sampled_from(["stop", "Stop", "STOP", "stopp", "quit", "Quit", "unsubscribe", "cancel", "end"])
FIRST = KEYS.filter(lambda key: key != "end")
JOINS = st.sampled_from(["2", " 2 ", "to", " to ", " too ", "2 "])
BEFORE = st.sampled_from(["", "ok ", "I already voted. ", "lol no way ", "not Karen, ", "hell no, "])
BEHIND = st.sampled_from(["", "!!", " please", " thx", ". I moved", " 🙄"])
LETTERS = ("sS$5§", "tT7+", ["o", "O", "0", "*", "()", "🛑"], "pP")
DISGUISED = st.tuples(*map(st.sampled_from, LETTERS)).map("".join)
SPACED = st.sampled_from("-._*").map(lambda sign: sign.join("stop"))


@given(BEFORE, FIRST, JOINS, KEYS, BEHIND)
def test_two_keywords_that_are_joined_stop_wherever_they_stand(
    before: str, first: str, join: str, second: str, behind: str
) -> None:
    assert REPLIES.read(before + first + join + second + behind).meaning is Meaning.STOP


@given(DISGUISED | SPACED)
def test_stop_with_signs_for_letters_is_stop(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP
    assert REPLIES.read(f"please {text} texting me").meaning is Meaning.STOP


@pytest.mark.parametrize(
    "text", ["Voted early for the other guy lol STOP", "My husband has passed away. STOP", "ok thanks - QUIT!!"]
)
def test_a_keyword_in_capitals_at_the_end_stops(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "Reply STOP to opt out",
        "Do I type STOP or END?",
        "it is encrypted end to end",
        "we must put a stop to end this war",
        "meet me at the bus STOP",
        "what a full STOP",
        "it costs $5.10 at the top",
        "see you at 5, top floor",
        "this has to end",
    ],
)
def test_a_keyword_that_is_spoken_of_or_means_something_else_does_not(text: str) -> None:
    assert REPLIES.read(text).meaning is not Meaning.STOP


@given(st.text(max_size=200))
def test_signs_in_ordinary_text_raise_nothing(text: str) -> None:
    REPLIES.read(text)
