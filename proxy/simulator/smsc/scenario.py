"""A scenario: who may bind, what becomes of messages, and which faults are done. It is read from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from proxy.simulator.smsc.accounts import Account
from proxy.simulator.smsc.faults import FaultRule
from proxy.simulator.smsc.messages import Outcome

FOLDER = Path(__file__).parent.parent / "scenarios"
"""The scenarios that come with the simulator."""


class Scenario(BaseModel):
    """Accounts, outcomes of messages, and faults, as a scenario file has them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
        return Scenario.model_validate(tomllib.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise ScenarioError(f"{path}: there is no such file; scenarios with a name are {', '.join(names())}") from None
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
        raise ScenarioError("\n".join(lines)) from None
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{path}: {error}") from None
