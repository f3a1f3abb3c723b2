"""A grammar of requests: which classes of words, near each other in one sentence of one language, ask to stop.

Phrases have a fixed order, people don't. Here a request is a word that ceases, refuses or removes and one for
contacting, messages or lists, whatever stands between them. Each rule holds words of two kinds, and none of them is a
request by itself. What a rule finds is lowered to "unclear" by a question that asks for nothing, by a condition, or by
a word of the class ``guard``. ``languages.classes`` has the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from proxy.meaning.halves import HEADS, OF_ONESELF, RETURNED, SUSPECT
from proxy.meaning.languages.classes import CLASSES, Classes
from proxy.meaning.wordclasses import (
    AGAIN,
    BACK,
    CANCEL,
    CEASE,
    CONTACT,
    CONTACTING,
    GUARD,
    ME,
    ME_FIRST,
    MESSAGE,
    MINE,
    MORE,
    NONE,
    NOT_CONTACT,
    NUMBER,
    OWN,
    PLACE,
    PLEASE,
    RECEIVE,
    REFUSE,
    REFUSE_VERB,
    REMOVE,
    REMOVE_ME,
    UNLIST,
    WANT,
    classes_of,
)

_NEAR = 5
"""So many words around a request are looked at for what lowers it."""

_VERBS = CONTACT | CONTACTING | RECEIVE

ENGLISH = CLASSES[0]


class Request(NamedTuple):
    """What was found: the two words that made it, and whether something lowers it to unclear."""

    words: str
    is_certain: bool
    language: str


class _Rule(NamedTuple):
    """Classes that must all be in a sentence, the first two of them within ``reach`` words of each other."""

    head: int
    near: int
    reach: int
    also: tuple[int, ...] = ()
    is_ordered: bool = True
    """Whether the head comes first, in languages that put the verb before what it is about."""
    is_last: bool = False
    """Whether the sentence must end with it, or a word or two later: what follows else is what is refused."""


_RULES = (
    _Rule(CEASE, CONTACTING | MESSAGE, 6),
    _Rule(CEASE, CONTACT, 2),
    _Rule(NONE, MESSAGE, 4, (MORE,)),
    _Rule(REFUSE, WANT, 3, (MESSAGE | RECEIVE | CONTACT,)),
    _Rule(REFUSE, CONTACT, 4, (MESSAGE | MORE,)),
    _Rule(REFUSE, CONTACT, 4, (OWN,), is_last=True),
    _Rule(REFUSE, CONTACTING, 4, (MORE | PLEASE, OWN | MESSAGE | MORE)),
    _Rule(REFUSE, RECEIVE, 4, (MORE, MESSAGE | OWN)),
    _Rule(REFUSE, MESSAGE, 4, (MORE,), is_ordered=False),
    _Rule(NOT_CONTACT, MESSAGE | OWN | MORE | NUMBER, 6, is_ordered=False),
    _Rule(REMOVE, PLACE, 7, (ME,)),
    _Rule(REMOVE, NUMBER, 5, (OWN,)),
    _Rule(REMOVE_ME, PLACE | MESSAGE | PLEASE | MORE, 7, is_ordered=False),
    _Rule(UNLIST, NUMBER | MESSAGE | PLACE | OF_ONESELF, 4, is_ordered=False),
    _Rule(CANCEL, MESSAGE, 5),
)
"""Every rule has words of two kinds: what is done, and what it is done to."""


def request(words: Sequence[str], languages: int) -> Request | None:
    """The request to stop in these words, which have ``.`` and ``?`` where sentences end; the surest that is there.

    ``languages`` is what ``asking`` says of them, or of more words.
    """
    unsure: Request | None = None
    for sentence, end in _sentences(words):
        for language, bits in _by_language(sentence, languages):
            found = _found(sentence, bits, CLASSES[language], end)
            if found is not None:
                if found.is_certain:
                    return found
                unsure = unsure or found
    return unsure


def suspicion(words: Sequence[str], languages: int) -> str | None:
    """Two words of one language in one sentence that may be about stopping, though no rule says what is asked.

    ``languages`` is what ``suspecting`` says of them, or of more words.
    """
    for sentence, _ in _sentences(words):
        for _, bits in _by_language(sentence, languages):
            heads, objects = ([n for n, each in enumerate(bits) if each & half] for half in SUSPECT)
            if heads and objects and {*heads, *objects} > {heads[0]}:
                return f"{sentence[heads[0]]} … {sentence[objects[-1]]}"
    return None


def request_back(words: Sequence[str], languages: int) -> Request | None:
    """The request to be let back in: once more, and messages or a list, with a wish or a plea.

    ``languages`` is what ``asking_back`` says of them, or of more words.
    """
    for sentence, _ in _sentences(words):
        for language, bits in _by_language(sentence, languages):
            union = 0
            for each in bits:
                union |= each
            if union & HEADS & ~CANCEL or _is_borrowed(sentence, bits, language):
                continue
            returns = union & BACK and union & RETURNED
            wants = union & AGAIN and union & (WANT | PLEASE) and union & (MESSAGE | RECEIVE)
            if (returns and union & (AGAIN | PLEASE | WANT)) or wants:
                return Request(_shown(sentence, bits, BACK | AGAIN), is_certain=True, language=CLASSES[language].name)
    return None


def unexpected(expected: Set[str]) -> frozenset[str]:
    """The names of the languages here that belong to none of these tables of ``proxy.meaning.languages``."""
    families = {each.name: each.family for each in CLASSES}
    return frozenset(name for name, family in families.items() if family not in expected)


def _is_borrowed(sentence: Sequence[str], bits: list[int], language: int) -> bool:
    """Whether all its words for messages are English ones that this language has borrowed."""
    messages = [word for word, each in zip(sentence, bits, strict=True) if each & MESSAGE]
    return bool(messages) and CLASSES[language] is not ENGLISH and all(map(_is_english_word, messages))


def _is_english_word(word: str) -> bool:
    return word != "sms" and any(language == 0 for language, _ in classes_of(word))


def _sentences(words: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """Each sentence, and the sign that ends it, if any."""
    start = 0
    for position, word in enumerate(words):
        if word in (".", "?"):
            if position > start:
                yield words[start:position], word
            start = position + 1
    if start < len(words):
        yield words[start:], ""


def _by_language(sentence: Sequence[str], languages: int) -> Iterator[tuple[int, list[int]]]:
    """The classes of every word in each of these languages that knows one."""
    found: dict[int, list[int]] = {}
    for position, word in enumerate(sentence):
        for language, bits in classes_of(word):
            if languages >> language & 1:
                if language not in found:
                    found[language] = [0] * len(sentence)
                found[language][position] = bits
    return iter(sorted(found.items()))


def _found(sentence: Sequence[str], bits: list[int], classes: Classes, end: str) -> Request | None:
    union = 0
    for each in bits:
        union |= each
    if union & REFUSE_VERB:
        bits = _with_verb_negations(bits)
        union |= REFUSE
    unsure: Request | None = None
    for rule in _RULES:
        if not union & rule.head or not union & rule.near or not all(union & also for also in rule.also):
            continue
        pair = _pair(bits, rule, is_free=classes.is_free)
        if pair is not None and not _is_english(sentence, pair, classes):
            found = Request(
                f"{sentence[pair[0]]} … {sentence[pair[1]]}",
                not _is_lowered(bits, union, rule, pair, end),
                classes.name,
            )
            if found.is_certain:
                return found
            unsure = unsure or found
    return unsure


def _pair(bits: list[int], rule: _Rule, *, is_free: bool) -> tuple[int, int] | None:
    """Where the rule's two words stand, near enough and in an order that this language allows."""
    for head, of_head in enumerate(bits):
        if not of_head & rule.head:
            continue
        first = 0 if is_free or not rule.is_ordered else head
        for near in range(max(first, head - rule.reach), min(len(bits), head + rule.reach + 1)):
            if bits[near] & rule.near and (near != head or _is_both(of_head, rule)):
                if (rule.is_last and near + 3 < len(bits)) or (rule.near == CONTACT and near and bits[near - 1] & MINE):
                    continue  # something else is refused; or it is a noun: "this message"
                around = range(min(head, near) - 5, max(head, near) + 6)
                others = [each for n, each in enumerate(bits) if n in around and n not in (head, near)]
                if all(any(each & also for each in others) for also in rule.also):
                    return head, near
    return None


def _is_english(sentence: Sequence[str], pair: tuple[int, int], classes: Classes) -> bool:
    """Two English words that another language has borrowed: English order counts for them."""
    return classes is not ENGLISH and all(any(of == 0 for of, _ in classes_of(sentence[n])) for n in pair)


def _is_both(of_word: int, rule: _Rule) -> bool:
    """One word that refuses and wants ("istemiyorum")."""
    return bool(rule.near == WANT and of_word & WANT)


def _with_verb_negations(bits: list[int]) -> list[int]:
    return [
        each | REFUSE if each & REFUSE_VERB and any(later & _VERBS for later in bits[n + 1 : n + 3]) else each
        for n, each in enumerate(bits)
    ]


def _is_lowered(bits: list[int], union: int, rule: _Rule, pair: tuple[int, int], end: str) -> bool:
    """Whether something shows that the request may be none."""
    head, near = pair
    around = bits[max(0, min(pair) - _NEAR) : max(pair) + _NEAR + 1]
    if any(each & GUARD for each in around) or (end == "?" and not union & PLEASE):
        return True
    if union & BACK or (rule.head == CANCEL and union & AGAIN):
        return True
    before = bits[max(0, head - 2) : head]
    if rule.head == REFUSE and rule.near == CONTACT and _is_asked_after(bits, near):
        return True
    if rule.head == CEASE and any(each & REFUSE for each in before):
        return True
    tells = rule.head == REFUSE and rule.near != WANT and any(each & ME_FIRST for each in before)
    return tells and not union & PLEASE


def _is_asked_after(bits: list[int], near: int) -> bool:
    """Whether contact is asked for after it was refused: "don't text my husband, text me"."""
    return any(
        each & CONTACT and not any(earlier & REFUSE for earlier in bits[max(0, n - 2) : n])
        for n, each in enumerate(bits)
        if n > near + 1
    )


def _shown(sentence: Sequence[str], bits: list[int], wanted: int) -> str:
    return " … ".join(word for word, each in zip(sentence, bits, strict=True) if each & wanted)
