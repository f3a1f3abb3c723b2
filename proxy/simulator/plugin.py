"""A pytest plugin: an SMSC, and one behind the consent proxy, for tests of SMPP clients.

``smsc`` is a simulator in a thread of its own (``proxy.simulator.running.Running``), ``proxied_smsc`` the same behind a
proxy process. Both listen on free ports, and are new for each test. A ``conftest.py`` asks for them:
``pytest_plugins = ["proxy.simulator.plugin"]``. Two fixtures are there to be overridden: ``smsc_scenario`` and
``proxy_settings``. A test that fails shows the PDUs that went over the wire.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:  # runs that use none of the fixtures don't wait for what they need
    from proxy.simulator.process import ProxyProcess
    from proxy.simulator.running import Running

SHOWN = 200
"""PDUs that a failing test shows, the last ones."""


class Proxied(NamedTuple):
    """An SMSC behind a proxy: clients connect to ``host`` and ``port``, which are the proxy's.

    It has what the SMSC has too: ``messages``, ``say``, ``faults``, ``wait_for`` and the rest of ``Running``.
    """

    host: str
    port: int
    smsc: Running
    proxy: ProxyProcess

    def __getattr__(self, name: str) -> Any:
        return getattr(self.smsc, name)

    def __repr__(self) -> str:
        return f"<consent proxy on {self.host}:{self.port} before {self.smsc!r}>"


@pytest.fixture
def smsc_scenario() -> Any:
    """What the SMSC plays: the name of a scenario, its path, or its tables as a dict. Override it in a conftest.py."""
    return {}


@pytest.fixture
def proxy_settings() -> str:
    """More of the proxy's configuration, in TOML, such as ``[consent]``. Override it in a conftest.py or a module."""
    return ""


@pytest.fixture
def smsc(smsc_scenario: Any) -> Iterator[Running]:
    """A simulated SMSC."""
    from proxy.simulator.running import running, scenario_of

    with running(scenario=scenario_of(smsc_scenario)) as smsc:
        yield smsc


@pytest.fixture
def proxied_smsc(smsc: Running, tmp_path: Path, proxy_settings: str) -> Iterator[Proxied]:
    """A simulated SMSC behind a consent proxy with a ledger of its own."""
    from proxy.simulator.process import ProxyProcess

    config = tmp_path / "proxy.toml"
    config.write_text(
        f'[[route]]\nname = "test"\nlisten = "127.0.0.1:0"\ncarrier = ["{smsc.host}:{smsc.port}"]\n'
        f'[store]\npath = "{tmp_path / "consent"}"\n{proxy_settings}\n'
    )
    with ProxyProcess(config) as proxy:
        yield Proxied(*proxy.address(), smsc, proxy)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the PDUs to the report of a test that failed."""
    report = yield
    smsc: Any = getattr(item, "funcargs", {}).get("smsc")
    if call.when == "call" and report.failed and hasattr(smsc, "smsc"):
        from proxy.simulator.smsc.printing import full

        seen = [*smsc.smsc.pdus][-SHOWN:]
        text = "\n".join(map(full, seen)) or "none: nothing was sent to it"
        report.sections.append((f"PDUs of the SMSC on {smsc.host}:{smsc.port}", text))
    return report
