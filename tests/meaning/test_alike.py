"""Words that sound like those of a request, or in which a finger slipped, are heard where the others make it one."""

from __future__ import annotations

import pytest
from wordfreq import top_n_list

from proxy.meaning.alike import meant, sound
from proxy.meaning.meanings import Meaning
from proxy.meaning.plain import normal
from proxy.meaning.replies import Replies
from proxy.meaning.typos import distance

REPLIES = Replies()


@pytest.mark.parametrize(
    "text",
    [
        "plese tak me of yor list",
        "stop mesiging me",
        "leavde me alone",
        "Do niot contact me again",
        "stob texting me",
        "Stoop messages",
        "pls unsucribe me",
        "never texg this number again",
        "i dont wanna recieve this messeges no more",
    ],
)
def test_a_request_is_heard_in_the_spelling_of_the_ear_and_of_fingers(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.STOP


@pytest.mark.parametrize(
    "text",
    [
        "the least you can do is send a list",
        "next step: messages for the team",
        "stop syncing with my phone",
        "my brother is on the list",
        "you lost my number",
        "place the order please",
        "a massage, please",
        "plese send it agan",
    ],
)
def test_what_only_sounds_like_one_is_none(text: str) -> None:
    assert REPLIES.read(text).meaning is not Meaning.STOP


def test_a_word_that_is_only_like_one_asks_nothing_by_itself() -> None:
    assert meant("texg") == "text"
    assert REPLIES.read("texg").meaning is Meaning.OTHER


AS_MEANT = {
    "aff", "agan", "dnt", "domt", "fram", "kontakt", "massage", "mor", "nevre", "nvr", "pleas", "pls", "plse", "plz",
    "recieve", "stip", "stoop", "stpo", "tak", "takin", "txt", "plese", "atop", "sop", "sto", "stob",
}  # fmt: skip
"""Frequent words that are meant as others where the rest of the message asks to stop."""


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "it", "pt", "nl", "pl", "sv", "id"])
def test_no_other_frequent_word_is_taken_for_one_that_sounds_like_it(language: str) -> None:
    frequent = {normal(word) for word in top_n_list(language, 10_000)}
    assert {word for word in frequent if meant(word)} <= AS_MEANT


def test_words_that_sound_the_same_are_the_same() -> None:
    for one, other in (("please", "plese"), ("your", "yor"), ("off", "of"), ("messages", "mesiges"), ("phone", "fone")):
        assert sound(one) == sound(other)


def test_distance_counts_what_a_finger_does_once() -> None:
    assert [distance("stop", other, 3) for other in ("stop", "stpo", "sto", "stoop", "top", "stok")] == [0] + [1] * 5
    assert distance("unsucribe", "unsubscribe", 2) == 2
    assert distance("stop", "unsubscribe", 2) == 3
