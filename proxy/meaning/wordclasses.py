"""Which classes a word is in, in each language: bits, so that it costs little."""

from __future__ import annotations

from functools import lru_cache

from proxy.meaning.languages.classes import CLASSES, ROLES
from proxy.meaning.plain import normal

_BIT = {role: 1 << n for n, role in enumerate(ROLES)}
CEASE, REFUSE, REFUSE_VERB, NONE, WANT = (_BIT[role] for role in ("cease", "refuse", "refuse_verb", "none", "want"))
CONTACT, CONTACTING, NOT_CONTACT = (_BIT[role] for role in ("contact", "contacting", "not_contact"))
RECEIVE, MESSAGE, PLACE, NUMBER = (_BIT[role] for role in ("receive", "message", "place", "number"))
REMOVE, REMOVE_ME, UNLIST, CANCEL = (_BIT[role] for role in ("remove", "remove_me", "unlist", "cancel"))
MINE = _BIT["own"]
OWN = _BIT["me"] | MINE
ME, MORE, PLEASE, AGAIN, BACK = (_BIT[role] for role in ("me", "more", "please", "again", "back"))
GUARD, ME_FIRST, HINT, ABOUT = (_BIT[role] for role in ("guard", "me_first", "hint", "about"))

_CACHED = 1 << 15
"""Different words whose classes are kept at hand."""

_LONGEST = 40
"""A word of more letters is in no class, and is not kept."""


def classes_of(word: str) -> tuple[tuple[int, int], ...]:
    """The languages that know this word, by their place in ``CLASSES``, and the bits of its classes there."""
    return _classes_of(word) if len(word) <= _LONGEST else ()


@lru_cache(_CACHED)
def _classes_of(word: str) -> tuple[tuple[int, int], ...]:
    found = dict(_EXACT.get(word, ()))
    for length in range(3, len(word) + 1):
        for language, bits in _STEMS.get(word[:length], ()):
            found[language] = found.get(language, 0) | bits
    return tuple(found.items())


def _compiled() -> tuple[dict[str, tuple[tuple[int, int], ...]], dict[str, tuple[tuple[int, int], ...]]]:
    exact: dict[str, dict[int, int]] = {}
    stems: dict[str, dict[int, int]] = {}
    for number, classes in enumerate(CLASSES):
        for role in ROLES:
            for written in getattr(classes, role).split():
                word, target = normal(written), stems if written.endswith("*") else exact
                forms = [word]
                if word[:1] in "aeiouh" and role not in _REFUSABLE:
                    forms += (before + word for before in classes.elided.split())
                for form in forms:
                    known = target.setdefault(form, {})
                    known[number] = known.get(number, 0) | _BIT[role]
    return {w: tuple(k.items()) for w, k in exact.items()}, {w: tuple(k.items()) for w, k in stems.items()}


_REFUSABLE = ("cease", "remove", "remove_me", "unlist", "cancel")
"""Classes whose words mean the contrary with an elided negation before them ("n'arrêtez pas")."""

_EXACT, _STEMS = _compiled()
