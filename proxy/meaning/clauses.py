"""Keywords that are a clause of a message: "Got it. STOP", "I'm voting for her, stop", "STOP I moved away".

A keyword opts out as a clause of its own, first or last in its sentence, with courtesy around it. A few of them also do
so at the start of a clause, if what follows is a reason or an insult, and not what should stop ("stop by", "stop the
car"). What is asked ("Stop?") is no request.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from proxy.meaning.languages.everyday import UNCLEAR_ALONE
from proxy.meaning.plain import normal

_CLAUSE = re.compile(r"([.;:!?\n()…—–]+|,|\s-+\s)")

ALONE = frozenset((
    "stop", "quit", "end", "unsubscribe", "unsub", "optout", "opt out", "opt me out", "remove", "remove me",
    "stopall", "stop all", "stop these", "stop it all", "stop dis", "stop them", "unsubscribe me", "take me off",
    "stopp", "arret", "arretez",
))  # fmt: skip
"""Clauses that ask to stop, whatever stands in the others."""

BESIDE_OTHERS = frozenset((
    "stop it", "quit it", "cease", "desist", "piss off", "fuck off", "sod off", "bugger off", "buzz off",
    "knock it off",
    "clear off",
))  # fmt: skip
"""Clauses that do so beside others; as the whole message they are unclear."""

KEYS = frozenset(said.split()[0] for said in ALONE | BESIDE_OTHERS)
"""One of these is in every message that has such a clause, once it is spelled right."""

_GOVERNS = frozenset((
    "a", "an", "the", "this", "that", "my", "your", "his", "her", "its", "our", "their", "to", "can", "cant",
    "cannot", "could", "couldnt", "will", "wont", "would", "wouldnt", "should", "shouldnt", "must", "may", "might",
    "do", "does", "did", "dont", "doesnt", "didnt", "not", "never", "no", "i", "you", "he", "she", "it", "they",
    "we", "u", "bus", "next", "last", "first", "final", "one", "full", "non", "rest", "pit", "train", "tram",
    "metro", "truck", "traffic", "quick", "short", "every", "each", "any", "some", "and", "or", "but", "then",
    "when", "where", "at", "by", "for", "of", "in", "on", "from", "near", "until", "till", "before", "after", "if",
    "lets", "gonna", "dead", "hard", "door", "back", "say", "said", "text", "reply", "type", "texted", "typed",
    "replied", "sent", "send", "says", "saying", "word", "them", "him", "me", "us", "who", "what", "how", "ill",
    "id", "youll", "youd", "itll", "theyll", "theyd", "wed", "thatll", "just",
    "even", "ever", "also", "actually", "really", "gas", "second", "two", "only", "now", "yes",
))  # fmt: skip
"""Words behind which "stop" is a noun, or a verb that they govern."""

_NOT = frozenset(("not", "isnt", "aint"))
"""Words behind which it is no verb that they govern: "that's not me stop"."""

_SHORT = 7

_TELLERS = frozenset((
    "i", "im", "ive", "ill", "id", "we", "weve", "its",
    "he", "hes", "she", "shes", "they", "theyre", "you", "youre", "u",
    "already",
    "doesnt", "dont", "isnt", "aint", "not", "never", "me", "speak", "died", "dead", "moved", "voted", "wrong",
    "nobody", "again",
    "nah", "nope", "fam", "yo", "senator", "governor", "congressman", "mayor",
))  # fmt: skip
"""Words that show that something is told, and no thing named."""

_PLACES = frozenset((
    "a", "an", "the", "at", "to", "on", "in", "by", "near", "off", "next", "which", "where", "every", "each", "this",
    "that",
    "my", "your", "his", "her", "our", "their", "for", "from", "when", "how", "what", "street", "st", "station",
    "avenue",
    "ave", "road", "rd", "bus", "train", "tram", "can", "cant", "could", "would", "should", "will", "wont", "make",
    "made",
    "makes", "let", "see", "until", "before", "after", "if", "is", "are", "was", "be", "non", "de", "la", "el", "le",
    "en",
    "die", "der", "das", "den", "het", "il", "o", "e", "con", "sin", "por", "sans", "un", "una", "um", "eine", "ein",
))  # fmt: skip
"""Words beside which a last "stop" may be a place, or something that happens."""

_YOU = frozenset(("you", "u", "ya"))

INSULTS = frozenset((
    "off", "hell", "lost", "shit", "idiots", "assholes", "scum", "bastards", "wankers", "creeps", "perverts",
))  # fmt: skip
"""What shows that a keyword behind it is meant by itself."""

_OPENING = frozenset(("stop", "unsubscribe", "stopp"))
"""Keywords that ask to stop at the start of a clause."""

THEN = frozenset((
    "its", "thats", "nobody", "noone", "i", "im", "ive", "ill", "id", "we", "weve", "were", "not", "wrong", "he",
    "she", "hes", "shes", "you", "u", "ur", "yall", "never", "no", "dont", "dnt", "already", "period", "leave",
    "means", "immediately", "now", "lah", "bro", "bruh", "dude", "man", "mate", "fuck", "fucking", "fuckin", "fkn",
    "fck", "damn", "bitch", "asshole", "idiots", "idiot", "scum", "moron", "morons", "loser", "losers", "jerk",
    "jerks", "pls", "please", "plz", "thx", "thanks", "asap", "wtf", "ty", "commie", "commies", "scammer",
    "scammers", "spammer", "spammers", "crooks", "liars", "liar", "thieves", "fools", "fool", "creep", "creeps",
    "clowns", "gave", "donated", "voted", "busy",
    "autocorrect", "ffs", "2day", "today", "forever", "everything", "crap",
))  # fmt: skip
"""What follows such a keyword if it is meant by itself: a reason, an order, an insult."""


def keyword_clause(text: str, keys: Set[str], courtesy: Set[str], typos: Mapping[str, str]) -> str | None:
    """The clause that is a keyword, or begins with one, in its plain words.

    ``keys`` are the words of the text that are ``KEYS`` once they are spelled right, ``typos`` misspellings of
    keywords.
    """
    pieces = [(normal(clause).split(), sign) for clause, sign in _pieces(text)]
    pieces = [(words, sign) for words, sign in pieces if words or "?" in sign]
    has_others = sum(1 for words, _ in pieces if words) > 1
    for n, (all_words, sign) in enumerate(pieces):
        if "?" in sign or keys.isdisjoint(all_words):
            continue
        words = [_meant(word, typos) for word in all_words if word not in courtesy]
        said = " ".join(words)
        is_meant = has_others or "!" in sign or words != all_words
        is_alone = said in ALONE or (said in BESIDE_OTHERS and is_meant and (sign != "," or said == "quit it"))
        if is_alone and not _is_part(pieces, n, courtesy) and all_words[0] != "just":
            return said
        if len(words) > 1 and words[0] in _OPENING and (words[1] in THEN or _calls_names(all_words)):
            return f"{words[0]} {words[1] if words[1] in THEN else 'you'}"
        if len(words) > 1 and words[-1] == "stop" and words[-2] in INSULTS:
            return f"{words[-2]} stop"
    return None


def before_last_stop(words: Sequence[str], courtesy: Set[str]) -> str | None:
    """What stands in its sentence before a "stop" or "no more" that ends a message.

    None if there is none, or if it belongs to that: "the bus stop".
    """
    end = len(words)
    while end and (words[end - 1] in courtesy or words[end - 1] in (".", "?")):
        end -= 1
    if list(words[end - 2 : end]) == ["no", "more"]:
        end -= 1
    elif end < 2 or words[end - 1] != "stop" or (words[end - 2] in _GOVERNS and words[end - 3] not in _NOT):
        return None
    if "?" in words[end:]:
        return None
    start = max((n + 1 for n, word in enumerate(words[:end]) if word in (".", "?")), default=0)
    return " ".join(words[start : end - 1]) + " "


def tells(before: str) -> bool:
    """Whether what stands before a last "stop" is a short message of its own, and names no place: "he died stop"."""
    words = before.split()
    return len(words) <= _SHORT and _PLACES.isdisjoint(words) and not _TELLERS.isdisjoint(words)


def _calls_names(words: list[str]) -> bool:
    """Whether a few words behind the keyword say what somebody is: "stop you crooks"."""
    return len(words) <= _FEW + 1 and not _YOU.isdisjoint(words[1:-1])


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Each clause, and the signs that end it."""
    found = _CLAUSE.split(text)
    return zip(found[::2], [*found[1::2], ""], strict=True)


def _is_part(pieces: list[tuple[list[str], str]], n: int, courtesy: Set[str]) -> bool:
    """Whether commas make the clause a part of something else ("red, stop, green"; "stop, or I'll shoot")."""
    before = pieces[n - 1] if n else ([], "")
    after = pieces[n + 1][0] if n + 1 < len(pieces) else []
    if before[1] == ",":
        is_greeting = courtesy | _ANGRY >= set(before[0])
        return not is_greeting and (len(before[0]) < _FEW or pieces[n][1] == ",")
    return pieces[n][1] == "," and not _GOES_ON.isdisjoint(after[:1])


def _meant(word: str, typos: Mapping[str, str]) -> str:
    return word if word in UNCLEAR_ALONE else typos.get(word, word)


_GOES_ON = frozenset(("or", "look", "wait", "thief"))
"""What shows behind a comma that somebody near is called."""

_ANGRY = frozenset((
    "screw", "fuck", "you", "u", "no", "nope", "nah", "hell", "ew", "yuck", "ugh", "wtf", "shut", "up", "damn", "god",
    "jesus", "mas", "more", "enough", "thats", "it", "off", "omg", "gross", "lies", "liar", "liars", "wow", "yikes",
))  # fmt: skip
"""Words of a short clause before a comma that calls nobody: "screw you, stop"."""

_FEW = 3
"""A clause of fewer words before a comma calls somebody, or counts something up."""
