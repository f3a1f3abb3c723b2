"""No everyday word of any language reads as STOP, but for the stop words that somebody has looked at and signed."""

from __future__ import annotations

from pathlib import Path

import pytest
from wordfreq import top_n_list

from proxy.meaning.languages import LANGUAGES as TABLES
from proxy.meaning.languages.everyday import DENIES, NO_SLIPS, UNCLEAR_ALONE
from proxy.meaning.meanings import Meaning
from proxy.meaning.plain import normal
from proxy.meaning.replies import STOP_WORDS, Replies
from proxy.meaning.spelling import SLIPS_OF_OBJECTS

REPLIES = Replies()
LANGUAGES = [
    "en", "es", "fr", "pt", "de", "it", "nl", "pl", "tr", "id", "sv", "ro", "cs", "da", "fi", "nb", "hu", "el", "ru",
    "uk", "vi", "fil", "ca",
]  # fmt: skip
MOST_FREQUENT = 25_000
SPELLING = {wrong: right for table in TABLES for wrong, right in table.spelling.items()}

SIGNED = frozenset(Path(__file__).with_name("signed_words.txt").read_text("utf-8").split())
"""Frequent words, in plain form, that ask to stop when they are all that somebody answers, in their own language.

Whoever adds one has made sure that it asks nothing else in another language."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_frequent_words_ask_nobody_to_stop_unless_they_are_signed(language: str) -> None:
    read = {normal(word): REPLIES.read(word).meaning for word in top_n_list(language, MOST_FREQUENT)}
    assert {word for word, meaning in read.items() if meaning is Meaning.STOP} <= SIGNED


MISSPELT = {"agan", "dnt", "domt", "nevre", "plese", "stpo"}
"""Frequent words that are misspellings, and are corrected."""


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language not in ("ru", "uk", "el")])
def test_no_frequent_word_is_taken_for_the_slip_of_another(language: str) -> None:
    frequent = {normal(word) for word in top_n_list(language, MOST_FREQUENT)}
    assert frequent & SLIPS_OF_OBJECTS.keys() <= MISSPELT


def test_a_signed_word_is_a_stop() -> None:
    assert {word for word in SIGNED if REPLIES.read(word).meaning is not Meaning.STOP} == set()


@pytest.mark.parametrize("text", ["Soon", "soon!", "Aalto", "arbete", "carcel"])
def test_an_ordinary_word_that_is_nearly_a_keyword_is_an_ordinary_reply(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.OTHER


@pytest.mark.parametrize("text", ["Dame", "stp", "Acha", "son", "Dur!", "stof", "scoop"])
def test_a_word_that_stops_somewhere_else_is_unclear_and_resumes_nothing(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.UNCLEAR


@pytest.mark.parametrize("word", sorted(UNCLEAR_ALONE))
@pytest.mark.parametrize("around", ["ok {}", "{}, please", "{0} {0}", "Call me tomorrow. {}"])
def test_it_stays_unclear_with_courtesy_said_twice_or_as_a_sentence(word: str, around: str) -> None:
    assert REPLIES.read(around.format(word)).meaning is not Meaning.STOP


@pytest.mark.parametrize("text", ["dur lütfen", "kappen aub", "ferma, per favore"])
def test_with_courtesy_of_its_own_language_it_is_a_stop(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize("text", ["Got it. stpo", "Stp. STOP", "Got it. Opt out"])
def test_a_sentence_that_no_everyday_word_explains_stops(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize("word", sorted(DENIES))
def test_words_that_count_in_any_language_are_written_as_they_are_compared(word: str) -> None:
    assert normal(word) == word
    assert SPELLING.get(word, word) == word, "the spelling of another language has changed it before it is looked for"


def test_what_the_settings_name_is_a_stop_whatever_it_is_elsewhere() -> None:
    assert Replies(stop=[*STOP_WORDS, "son"]).read("Son").meaning is Meaning.STOP


def test_no_word_is_in_both_lists() -> None:
    assert NO_SLIPS.isdisjoint(UNCLEAR_ALONE)


@pytest.mark.parametrize("text", ["sttoopp", "STOOOP", "stpo", "stip texting me", "Plz stop, son"])
def test_slips_of_stop_are_still_heard(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP
