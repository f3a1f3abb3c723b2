"""A scenario: who may bind, what becomes of messages, and which faults are done. It is read from a TOML file."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from proxy.simulator.smsc.accounts import Account
from proxy.simulator.smsc.faults import FaultRule
from proxy.simulator.smsc.messages import Outcome

_PACKAGE = Path(__file__).parents[2]

FOLDER = next(f for f in (_PACKAGE / "examples", _PACKAGE.parent / "config") if f.is_dir()) / "scenarios"
"""The scenarios that come with the simulator. In an installed package ``examples`` stands for ``config``."""


class Scenario(BaseModel):
    """Accounts, outcomes of messages, and faults, as a scenario file has them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = 0
    """What outcomes with a probability are drawn from."""
    account: list[Account] = []
    outcome: list[Outcome] = []
    fault: list[FaultRule] = []


class ScenarioError(Exception):
    """A scenario can't be used; the message names every fault in it by its key."""


def names() -> list[str]:
    """The names of the scenarios that come with the simulator."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read(wanted: Path) -> Scenario:
    """Read a scenario: a file, or one that comes with the simulator by its name (``busy``).

    A file of that name goes first. Raises ``ScenarioError``.
    """
    path = FOLDER / f"{wanted}.toml" if str(wanted) in names() and not wanted.is_file() else wanted
    try:
        return check(tomllib.loads(path.read_text("utf-8")), str(path))
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file; scenarios with a name are {', '.join(names())}") from None
    except OSError as error:
        raise ScenarioError(f"{path}: can't be read: {error.strerror}") from None
    except ValueError as error:
        raise ScenarioError(f"{path}: is not TOML: {error}") from None


def check(tables: Mapping[str, Any], where: str) -> Scenario:
    """The scenario of these tables; raises ``ScenarioError`` with every fault, each behind ``where``."""
    try:
        return Scenario.model_validate(tables)
    except ValidationError as error:
        lines = [f"{where}: {_said(fault['loc'], fault['type'], fault['msg'])}" for fault in error.errors()]
        raise ScenarioError("\n".join(lines)) from None


_TABLES: dict[str, type[BaseModel]] = {"account": Account, "outcome": Outcome, "fault": FaultRule}


def _said(location: tuple[int | str, ...], kind: str, message: str) -> str:
    """A fault by its key, what is wrong and what to write."""
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).removeprefix(".")
    first, last = str(location[0]) if location else "", str(location[-1]) if location else ""
    match kind:
        case "list_type" if len(location) == 1:
            return f"{key}: must be written [[{key}]], with two brackets: there may be several"
        case "extra_forbidden" if len(location) == 1:
            tables = ", ".join(f"[[{name}]]" for name in _TABLES)
            return f"{key}: is not a table of a scenario{_near(last, _TABLES)}; there are {tables}"
        case "extra_forbidden":
            known = _TABLES[first].model_fields
            return f"{key}: is not a key of [[{first}]]{_near(last, known)}; its keys are {', '.join(known)}"
        case "missing":
            return f"{key}: is missing"
    return f"{key}: {message.removeprefix('Value error, ')}"


def _near(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), 1)
    return f" (is it {found[0]}?)" if found else ""
