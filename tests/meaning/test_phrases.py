"""Every phrase is found in what it stands for, wherever that stands: none is left out for the sake of speed."""

from __future__ import annotations

import random
import re

import pytest

from proxy.meaning.languages import LANGUAGES
from proxy.meaning.languages.table import KINDS, Language
from proxy.meaning.phrases import Match, PhraseError, Phrases, Text, mask, search
from proxy.meaning.plain import tokens

ELEMENT = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|(\S+)")


def one_of_what_it_stands_for(phrase: str, table: Language, rng: random.Random) -> str:
    words: list[str] = []
    for in_brackets, in_square, single in ELEMENT.findall(phrase):
        if in_square and rng.random() < 0.5:
            continue
        choice = rng.choice((in_brackets or in_square or single).split("|"))
        while choice in table.classes:
            choice = rng.choice(table.classes[choice].split("|"))
        words.append({"...": "qx", "~": "qx . qx", "NUMBER": "7", "^": "", "$": ""}.get(choice.strip(), choice))
    return " ".join(" ".join(words).split())


def found(phrases: Phrases, kind: str, text: str) -> Match | None:
    words = tokens(text)
    told = 0
    for word in words:
        told |= phrases.told(word)
    tried = {number for word in words for needs, number in phrases.anchored(word) if told & needs == needs}
    return search(phrases.candidates(tried), kind, Text(" ".join(words) + " "))


@pytest.mark.parametrize("table", LANGUAGES, ids=lambda table: table.name)
def test_every_phrase_is_found_in_what_it_stands_for(table: Language) -> None:
    rng = random.Random(14)
    for kind in KINDS:
        for phrase in getattr(table, kind):
            phrases = Phrases([(kind, phrase, table.classes)])
            for around in ("{}", "qx. {}. qx", "{}? {}"):
                said = one_of_what_it_stands_for(phrase, table, rng)
                if said.count("?") + said.count(".") == len(re.findall(r"(?<= )[.?](?= |$)", said)):
                    assert found(phrases, kind, around.format(said, said)), (phrase, around, said)


def test_a_mask_leaves_out_every_match_and_nothing_else() -> None:
    phrases = Phrases([("scenery", "(stop|stops) [by|sign]", {}), ("scenery", "... never", {})])
    candidates = phrases.candidates({0})
    assert mask(candidates, "scenery", Text("stop by stops sign me stop ")).written == "_ _ me _ "
    assert mask(candidates, "scenery", Text("shop stopped ")).written == "shop stopped "
    assert mask(phrases.candidates({1}), "scenery", Text("a . b never c ")).written == "a . _ c "


@pytest.mark.parametrize("phrase", ["stop [texting|$]", "[^|please] stop it"])
def test_an_end_in_what_may_be_missing_is_a_mistake(phrase: str) -> None:
    with pytest.raises(PhraseError, match="says nothing"):
        Phrases([("stop", phrase, {})])
