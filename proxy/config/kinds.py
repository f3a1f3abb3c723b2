"""The kinds of values in the file: what each must look like, and what is said of one that doesn't."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from proxy.consent.numbers import Numbering
from proxy.consent.scope import NumberSet
from proxy.meaning.languages import LANGUAGE_NAMES
from proxy.meaning.phrases import Phrases
from proxy.meaning.plain import normal
from proxy.net.endpoints import Endpoint
from proxy.smpp.pdu import status_code

RETRIED_STATUSES = {0x08: "ESME_RSYSERR", 0x14: "ESME_RMSGQFUL", 0x58: "ESME_RTHROTTLED", 0x64: "ESME_RX_T_APPN"}
"""Statuses that clients answer by sending again: useless for a refusal that is meant to last."""


ORIGINAL = "original"
"""The carrier that stands for where the client was going."""


CREDENTIAL = "credential:"
"""Before a name in the place of a path: a file that the service manager hands over."""


_CREDENTIAL_NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._@-]+")


def _endpoint(text: str) -> str:
    Endpoint.parse(text)
    return text


def _remote(text: str) -> str:
    if text == ORIGINAL:
        return text
    if Endpoint.parse(text).port == 0:
        raise ValueError("the port of a carrier can't be 0")
    return text


def _language(name: str) -> str:
    if name not in LANGUAGE_NAMES:
        raise ValueError(f"{name!r} is not a language with words here; there are {', '.join(LANGUAGE_NAMES)}")
    return name


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
    if 2000 <= status <= 2999 and isinstance(text, int):
        raise ValueError(f"{text} is a StatusCode of MM7: put refuse_with = {text} on its route")
    if status in RETRIED_STATUSES:
        raise ValueError(
            f"clients retry after {RETRIED_STATUSES[status]}; use a permanent one, such as ESME_RINVDSTADR"
        )
    return text


def _lasting_code(code: int) -> int:
    if not 2000 <= code <= 2999:
        raise ValueError(
            "must be a StatusCode of MM7 from 2000 to 2999, such as 2001: 1xxx says that it was sent, and after all"
            " others clients try again"
        )
    return code


_SERVICE_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]{2,30}")


def _services(services: dict[str, str]) -> dict[str, str]:
    for name, number in services.items():
        if not name.strip() or not _SERVICE_NUMBER.fullmatch(number):
            raise ValueError('must name services and their numbers, such as { "svc1" = "+15551230001" }')
    return services


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


def as_tables(given: Any) -> Any:
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


def _engine_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        is_one = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        is_one = False
    if not is_one or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError('must be a URL with a host and a port and nothing else, such as "https://etcd-1:2379"')
    return text.rstrip("/")


def _whole(seconds: float) -> float:
    if seconds != int(seconds):
        raise ValueError("must be whole seconds: 3 or more")
    return seconds


File = Annotated[str, AfterValidator(_file)]
ListenAddress = Annotated[str, AfterValidator(_endpoint)]
CarrierAddress = Annotated[str, AfterValidator(_remote)]
LanguageName = Annotated[str, AfterValidator(_language)]
Country = Annotated[str, AfterValidator(_country)]
Status = Annotated[str | int, AfterValidator(_status)]
LastingStatus = Annotated[str | int, AfterValidator(_lasting_status)]
LastingCode = Annotated[int, AfterValidator(_lasting_code)]
Services = Annotated[dict[str, str], AfterValidator(_services)]
Words = Annotated[list[str], AfterValidator(_words)]
Numbers = Annotated[list[str], AfterValidator(_numbers)]
Patterns = Annotated[list[str], AfterValidator(_patterns)]
Seconds = Annotated[float, Field(ge=0, le=86400)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
WholeSeconds = Annotated[float, Field(ge=3, le=3600), AfterValidator(_whole)]
EngineUrl = Annotated[str, AfterValidator(_engine_url)]
SomeSeconds = Annotated[float, Field(gt=0, le=86400)]
Source = Annotated[str, AfterValidator(_source)]
Networks = Annotated[list[str], AfterValidator(_networks)]
Folder = Annotated[Path, Field(strict=False), AfterValidator(_folder)]
Sender = Annotated[str, Field(max_length=64), AfterValidator(_number)]
AdminAddress = Annotated[str, AfterValidator(_listener)]
