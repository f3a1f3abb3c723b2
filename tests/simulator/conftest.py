"""An SMSC for each test, and a client bound to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from proxy.simulator.running import Running, running
from proxy.simulator.smsc.scenario import Scenario
from tests.simulator.esme import Client


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def play(stack: ExitStack) -> Callable[..., Running]:
    """Start an SMSC with a scenario."""
    return lambda **scenario: stack.enter_context(running(scenario=Scenario.model_validate(scenario)))


@pytest.fixture
def smsc(play: Callable[..., Running]) -> Running:
    return play()


@pytest.fixture
def client(smsc: Running, stack: ExitStack) -> Client:
    """A client bound as transceiver."""
    return stack.enter_context(Client(smsc)).bound()
