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
        "It says reply STOP to opt out",
        "Do I type STOP or END?",
        "it is encrypted end to end",
        "we must put a stop to end this war",
        "meet me at the bus STOP",
        "what a full STOP",
        "it costs $5.10 at the top",
        "see you at 5, top floor",
        "this has to end",
        "could you please stop that payment before Friday?",
        "stop sleeping on the job, I want this done",
        "I'd rather not get up that early",
        "make sure I don't get sick",
        "let me take out my phone first",
        "there are no messages on my phone",
        "I need to get deleted files back",
        "opt out of the dental plan",
        "off the list of candidates I'd take the second",
        "phir se msg bhejo",
        "how do they get me off this bus",
        "how about you, do you want to get rid of this phone",
    ],
)
def test_a_keyword_that_is_spoken_of_or_means_something_else_does_not(text: str) -> None:
    assert REPLIES.read(text).meaning is not Meaning.STOP


@pytest.mark.parametrize(
    "text",
    ["EN2DSTOP", "Stop2Cancdel", "Stoptpostop", "stop2endstop2end", "quit two end", "Stop to quite", "$top2end", "s2e"],
)
def test_two_joined_keywords_are_heard_with_a_slip_anywhere(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize("text", ["Reply STOP to opt out", "reply stop", "Reply stop2end", "txt stop 2 end"])
def test_an_instruction_that_is_copied_and_nothing_else_stops(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize(
    "text", ["It said: reply stop2end", "Does Stop2End work?", "Is it Stop2End or Quit2End?", "stop to end what?"]
)
def test_an_instruction_that_is_repeated_or_asked_about_is_unclear(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.UNCLEAR


@pytest.mark.parametrize(
    "text",
    [
        "this is spam stop",
        "he died stop",
        "Dave doesnt live here stop",
        "stop you crooks",
        "fuck off stop",
        "why do you keep texting me i said stop",
        "had enough of this, no more",
        "Never. Text. Me. Again.",
        "🛑🛑🛑 no more",
        "Quit it, I am 84",
        "go away",
        "F off",
    ],
)
def test_complaints_and_insults_beside_a_stop_or_alone_are_requests(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    ["see you at the Elm street stop", "he will never stop", "we cant stop", "which is my stop", "ok 🛑", "stop it"],
)
def test_a_last_stop_that_belongs_to_something_is_none(text: str) -> None:
    assert REPLIES.read(text).meaning is not Meaning.STOP


@pytest.mark.parametrize("text", ["START 🛑 again, put me back on the list", "bruh 🛑?"])
def test_a_stop_sign_lets_nobody_in(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.UNCLEAR


@given(st.text(max_size=200))
def test_signs_in_ordinary_text_raise_nothing(text: str) -> None:
    REPLIES.read(text)
