"""What replies mean."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.meaning.meanings import Meaning, Reading, most_cautious
from proxy.meaning.phrases import PhraseError
from proxy.meaning.plain import normal
from proxy.meaning.replies import HELP_WORDS, LONGEST, PER_SE_WORDS, RESUME_WORDS, STOP_WORDS, Extra, Replies

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
    "text",
    [
        "ＳＴＯＰ",
        "SТОP",
        "ST\u200bOP",
        "S.T.O.P",
        "s t o p",
        "stop stop stop",
        "STOP\u00a0",
        "🛑 stop 🛑",
        "ꜱᴛᴏᴘ",
        "🆂🆃🅾🅿",
    ],
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


@pytest.mark.parametrize(
    "hostile",
    ["stop texting ", "please ", "no ", "a", "stop ", "> ", "\n", "(", "on \n", "sent ", "dont you want to get me off ",
     "can stop 2 ", "liked ", "é", "i'm ", " ", "\t ", "“", "remove my number from ", "\u0301\u0316", "ﷺ", "- ", "...",
     "退订不"],
)  # fmt: skip
def test_the_work_grows_with_the_length_and_no_faster(hostile: str) -> None:
    """Sixteen times the text takes at most some forty times the instructions, not 256 times.

    A busy machine may spoil a measurement, or two; work that grows as the square is too much in every one.
    """
    small, large = (hostile * (size // len(hostile)) for size in (4096, 65536))
    assert any(steps(large) < 40 * max(steps(small), 2_000_000) for _ in range(5))


def steps(text: str) -> int:
    """CPU time of reading this text, in nanoseconds of the process."""
    begun = time.process_time_ns()
    REPLIES.read(text)
    return time.process_time_ns() - begun


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't stop texting me", Meaning.UNCLEAR),
        ("bus stop at 5", Meaning.OTHER),
        ("cancel my appointment", Meaning.OTHER),
        ("end of the day works", Meaning.OTHER),
        ("Count me in! We have got to STOP this terrible bill", Meaning.UNCLEAR),
        ("Stop. Thank you", Meaning.STOP),
        ("STOP (Sent with Loud Effect)", Meaning.STOP),
        ("Reacted 👍 to “Reply STOP to opt out”", Meaning.AUTOMATIC),
        ("wrong number, stop texting me", Meaning.STOP),
        ("stop. no wait. start", Meaning.UNCLEAR),
        ("yes stop", Meaning.STOP),
        ("no stop", Meaning.UNCLEAR),
    ],
)
def test_single_cases(text: str, expected: Meaning) -> None:
    assert meaning(text) is expected


@pytest.mark.parametrize("before", ["I'm driving right now.", "I am out of the office until Monday,", "Auto-reply:"])
def test_nothing_automatic_hides_a_request(before: str) -> None:
    assert meaning(before) is Meaning.AUTOMATIC
    assert meaning(f"{before} stop texting me") is Meaning.STOP
    assert meaning(f"{before} Reply STOP to opt out") is Meaning.AUTOMATIC


def test_added_scenery_hides_no_request() -> None:
    replies = Replies(extra=Extra(scenery=("stop texting",)))
    assert replies.read("stop texting me").meaning is Meaning.STOP


def test_phrases_can_be_added() -> None:
    replies = Replies(extra=Extra(stop=("(drop|ditch) my digits",), scenery=("pit stop tour",)))
    assert replies.read("pls ditch my digits ok").meaning is Meaning.STOP
    assert replies.read("the pit stop tour was fun").meaning is Meaning.OTHER
    assert replies.version != Replies().version


def test_a_phrase_that_can_not_be_read_is_refused() -> None:
    for phrase in ("(stop|quit", "[maybe]", ""):
        with pytest.raises(PhraseError):
            Replies(extra=Extra(stop=(phrase,)))


def test_stopall_is_told_apart() -> None:
    assert REPLIES.asks_for_all(REPLIES.read("Stop all."))
    assert not REPLIES.asks_for_all(REPLIES.read("stop"))


@given(st.text(max_size=200))
def test_nothing_raises(text: str) -> None:
    meaning(text)


@given(st.text(alphabet="xqz éß😀,.?!\n\u200b'\"", max_size=100))
def test_what_mentions_stopping_does_not_resume(text: str) -> None:
    """Whatever is around it, as long as it doesn't make a bus stop of it."""
    assert meaning(f"{text} stop {text}") not in (Meaning.OTHER, Meaning.RESUME)


@pytest.mark.parametrize("before", ["stuck at the bus", "give it a rest", "one", "f", "in traffic"])
def test_no_scenery_hides_a_request(before: str) -> None:
    assert meaning(f"{before} stop texting me") is Meaning.STOP


SECRETS = ("anna", "miller", "4111111111111111", "555", "0123", "elm", "street", "hunter2")


@pytest.mark.parametrize(
    "text",
    [
        "please take my wife Anna Miller off your list",
        "please remove 555 0123 Anna Miller from your list",
        "stop texting Anna Miller on 555 0123 about card 4111111111111111",
        "take hunter2 off the list",
        "dont text me or Anna Miller ever again",
        "stop sending Anna your messages please",
    ],
)
def test_what_matched_has_the_words_of_the_rule_and_nothing_that_the_consumer_put_between(text: str) -> None:
    matched = REPLIES.read(text).matched
    assert matched
    assert not any(secret in matched for secret in SECRETS), matched


@given(st.data())
def test_nothing_between_the_words_of_a_phrase_is_in_what_matched(data: st.DataObject) -> None:
    """Any gap of any phrase is filled with words that no rule has."""
    foreign = data.draw(st.lists(st.sampled_from(["zqx1", "9988776655", "wvuq"]), min_size=1, max_size=2))
    template = data.draw(
        st.sampled_from(
            [
                "take {} off your list",
                "remove {} from your list",
                "stop {} texting me",
                "do not {} text me",
                "{} stop {}",
            ]
        )
    )
    reading = REPLIES.read(template.replace("{}", " ".join(foreign)))
    assert not any(word in reading.matched for word in foreign), reading
    assert not re.search(r"\d", reading.matched)


@pytest.mark.parametrize(
    "text",
    [
        "Dont u ever text me again",
        "Never sign me up again",
        "put me back on ur list? no way",
        "if you start texting me again I will sue",
        "don't you dare add me back on",
    ],
)
def test_a_request_to_be_let_in_that_is_denied_or_conditional_lets_nobody_in(text: str) -> None:
    assert REPLIES.read(text).meaning in (Meaning.STOP, Meaning.UNCLEAR)


@pytest.mark.parametrize("text", ["unblock my PIN", "reactivate my card please", "put me back on my factory settings"])
def test_what_is_to_be_unblocked_or_put_back_has_to_be_the_messages_or_the_list(text: str) -> None:
    assert Replies(resume=[]).read(text).meaning is not Meaning.RESUME


@pytest.mark.parametrize(
    "text",
    [
        "Ostie que vous êtes fatigants, textez moi pus jamais",
        "will das ned mehr, keine Nachrichten",
        "ga mau terima promo lg, ganggu bgt",
        "nu mai vreau mesaje de la voi",
        "bir daha mesaj gondermeyin",
        "prosze nie pisac juz",
        "i not want this message, please finish",
    ],
)
def test_a_word_that_refuses_beside_one_for_messages_resumes_nothing(text: str) -> None:
    assert REPLIES.read(text).meaning in (Meaning.STOP, Meaning.UNCLEAR)


@pytest.mark.parametrize(
    "text",
    [
        "ich habe keine SMS bekommen",
        "ik heb geen bericht gekregen",
        "non ho ricevuto nessun messaggio",
        "nao recebi nenhuma mensagem",
        "no recibi ningun mensaje",
        "hindi ko natanggap ang text",
        "nu am primit mesajul",
        "I never got your text",
    ],
)
def test_who_has_not_received_a_message_refuses_none(text: str) -> None:
    assert REPLIES.read(text).meaning is not Meaning.STOP


def test_of_a_very_long_reply_only_a_stop_is_certain() -> None:
    ordinary = "see you on monday at the shop. " * 1000
    assert REPLIES.read(ordinary).meaning is Meaning.UNCLEAR
    assert REPLIES.read(f"START {ordinary}").meaning is Meaning.UNCLEAR
    assert REPLIES.read(f"{ordinary} Please take me off your list.").meaning is Meaning.STOP
    assert REPLIES.read(f"Please take me off your list. {ordinary}").meaning is Meaning.STOP
    assert REPLIES.read("x" * (LONGEST + 1)).meaning is Meaning.UNCLEAR


def test_such_words_in_two_sentences_are_an_ordinary_reply() -> None:
    assert REPLIES.read("Ned was here. Liste folgt").meaning is Meaning.OTHER


def test_warmed_rules_read_as_before() -> None:
    warmed = Replies()
    assert len(list(warmed.warm())) > 500
    assert list(warmed.warm()) == []
    for text in ("please stop texting me", "take me off your list", "see you at 5", "how do i stop this"):
        assert warmed.read(text) == Replies().read(text)
