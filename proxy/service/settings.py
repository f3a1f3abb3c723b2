"""What the settings mean: policies, limits and the ledger, made from a configuration."""

from __future__ import annotations

import time
from dataclasses import fields
from functools import cache

from proxy import config as settings
from proxy.consent.ledger import Ledger
from proxy.consent.numbers import Numbering
from proxy.consent.parts import Keeping
from proxy.consent.replies import Extra, Replies
from proxy.consent.rules import Rule
from proxy.consent.scope import Groups, NumberSet
from proxy.relay.limits import Limits
from proxy.relay.policy import Policy
from proxy.smpp.pdu import status_code


def utc_microseconds() -> int:
    """The time that the journal keeps."""
    return time.time_ns() // 1000


def replies_of(config: settings.Config, route: settings.Route | None = None) -> Replies:
    """How replies are read under the settings, with the words of a route if one is given."""
    consent = config.consent
    return _replies(
        (*consent.stop_words, *(route.more_stop_words if route else ())),
        (*consent.resume_words, *(route.more_resume_words if route else ())),
        (*consent.help_words, *(route.more_help_words if route else ())),
        Extra(stop=tuple(consent.stop_phrases), scenery=tuple(consent.harmless_phrases)),
    )


@cache
def _replies(stop: tuple[str, ...], resume: tuple[str, ...], help: tuple[str, ...], extra: Extra) -> Replies:
    """Made once for all routes with the same words: it takes a fifth of a second."""
    return Replies(stop, resume, help, extra)


def policy_of(config: settings.Config, route: settings.Route) -> Policy:
    """What a route decides by, from the settings."""
    consent = config.consent
    numbering = Numbering(route.country or consent.country)
    observed = ["*"] if route.observe else consent.observe
    return Policy(
        numbering=numbering,
        observed=NumberSet(observed, numbering) if observed else None,
        groups=groups_of(config, numbering),
        replies=replies_of(config, route),
        rule=Rule(consent.resume),
        confirmation=consent.confirmation,
        refuse_with=status_code(consent.refuse_with),
        unavailable=status_code(consent.unreadable_with),
        distribution_lists=route.distribution_lists,
        default_alphabet=route.default_alphabet,
        packed_gsm=route.packed_gsm,
        default_source=route.default_source,
        max_pdu=config.limits.max_pdu,
    )


def groups_of(config: settings.Config, numbering: Numbering) -> Groups | None:
    """The groups of numbers in which a STOP to one holds for all, from the settings."""
    return Groups({g.name: NumberSet(g.numbers, numbering) for g in config.group}) if config.group else None


def limits_of(config: settings.Config) -> Limits:
    """How long sessions wait for what, from the settings."""
    return Limits(**config.limits.model_dump(include={field.name for field in fields(Limits)}))


def open_ledger(config: settings.Config) -> Ledger:
    """The ledger that the settings name; raises ``LedgerError``."""
    return Ledger(config.store.path, utc_microseconds, map_size=config.store.map_size, keeping=keeping_of(config))


def keeping_of(config: settings.Config) -> Keeping:
    """How long unfinished replies are kept, and how many, from the settings."""
    return Keeping(config.limits.parts_timeout, config.limits.parts_kept)
