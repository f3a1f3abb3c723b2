"""Scenarios: those that come with the simulator, files of one's own, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import get_args

import pytest

from proxy.simulator.running import Running
from proxy.simulator.smsc import faults, scenario
from proxy.simulator.smsc.scenario import Scenario, ScenarioError
from proxy.smpp import pdu
from tests.simulator.esme import Client


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_can_be_played_and_says_what_it_finds(name: str) -> None:
    found = scenario.read(Path(name))
    assert found.fault or found.outcome or found.account
    assert (scenario.FOLDER / f"{name}.toml").read_text().startswith("# ")


def test_every_action_has_a_scenario() -> None:
    played = {fault.action for name in scenario.names() for fault in scenario.read(Path(name)).fault}
    assert played == set(get_args(faults.Action))


def test_a_file_goes_before_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert scenario.read(Path("busy")).fault
    Path("busy").write_text("")
    assert scenario.read(Path("busy")) == Scenario()


def test_a_scenario_with_faults_of_its_own_names_them_all(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('[[fault]]\naction = "explode"\n[[fault]]\naction = "close"\ncommand = "submit"\n[[outcomes]]\n')
    with pytest.raises(ScenarioError) as error:
        scenario.read(path)
    for key in ("fault[0].action", "fault[1].command", "outcomes"):
        assert key in str(error.value)
    path.write_text("no toml")
    with pytest.raises(ScenarioError, match=r"bad\.toml"):
        scenario.read(path)


def test_a_scenario_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    for wanted in (tmp_path / "none.toml", Path("none")):
        with pytest.raises(ScenarioError, match=r"none.*busy"):
            scenario.read(wanted)


def test_a_reset_begins_the_scenario_anew(play: Callable[..., Running], stack: ExitStack) -> None:
    smsc = play(fault=[{"action": "queue_full", "count": 1}])
    for _ in range(2):
        client = stack.enter_context(Client(smsc)).bound()
        assert pdu.status_name(client.submit_with().status) == "ESME_RMSGQFUL"
        assert client.submit_with().status == 0
        smsc.reset()
        assert client.read_all() == b""
        assert not smsc.smsc.stored
    assert smsc.smsc.scenario == Scenario.model_validate({"fault": [{"action": "queue_full", "count": 1}]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[faults]]\naction = "close"\n', "faults: is not a table of a scenario (is it fault?)"),
        ('[outcome]\nstate = "EXPIRED"\n', "outcome: must be written [[outcome]], with two brackets"),
        (
            '[[outcome]]\nstat = "EXPIRED"\n',
            "outcome[0].stat: is not a key of [[outcome]] (is it state?); its keys",
        ),
        ('[[outcome]]\nstate = "UNDELIVERABL"\n', "outcome[0].state: no such state: UNDELIVERABL; known are ENROUTE"),
        ('[[fault]]\naction = "status"\nstatus = "ESME_RNOSUCH"\n', "fault[0].status: no such command_status"),
        (
            '[[fault]]\naction = "status"\nhold = 3\n',
            "fault[0]: hold is of no use with action status; it is for",
        ),
        ('[[fault]]\naction = "close"\ncommand = "submit_sm_resp"\n', "fault[0].command: no request of that name"),
        ("[[fault]]\n", "fault[0].action: is missing"),
        ("= 1\n", "is not TOML"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        scenario.read(path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
