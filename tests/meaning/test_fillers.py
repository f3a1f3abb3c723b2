"""Whatever stands around a request to stop, or in it, nobody who wrote it is texted again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.meaning.meanings import Meaning
from proxy.meaning.replies import Replies
from tests.corpus import labelled_replies

REPLIES = Replies()
REQUESTS = (
    "stop texting me", "STOP", "unsubscribe", "take me off your list", "please stop", "no more messages please",
    "dont text me anymore", "remove my number from your list", "no me manden mas mensajes", "ne m'envoyez plus de sms",
    "bitte keine sms mehr schicken", "nao quero mais receber mensagens", "non mandatemi piu messaggi", "stop it please",
    "stuur mij geen berichten meer", "nie przysylajcie mi wiecej sms", "mesaj gondermeyin artik", "stop sending these",
)  # fmt: skip
FILLERS = (
    "", "not", "absolutely not", "for now", "to quit", "lol", "please", "no", "yes", "I can't", "never", "the bus stop",
    "by the way", "again", "you idiots", "start", "thanks", "if you don't mind", "why", "my order", "at 5", "honestly",
    "put me on the list", "ok", "ffs", "non", "jamais", "porfa", "bitte", "kein", "don't", "the", "2",
)  # fmt: skip
LET_NOBODY_IN = {Meaning.STOP, Meaning.UNCLEAR, Meaning.HELP, Meaning.AUTOMATIC}


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("joint", [" ", ", ", ". "])
def test_fillers_before_and_behind_never_make_it_ordinary(request_: str, joint: str) -> None:
    """All of them: a few of a thousand pairs have been wrong, and random ones missed them."""
    texts = [before + joint + request_ + joint + behind for before in FILLERS for behind in FILLERS]
    assert [text for text in texts if REPLIES.read(text).meaning not in LET_NOBODY_IN] == []


@pytest.mark.parametrize("request_", [request for request in REQUESTS if " " in request])
def test_fillers_inside_never_make_it_ordinary(request_: str) -> None:
    words = request_.split()
    texts = [" ".join([*words[:n], filler, *words[n:]]) for n in range(1, len(words)) for filler in FILLERS]
    assert [text for text in texts if REPLIES.read(text).meaning not in LET_NOBODY_IN] == []


@pytest.mark.parametrize("text", ["Absolutely not. STOP", "Stop for now", "not stop", "stop to quit"])
def test_a_mask_makes_a_stop_unclear_at_most(text: str) -> None:
    assert REPLIES.read(text).meaning in LET_NOBODY_IN


@pytest.mark.parametrize("text", ["I'll be at the bus stop", "will stop by at 6", "f stop of 8", "see the stop sign"])
def test_a_compound_is_ordinary(text: str) -> None:
    assert REPLIES.read(text).meaning is Meaning.OTHER


DENIALS = st.sampled_from(["never ", "don't ", "if you ", "stop, and don't ", "no way you "])
ASKS = st.sampled_from(["sign me up again", "start texting me again", "put me back on your list", "text me again"])


@given(DENIALS, ASKS)
def test_a_request_to_be_let_in_that_is_denied_lets_nobody_in(denial: str, asks: str) -> None:
    assert REPLIES.read(denial + asks).meaning is not Meaning.RESUME


@pytest.mark.parametrize("name", ["everyday", "own_words", "campaign"])
def test_another_language_than_expected_is_unclear_and_never_ordinary(name: str) -> None:
    english = Replies(languages=["en"])
    for number in range(7):
        for label, text in labelled_replies(f"people/{name}_{number}.tsv"):
            usual = REPLIES.read(text).meaning
            if label == "stop" and usual is Meaning.STOP:
                assert english.read(text).meaning in {Meaning.STOP, Meaning.UNCLEAR}, text


def test_a_foreign_stop_word_opts_out_only_where_its_language_is_expected() -> None:
    assert REPLIES.read("aufhören").meaning is Meaning.STOP
    assert Replies(languages=["de"]).read("aufhören").meaning is Meaning.STOP
    assert Replies(languages=["es"]).read("aufhören").meaning is Meaning.UNCLEAR
    assert Replies(languages=["es"]).read("STOP").meaning is Meaning.STOP
    assert Replies(languages=["es"]).version != REPLIES.version
