"""A pytest plugin: an SMSC, and one behind the consent proxy, for tests of SMPP clients.

``smsc`` is a simulator in a thread of its own (``proxy.simulator.running.Running``), ``proxied_smsc`` the same
behind a proxy process. Both listen on free ports, and are new for each test. A ``conftest.py`` asks for them:
``pytest_plugins = ["proxy.simulator.plugin"]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:  # runs that use none of the fixtures don't wait for what they need
    from proxy.simulator.process import ProxyProcess
    from proxy.simulator.running import Running


class Proxied(NamedTuple):
    """An SMSC behind a proxy: clients connect to ``host`` and ``port``, which are the proxy's."""

    host: str
    port: int
    smsc: Running
    proxy: ProxyProcess


@pytest.fixture
def smsc() -> Iterator[Running]:
    """A simulated SMSC."""
    from proxy.simulator.running import running

    with running() as smsc:
        yield smsc


@pytest.fixture
def proxied_smsc(smsc: Running, tmp_path: Path) -> Iterator[Proxied]:
    """A simulated SMSC behind a consent proxy with a ledger of its own."""
    from proxy.simulator.process import ProxyProcess

    config = tmp_path / "proxy.toml"
    config.write_text(
        f'[[route]]\nname = "test"\nlisten = "127.0.0.1:0"\ncarrier = ["{smsc.host}:{smsc.port}"]\n'
        f'[store]\npath = "{tmp_path / "consent"}"\n'
    )
    with ProxyProcess(config) as proxy:
        yield Proxied(*proxy.address(), smsc, proxy)
