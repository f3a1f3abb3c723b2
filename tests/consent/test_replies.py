"""What replies mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.plain import normal
from proxy.consent.replies import (
    HELP_WORDS,
    PER_SE_WORDS,
    RESUME_WORDS,
    STOP_WORDS,
    Meaning,
    Reading,
    Replies,
    most_cautious,
)

REPLIES = Replies()


def meaning(text: str) -> Meaning:
    return REPLIES.read(text).meaning


@pytest.mark.parametrize("word", STOP_WORDS)
def test_every_stop_word_stops(word: str) -> None:
    for text in (
        word,
        word.lower(),
        word.title(),
        f" {word}. ",
        f"{word}!!!",
        f"“{word}”",
        f"{word}\n",
        f"please {word}",
    ):
        assert meaning(text) is Meaning.STOP, text


@pytest.mark.parametrize("word", RESUME_WORDS)
def test_every_resume_word_resumes(word: str) -> None:
    assert meaning(word) is Meaning.RESUME
    assert meaning(f" {word.lower()}! ") is Meaning.RESUME


@pytest.mark.parametrize("word", HELP_WORDS)
def test_every_help_word_asks_for_help(word: str) -> None:
    assert meaning(word) is Meaning.HELP


@pytest.mark.parametrize(
    "text", ["ＳＴＯＰ", "ST\u200bOP", "S.T.O.P", "s t o p", "stop stop stop", "STOP\u00a0", "🛑 stop 🛑"]
)
def test_stop_in_disguise(text: str) -> None:
    assert meaning(text) is Meaning.STOP


@pytest.mark.parametrize("text", ["hi", "ok", "yes please 2pm", "👍", "1", "who is this?", "thanks", "on my way"])
def test_ordinary_replies(text: str) -> None:
    assert meaning(text) in (Meaning.OTHER, Meaning.RESUME)


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_nothing_says_nothing(text: str) -> None:
    assert meaning(text) is Meaning.UNCLEAR


@pytest.mark.parametrize("text", ["Liked “Reply STOP to opt out”", 'Loved "Sale! Reply STOP to end"'])
def test_reactions_change_nothing(text: str) -> None:
    assert meaning(text) is Meaning.AUTOMATIC


def test_words_can_be_added() -> None:
    replies = Replies(stop=[*STOP_WORDS, "basta ya"])
    assert replies.read("¡Basta ya!") == Reading(Meaning.STOP, "basta ya")


def test_per_se_words_are_among_the_defaults() -> None:
    assert {normal(word) for word in STOP_WORDS} >= PER_SE_WORDS


def test_the_most_cautious_reading_counts() -> None:
    stop, other, resume = (Reading(m, "") for m in (Meaning.STOP, Meaning.OTHER, Meaning.RESUME))
    assert most_cautious([resume, stop, other]) is stop
    assert most_cautious([resume, other]) is other


@given(st.text(max_size=200))
def test_nothing_raises_and_what_mentions_stopping_does_not_resume(text: str) -> None:
    meaning(text)
    assert meaning(f"{text} stop {text}") not in (Meaning.OTHER, Meaning.RESUME)
