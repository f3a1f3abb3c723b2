"""Faults that no key has by itself: routes that meet, names that come twice, words that mean two things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from proxy.config.faults import Fault
from proxy.config.kinds import ORIGINAL
from proxy.config.schema import OF_PROTOCOL
from proxy.consent.scope import scope_name
from proxy.meaning.plain import normal
from proxy.meaning.replies import PER_SE_WORDS, STOP_WORDS
from proxy.net.endpoints import Endpoint


def faults_between_keys(tables: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults that no key has by itself, looked for in whatever is readable."""
    listed = tables.get("route")
    routes = [route for route in listed if isinstance(route, dict)] if isinstance(listed, list) else []
    if isinstance(listed, list) and not routes:
        yield Fault("route", "there must be at least one [[route]]")
    admin = tables.get("admin")
    listens = [("admin.listen", admin.get("listen"))] if isinstance(admin, dict) else []
    all_listens = [route.get("listen") for route in routes]
    names: set[Any] = set()
    for position, route in enumerate(routes):
        name, listen, carriers = route.get("name"), route.get("listen"), route.get("carrier")
        if isinstance(name, str) and name in names:
            yield Fault(f"route[{position}].name", "another route has this name")
        names.add(name if isinstance(name, str) else None)
        addresses = _addresses(carriers)
        if any(_reaches(address, own) for address in addresses for own in all_listens):
            yield Fault(f"route[{position}].carrier", "is a listen address of this proxy: it would connect to itself")
        if len(set(addresses)) < len(addresses):
            yield Fault(f"route[{position}].carrier", "names one twice")
        if ORIGINAL in addresses and route.get("mode", "address") == "address" and not route.get("proxy_protocol"):
            yield Fault(
                f"route[{position}].carrier",
                '"original" is known only with mode = "redirect" or "tproxy", or from a balancer (proxy_protocol)',
            )
        if route.get("source") == "client-ip-port" and route.get("mode") == "redirect":
            yield Fault(
                f"route[{position}].source",
                '"client-ip-port" can\'t be had with mode = "redirect": both connections would be one to the kernel; '
                'use "client-ip", or mode = "tproxy"',
            )
        listens.append((f"route[{position}].listen", listen))
        yield from _protocol_faults(f"route[{position}]", route)
    taken: dict[str, str] = {}
    for key, listen in listens:
        if isinstance(listen, str) and not listen.endswith(":0"):
            if listen in taken:
                yield Fault(key, f"the same address as {taken[listen]}")
            taken.setdefault(listen, key)
    yield from _group_faults(tables)
    yield from _cluster_faults(tables)
    yield from _word_faults(tables, routes)


def _protocol_faults(where: str, route: Mapping[str, Any]) -> Iterator[Fault]:
    """Keys that do nothing with a route's protocol: whoever wrote one expects something of it."""
    protocol = route.get("protocol", "smpp")
    for other, keys in OF_PROTOCOL.items():
        if protocol in OF_PROTOCOL and protocol != other:
            for key in keys:
                if key in route:
                    yield Fault(f"{where}.{key}", f'has no use with protocol = "{protocol}"; it is for "{other}"')


def _group_faults(tables: Mapping[str, Any]) -> Iterator[Fault]:
    listed = tables.get("group")
    names = (
        [group.get("name") if isinstance(group, dict) else None for group in listed] if isinstance(listed, list) else []
    )
    known: set[str] = set()
    for position, name in enumerate(names):
        if isinstance(name, str):
            if scope_name(name) in known:
                yield Fault(f"group[{position}].name", "another group has this name; capitals don't tell names apart")
            known.add(scope_name(name))


def _cluster_faults(tables: Mapping[str, Any]) -> Iterator[Fault]:
    cluster = tables.get("cluster")
    if not isinstance(cluster, dict):
        return
    listed = cluster.get("endpoints")
    endpoints = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    if len(set(endpoints)) < len(endpoints):
        yield Fault("cluster.endpoints", "names one twice")
    schemes = {endpoint.partition(":")[0] for endpoint in endpoints}
    if len(schemes) > 1:
        yield Fault("cluster.endpoints", "some are https and some http: all must be the same")
    for key in ("ca", "certificate", "key"):
        if cluster.get(key) and "https" not in schemes and endpoints:
            yield Fault(f"cluster.{key}", "has no use: the endpoints are http, not https")
    for one, other in (
        ("certificate", "key"),
        ("key", "certificate"),
        ("user", "password_file"),
        ("password_file", "user"),
    ):
        if cluster.get(one) and not cluster.get(other):
            yield Fault(f"cluster.{other}", f"is missing: {one} is of no use without it")


def _addresses(carriers: Any) -> list[str]:
    """The addresses in a ``carrier`` as it stands in the file, as far as they can be read."""
    listed = carriers if isinstance(carriers, list) else [carriers]
    found = [each.get("address") if isinstance(each, dict) else each for each in listed]
    return [each for each in found if isinstance(each, str)]


_ANY_HOST = ("0.0.0.0", "::")  # noqa: S104
_THIS_HOST = ("127.0.0.1", "localhost", "::1", *_ANY_HOST)


def _reaches(carrier: Any, listen: Any) -> bool:
    """Whether connecting to ``carrier`` certainly ends at ``listen``."""
    if not isinstance(carrier, str) or not isinstance(listen, str) or listen.endswith(":0"):
        return False
    if carrier == listen:
        return True
    try:
        there, here = Endpoint.parse(carrier), Endpoint.parse(listen)
    except ValueError:
        return False
    is_here = there.host in _THIS_HOST and here.host in _THIS_HOST
    return there.port == here.port and is_here and (here.host in _ANY_HOST or there.host == "localhost")


def _word_faults(tables: Mapping[str, Any], routes: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    consent = tables.get("consent")
    consent = consent if isinstance(consent, dict) else {}
    listed = consent.get("stop_words", STOP_WORDS)
    stop = {normal(word) for word in listed if isinstance(word, str)} if isinstance(listed, list | tuple) else set()
    country = consent.get("country", "US")
    if any(route.get("country", country) == "US" for route in routes):
        missing = sorted(word.upper() for word in PER_SE_WORDS if normal(word) not in stop)
        if missing:
            words = ", ".join(missing)
            yield Fault(
                "consent.stop_words",
                f"must keep {words}: in the US they revoke consent by themselves (47 CFR 64.1200(a)(10))",
            )
    for key in ("resume_words", "help_words"):
        words = consent.get(key, ())
        if isinstance(words, list) and any(isinstance(word, str) and normal(word) in PER_SE_WORDS for word in words):
            yield Fault(f"consent.{key}", "holds a word that means STOP everywhere, such as STOP, END or CANCEL")
            continue
        if isinstance(words, list) and any(isinstance(word, str) and normal(word) in stop for word in words):
            yield Fault(f"consent.{key}", "holds a word that is also in stop_words")
