"""Why a reply did what it did: for operators, and for whoever extends the words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rich.markup import escape

from proxy.cli.lines import json_line
from proxy.cli.tables import console, table
from proxy.config.schema import Config
from proxy.consent.rules import Rule, State, asked_for
from proxy.meaning.languages import LANGUAGE_NAMES
from proxy.meaning.meanings import Meaning
from proxy.meaning.replies import Replies
from proxy.service.assembly import replies_of
from proxy.smpp.pdu import visible

_EFFECTS = {State.OPTED_OUT: "opt_out", State.OPTED_IN: "opt_in", None: "no_change"}
_COLOURS = {Meaning.STOP: "red", Meaning.RESUME: "green", Meaning.UNCLEAR: "yellow"}


class Explanation(NamedTuple):
    """What a reply means, the words that gave it away, and what that changes under the configured rule."""

    text: str
    meaning: str
    matched: str
    effect: str


def explain(texts: Iterable[str], replies: Replies, rule: Rule) -> Iterable[Explanation]:
    """An explanation for each text, one at a time."""
    for text in texts:
        meaning, matched = replies.read(text)
        yield Explanation(text, str(meaning), matched, _EFFECTS[asked_for(meaning, rule)])


def under_other_settings(texts: Iterable[str], config: Config | None) -> Iterator[dict[str, str]]:
    """The same texts under both rules of ``resume``, on each route, and with one expected language after another.

    A text has a row for each meaning and effect that it has somewhere, with the first settings that it has them under.
    """
    readers = {"all routes": replies_under(config)}
    if config is not None:
        readers |= {f"route {route.name}": replies_of(config, route) for route in config.route}
    readers |= {f"languages = {['en', name]}": Replies(languages=[name]) for name in LANGUAGE_NAMES if name != "en"}
    for text in texts:
        shown: set[tuple[str, str]] = set()
        for name, replies in readers.items():
            for rule in Rule:
                (found,) = explain([text], replies, rule)
                if (found.meaning, found.effect) not in shown:
                    shown.add((found.meaning, found.effect))
                    yield {"settings": f'{name}, resume = "{rule.value}"', **found._asdict()}


def replies_under(config: Config | None) -> Replies:
    """How replies are read under a configuration, or the defaults."""
    return replies_of(config) if config else Replies()


def show(texts: Iterable[str], config: Config | None) -> None:
    """Print explanations to standard output, under ``config`` or the defaults."""
    replies = replies_under(config)
    rule = Rule(config.consent.resume) if config else Rule.ANY_REPLY
    explained = explain(texts, replies, rule)
    if sys.stdout.isatty():
        shown = table("text", "meaning", "matched", "effect")
        for row in explained:
            colour = _COLOURS.get(Meaning(row.meaning), "white")
            shown.add_row(escape(visible(row.text)), f"[{colour}]{row.meaning}[/]", escape(row.matched), row.effect)
        console().print(shown)
    else:
        for row in explained:
            print(json_line(row._asdict()), flush=True)
