"""Reading the file: ``load(path)`` gives a ``Config``, or a ``ConfigError`` with every fault."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from proxy.config.crosschecks import faults_between_keys
from proxy.config.faults import ConfigError, Fault
from proxy.config.schema import Config, ServerTlsTable


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
            if details["type"] != "model_type" or details["loc"][-1] != ServerTlsTable.__name__
        )
    faults += faults_between_keys(tables)
    if faults:
        raise ConfigError(path, list(dict.fromkeys(faults)))
    return config


def _fault(location: tuple[str | int, ...], kind: str, message: str) -> Fault:
    key = ""
    for step in location:
        if isinstance(step, int):
            key += f"[{step}]"
        elif step not in ("str", "int", "constrained-int", ServerTlsTable.__name__) and not step.startswith("literal["):
            key += f".{step}" if key else step
    match kind:
        case "missing":
            problem = "is missing"
        case "list_type" if key == "route":
            problem = "must be written [[route]], with two brackets: there may be several"
        case "extra_forbidden":
            problem = "is not a key of this table; `consent-proxy config` prints them all"
        case _:
            problem = message.removeprefix("Value error, ")
    return Fault(key, problem)
