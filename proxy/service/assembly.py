"""What the settings mean: policies, limits and the ledger, made from a configuration."""

from __future__ import annotations

import ipaddress
import os
import ssl
import time
from dataclasses import fields
from functools import cache
from pathlib import Path

from proxy.config import schema as tables
from proxy.config.kinds import ORIGINAL
from proxy.consent import plans
from proxy.consent.numbers import Numbering
from proxy.consent.parts import Keeping
from proxy.consent.policy import Policy
from proxy.consent.rules import Rule
from proxy.consent.scope import Groups, NumberSet
from proxy.ledger.disk.environment import Access
from proxy.ledger.disk.files import Mark
from proxy.ledger.ledger import Ledger
from proxy.meaning.replies import Extra, Replies
from proxy.mms.dialect import MmsDialect
from proxy.net.endpoints import Endpoint
from proxy.net.path import Carrier, RoutePath
from proxy.net.timeouts import Limits
from proxy.net.tls import ClientTls, ServerTls
from proxy.net.transparent import check_capability
from proxy.relay.session.dialect import Dialect
from proxy.service.admin.tokens import TokenError, Tokens
from proxy.service.credentials import CredentialError, file_of
from proxy.smpp.pdu import status_code


def utc_microseconds() -> int:
    """The time that the journal keeps."""
    return time.time_ns() // 1000


def replies_of(config: tables.Config, route: tables.RouteTable | None = None) -> Replies:
    """How replies are read under the settings, with the words of a route if one is given."""
    consent = config.consent
    return _replies(
        (*consent.stop_words, *(route.more_stop_words if route else ())),
        (*consent.resume_words, *(route.more_resume_words if route else ())),
        (*consent.help_words, *(route.more_help_words if route else ())),
        Extra(stop=tuple(consent.stop_phrases), scenery=tuple(consent.harmless_phrases)),
        frozenset(consent.languages),
    )


@cache
def _replies(
    stop: tuple[str, ...], resume: tuple[str, ...], help: tuple[str, ...], extra: Extra, languages: frozenset[str]
) -> Replies:
    """Made once for all routes with the same words: it takes a fifth of a second."""
    return Replies(stop, resume, help, extra, languages)


def policy_of(config: tables.Config, route: tables.RouteTable) -> Policy:
    """What decides over the consent of a route's messages, from the settings."""
    consent = config.consent
    plans.prepare()
    numbering = Numbering(route.country or consent.country)
    observed = ["*"] if route.observe else consent.observe
    return Policy(
        numbering=numbering,
        replies=replies_of(config, route),
        rule=Rule(consent.resume),
        observed=NumberSet(observed, numbering) if observed else None,
        groups=groups_of(config, numbering),
        confirmation=consent.confirmation,
    )


def dialect_of(config: tables.Config, route: tables.RouteTable) -> Dialect:
    """What an SMPP route decides by, from the settings."""
    return Dialect(
        policy=policy_of(config, route),
        refuse_with=status_code(config.consent.refuse_with),
        unavailable=status_code(config.consent.unreadable_with),
        distribution_lists=route.distribution_lists,
        default_alphabet=route.default_alphabet,
        packed_gsm=route.packed_gsm,
        default_source=route.default_source,
        max_pdu=config.limits.max_pdu,
    )


def mms_dialect_of(config: tables.Config, route: tables.RouteTable) -> MmsDialect:
    """What an MM7 route decides by, from the settings."""
    return MmsDialect(
        policy=policy_of(config, route),
        refuse_with=route.refuse_with,
        refuse_as=route.refuse_as,
        services=route.services,
        default_source=route.default_source,
        media_only=route.media_only,
        other_requests=route.other_requests,
        unproven=route.unproven,
        max_message=config.limits.max_mms,
    )


def worker_count(config: tables.Config) -> int:
    """How many processes relay."""
    return (os.cpu_count() or 1) if config.workers.count == "cores" else config.workers.count


def groups_of(config: tables.Config, numbering: Numbering) -> Groups | None:
    """The groups of numbers in which a STOP to one holds for all, from the settings."""
    return Groups({g.name: NumberSet(g.numbers, numbering) for g in config.group}) if config.group else None


def path_of(route: tables.RouteTable) -> RoutePath:
    """How connections of a route come in and go on; raises ``SettingsError`` for files that can't be used."""
    tls = route.tls
    path = RoutePath(
        carriers=tuple(
            Carrier(
                each.address,
                None if each.address == ORIGINAL else Endpoint.parse(each.address),
                _context(f"route {route.name}: tls of carrier {each.address}", ClientTls, each.tls)
                if each.tls
                else None,
                each.tls.server_name if each.tls else "",
                each.proxy_protocol == "v2",
            )
            for each in route.carrier
        ),
        mode=route.mode,
        source=route.source,
        direction=route.direction,
        balancers=tuple(ipaddress.ip_network(network) for network in route.proxy_protocol),
        tls=None if isinstance(tls, str) else _context(f"route {route.name}: tls", ServerTls, tls),
        passes_tls=tls == "passthrough",
    )
    if route.protocol == "mm7":
        for context in filter(None, (path.tls, *(carrier.tls for carrier in path.carriers))):
            context.set_alpn_protocols(["http/1.1"])  # a peer that offers HTTP/2 must not choose it
    return path


class SettingsError(Exception):
    """Settings that name what can't be used here; the message says which and why."""


def check_here(config: tables.Config) -> None:
    """Whether this process may do, and can read, what the settings want of it; raises ``SettingsError``."""
    for route in config.route:
        path = path_of(route)
        if path.needs_capability:
            try:
                check_capability()
            except OSError as error:
                wanted = 'mode = "tproxy"' if path.mode == "tproxy" else f'source = "{path.source}"'
                raise SettingsError(f"route {route.name}: {wanted} can't be had: {error.strerror}") from None


def tokens_of(section: tables.AdminTable) -> Tokens | None:
    """Those of the file that the settings name, if they name one; raises ``SettingsError`` if it can't be used."""
    try:
        return Tokens(Path(file_of(section.token_file))) if section.token_file else None
    except (TokenError, CredentialError) as error:
        raise SettingsError(f"admin.token_file: {error}") from None


_FILES = frozenset(("certificate", "key", "ca", "client_ca"))
"""Keys of a ``tls`` table that name a file."""


def _context(
    where: str, kind: type[ServerTls | ClientTls], section: tables.ServerTlsTable | tables.ClientTlsTable
) -> ssl.SSLContext:
    keys = section.model_dump()
    try:
        tls = kind(**keys | {name: file_of(keys[name]) for name in _FILES & keys.keys()})
    except CredentialError as error:
        raise SettingsError(f"{where}: {error}") from None
    try:
        return tls.context()
    except OSError as error:
        ca = tls.client_ca if isinstance(tls, ServerTls) else tls.ca
        files = ", ".join(filter(None, (tls.certificate, tls.key, ca)))
        reason = error.reason if isinstance(error, ssl.SSLError) and error.reason else error.strerror or error
        raise SettingsError(f"{where}: the files ({files}) can't be used: {reason}") from error


def limits_of(config: tables.Config) -> Limits:
    """How long sessions wait for what, from the settings."""
    return Limits(**config.limits.model_dump(include={field.name for field in fields(Limits)}))


def open_ledger(
    config: tables.Config,
    access: Access = Access.WRITE,
    expected: Mark | None = None,
) -> Ledger:
    """The ledger that the settings name; raises ``LedgerError``.

    Only for those who may begin a new one is ``access`` to create, and only if the settings allow it.
    """
    store = config.store
    if access is Access.CREATE and not store.create:
        access = Access.WRITE
    return Ledger(
        store.path,
        utc_microseconds,
        map_size=store.map_size,
        keeping=keeping_of(config),
        access=access,
        expected=expected,
    )


def keeping_of(config: tables.Config) -> Keeping:
    """How long unfinished replies are kept, and how many, from the settings."""
    return Keeping(config.limits.parts_timeout, config.limits.parts_kept)
