"""The TOML file as typed models: ``load(path)`` gives a ``Config``, or a ``ConfigError`` with every fault.

Faults name their key and what to write instead; values are not repeated, so no secret can be.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from proxy.consent.numbers import Numbering
from proxy.consent.scope import NumberSet, scope_name
from proxy.meaning.phrases import Phrases
from proxy.meaning.plain import normal
from proxy.meaning.replies import HELP_WORDS, PER_SE_WORDS, RESUME_WORDS, STOP_WORDS
from proxy.net.endpoints import Endpoint
from proxy.smpp.frames import MAX_PDU
from proxy.smpp.pdu import status_code

RETRIED_STATUSES = {0x08: "ESME_RSYSERR", 0x14: "ESME_RMSGQFUL", 0x58: "ESME_RTHROTTLED", 0x64: "ESME_RX_T_APPN"}
"""Statuses that clients answer by sending again: useless for a refusal that is meant to last."""


ORIGINAL = "original"
"""The carrier that stands for where the client was going."""


CREDENTIAL = "credential:"
"""Before a name in the place of a path: a file that the service manager hands over."""


class Fault(NamedTuple):
    """What is wrong with one key."""

    key: str
    problem: str


class ConfigError(Exception):
    """A configuration that can't be used; ``faults`` has all there is to mend."""

    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path}: {fault.key}: {fault.problem}" for fault in faults))


_CREDENTIAL_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._@-]+")
_HOST = re.compile(r"[A-Za-z0-9._:%-]+")


def _endpoint(text: str) -> str:
    host, colon, port = text.rpartition(":")
    bare = host.removeprefix("[").removesuffix("]")
    is_port = port.isascii() and port.isdigit() and int(port) <= 65535
    if not colon or not is_port or not _HOST.fullmatch(bare) or (":" in bare and bare == host):
        raise ValueError('must be "host:port", such as "127.0.0.1:2775" or "[::1]:2775"')
    return text


def _remote(text: str) -> str:
    if text == ORIGINAL:
        return text
    if _endpoint(text).endswith(":0"):
        raise ValueError("the port of a carrier can't be 0")
    return text


def _country(text: str) -> str:
    if text != text.upper():
        raise ValueError("must be two capital letters, such as US")
    Numbering(text)
    return text


def _status(text: str | int) -> str | int:
    try:
        status_code(text)
    except ValueError:
        raise ValueError('must be the name or number of a command_status, such as "ESME_RINVDSTADR" or 0x0B') from None
    return text


def _lasting_status(text: str | int) -> str | int:
    status = status_code(_status(text))
    if status in RETRIED_STATUSES:
        raise ValueError(
            f"clients retry after {RETRIED_STATUSES[status]}; use a permanent one, such as ESME_RINVDSTADR"
        )
    return text


def _words(words: list[str]) -> list[str]:
    if any(not normal(word) for word in words):
        raise ValueError("every entry must hold at least one letter or digit")
    return words


def _numbers(patterns: list[str]) -> list[str]:
    NumberSet(patterns, Numbering())
    return patterns


def _patterns(phrases: list[str]) -> list[str]:
    Phrases([("stop", phrase, {}) for phrase in phrases])
    return phrases


def _carriers(given: Any) -> Any:
    """A carrier by its address alone is a table with nothing else; one is a list of one."""
    listed = [given] if isinstance(given, str | dict) else given
    if isinstance(listed, list | tuple):
        if not listed:
            raise ValueError("must name at least one carrier")
        return [{"address": each} if isinstance(each, str) else each for each in listed]
    return given


def _source(text: str) -> str:
    if text not in ("proxy", "client-ip", "client-ip-port"):
        try:
            ipaddress.ip_address(text)
        except ValueError:
            raise ValueError('must be "proxy", "client-ip", "client-ip-port", or an address of this machine') from None
    return text


def _networks(texts: list[str]) -> list[str]:
    for text in texts:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            raise ValueError('must be networks, such as "192.0.2.0/28", or single addresses') from None
    return texts


def _folder(path: Path) -> Path:
    if path == Path():
        raise ValueError("must name a folder of its own for the ledger")
    return path


def _number(text: str) -> str:
    if text and (not text.strip() or not text.isprintable()):
        raise ValueError("must be a number or an alphanumeric sender, or empty")
    return text


def _file(text: str) -> str:
    if text.startswith(CREDENTIAL) and not _CREDENTIAL_NAME.fullmatch(text.removeprefix(CREDENTIAL)):
        raise ValueError('must be a path, or "credential:" and a name, such as "credential:tokens"')
    return text


def _listener(text: str) -> str:
    if text.startswith("unix:"):
        if not text.removeprefix("unix:").startswith("/"):
            raise ValueError('a Unix socket must be "unix:" and an absolute path')
        return text
    return _endpoint(text)


File = Annotated[str, AfterValidator(_file)]
ListenAddress = Annotated[str, AfterValidator(_endpoint)]
CarrierAddress = Annotated[str, AfterValidator(_remote)]
Country = Annotated[str, AfterValidator(_country)]
Status = Annotated[str | int, AfterValidator(_status)]
LastingStatus = Annotated[str | int, AfterValidator(_lasting_status)]
Words = Annotated[list[str], AfterValidator(_words)]
Numbers = Annotated[list[str], AfterValidator(_numbers)]
Patterns = Annotated[list[str], AfterValidator(_patterns)]
Seconds = Annotated[float, Field(ge=0, le=86400)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
SomeSeconds = Annotated[float, Field(gt=0, le=86400)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Minimum = Literal["1.2", "1.3"]


class ServerTls(_Table):
    """``tls`` of a route: how we show ourselves to those who connect."""

    certificate: Annotated[File, Field(min_length=1)]
    key: File = ""
    client_ca: File = ""
    minimum: Minimum = "1.2"


class ClientTls(_Table):
    """``tls`` of a carrier: how we connect to it, and what it must show."""

    ca: File = ""
    verify: bool = True
    server_name: str = ""
    certificate: File = ""
    key: File = ""
    minimum: Minimum = "1.2"


class Carrier(_Table):
    """One entry of ``carrier``."""

    address: CarrierAddress
    tls: ClientTls | None = None
    proxy_protocol: Literal["none", "v2"] = "none"


class Route(_Table):
    """``[[route]]``: where platforms connect, and where they are connected on to."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    listen: ListenAddress
    carrier: Annotated[list[Carrier], BeforeValidator(_carriers)]
    mode: Literal["address", "redirect", "tproxy"] = "address"
    source: Annotated[str, AfterValidator(_source)] = "proxy"
    direction: Literal["bind", "outbind"] = "bind"
    proxy_protocol: Annotated[list[str], AfterValidator(_networks)] = []
    tls: Literal["none", "passthrough"] | ServerTls = "none"
    country: Country | None = None
    default_alphabet: Literal["gsm", "latin-1", "ascii", "utf-8"] = "gsm"
    packed_gsm: bool = False
    distribution_lists: Literal["refuse", "pass"] = "refuse"
    observe: bool = False
    default_source: Annotated[str, Field(max_length=64), AfterValidator(_number)] = ""
    more_stop_words: Words = []
    more_resume_words: Words = []
    more_help_words: Words = []


class Store(_Table):
    """``[store]``: where the ledger is."""

    path: Annotated[Path, Field(strict=False), AfterValidator(_folder)]
    create: bool = True
    map_size: Annotated[int, Field(ge=1 << 20, le=1 << 46)] = 1 << 34
    journal_days: Annotated[int, Field(ge=0, le=36500)] = 0


class Admin(_Table):
    """``[admin]``: where operations look, and who may do more."""

    listen: Annotated[str, AfterValidator(_listener)]
    token_file: File = ""
    requests_per_second: Annotated[float, Field(gt=0, le=1_000_000)] = 100.0


class Consent(_Table):
    """``[consent]``: what replies mean and how refusals look."""

    resume: Literal["any-reply", "keyword"] = "any-reply"
    confirmation: Literal["none", "platform"] = "none"
    refuse_with: LastingStatus = "ESME_RINVDSTADR"
    unreadable_with: Status = "ESME_RMSGQFUL"
    country: Country = "US"
    stop_words: Words = list(STOP_WORDS)
    resume_words: Words = list(RESUME_WORDS)
    help_words: Words = list(HELP_WORDS)
    observe: Numbers = []
    stop_phrases: Patterns = []
    harmless_phrases: Patterns = []


class Limits(_Table):
    """``[limits]``: sizes in octets, waits in seconds."""

    max_pdu: Annotated[int, Field(ge=1024, le=16 * 1024 * 1024)] = MAX_PDU
    connect_timeout: SomeSeconds = 5.0
    bind_timeout: SomeSeconds = 60.0
    bind_answer_timeout: SomeSeconds = 20.0
    carrier_silence: Seconds = 60.0
    idle_timeout: Seconds = 0.0
    drain_timeout: Seconds = 30.0
    close_timeout: SomeSeconds = 5.0
    sessions: Count = 9_000
    sessions_per_source: Count = 9_000
    unbound: Count = 2_000
    unbound_per_source: Count = 1_000
    binds_per_minute: Count = 3_000
    parts_timeout: SomeSeconds = 86400.0
    parts_kept: Annotated[int, Field(ge=1, le=10_000_000)] = 100_000
    keepalive: Annotated[float, Field(ge=1, le=32767)] = 60.0
    user_timeout: Annotated[float, Field(ge=0.1, le=86400)] = 30.0


class Log(_Table):
    """``[log]``: one line per thing that happens, on standard error."""

    format: Literal["json", "console"] = "json"
    level: Literal["debug", "info", "warning", "error"] = "info"
    numbers: Literal["masked", "hashed", "full"] = "masked"


class Workers(_Table):
    """``[workers]``: how many processes relay, and how long one may be silent."""

    count: Annotated[int, Field(ge=1, le=256)] | Literal["cores"] = 1
    hang_timeout: Annotated[float, Field(ge=2, le=3600)] = 15.0


class Group(_Table):
    """``[[group]]``: numbers of which a STOP to one holds for all."""

    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^⟨⟩\x00]+$")]
    numbers: Numbers


class Config(_Table):
    """The whole file."""

    route: list[Route]
    group: list[Group] = []
    store: Store
    admin: Admin | None = None
    consent: Consent = Consent()
    limits: Limits = Limits()
    log: Log = Log()
    workers: Workers = Workers()


def carrier_names(route: Route) -> list[str]:
    """The carriers of a route as logs, metrics and the journal call them: their addresses."""
    return [carrier.address for carrier in route.carrier]


def endpoint(text: str) -> Endpoint:
    """A checked ``host:port`` in its two parts."""
    host, _, port = text.rpartition(":")
    return Endpoint(host.removeprefix("[").removesuffix("]"), int(port))


def load(path: Path) -> Config:
    """Read and check the file; raises ``ConfigError``."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(path, [Fault("file", f"can't be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError(path, [Fault("file", f"is not UTF-8, at octet {error.start}")]) from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(path, [Fault("file", f"is not TOML: {error}")]) from None
    return check(tables, path)


def check(tables: Mapping[str, Any], path: Path) -> Config:
    """The typed configuration of these TOML tables; raises ``ConfigError`` with all faults at once."""
    faults: list[Fault] = []
    try:
        config = Config.model_validate(tables)
    except ValidationError as error:
        faults += (
            _fault(details["loc"], details["type"], details["msg"])
            for details in error.errors()
            if details["type"] != "model_type" or details["loc"][-1] != ServerTls.__name__
        )
    faults += _faults_between_keys(tables)
    if faults:
        raise ConfigError(path, list(dict.fromkeys(faults)))
    return config


def _fault(location: tuple[str | int, ...], kind: str, message: str) -> Fault:
    key = ""
    for step in location:
        if isinstance(step, int):
            key += f"[{step}]"
        elif step not in ("str", "int", "constrained-int", ServerTls.__name__) and not step.startswith("literal["):
            key += f".{step}" if key else step
    match kind:
        case "missing":
            problem = "is missing"
        case "list_type" if key == "route":
            problem = "must be written [[route]], with two brackets: there may be several"
        case "extra_forbidden":
            problem = "is no key of this table; `consent-proxy config` prints them all"
        case _:
            problem = message.removeprefix("Value error, ")
    return Fault(key, problem)


def _faults_between_keys(tables: Mapping[str, Any]) -> Iterator[Fault]:
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
    taken: dict[str, str] = {}
    for key, listen in listens:
        if isinstance(listen, str) and not listen.endswith(":0"):
            if listen in taken:
                yield Fault(key, f"the same address as {taken[listen]}")
            taken.setdefault(listen, key)
    yield from _group_faults(tables)
    yield from _word_faults(tables, routes)


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


def _addresses(carriers: Any) -> list[str]:
    """The addresses in a ``carrier`` as it stands in the file, as far as they can be read."""
    listed = carriers if isinstance(carriers, list) else [carriers]
    found = [each.get("address") if isinstance(each, dict) else each for each in listed]
    return [each for each in found if isinstance(each, str)]


_ANY_HOST = ("0.0.0.0", "[::]")  # noqa: S104
_THIS_HOST = ("127.0.0.1", "localhost", "[::1]", *_ANY_HOST)


def _reaches(carrier: Any, listen: Any) -> bool:
    """Whether connecting to ``carrier`` certainly ends at ``listen``."""
    if not isinstance(carrier, str) or not isinstance(listen, str) or listen.endswith(":0"):
        return False
    if carrier == listen:
        return True
    carrier_host, _, carrier_port = carrier.rpartition(":")
    listen_host, _, listen_port = listen.rpartition(":")
    is_here = carrier_host in _THIS_HOST and listen_host in _THIS_HOST
    return carrier_port == listen_port and is_here and (listen_host in _ANY_HOST or carrier_host == "localhost")


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
