"""The listeners of all routes: what a new configuration makes of them."""

from __future__ import annotations

import socket
import tomllib
from pathlib import Path

import pytest
import trio

from proxy.config.load import check
from proxy.config.schema import Config
from proxy.service.door.gate import Gate
from proxy.service.telemetry.counters import Totals
from tests.config.smallest import SMALLEST


async def test_a_listener_becomes_transparent_when_its_route_does(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr("proxy.service.door.gate.make_transparent", made.append)
    gate = Gate(routes("address"), Totals(), nobody)
    async with trio.open_nursery() as nursery:
        gate.accept(routes("address"), gate.open(routes("address")), nursery)
        sock = gate.listening["carrier-a"].sock
        assert made == []
        assert gate.open(routes("tproxy")) == {}
        assert made == [sock]
        gate.close()


def routes(mode: str) -> Config:
    tables = tomllib.loads(SMALLEST)
    tables["route"][0] |= {"listen": "127.0.0.1:0", "mode": mode}
    return check(tables, Path("proxy.toml"))


async def nobody(number: int, route: str, sock: socket.socket) -> bool:
    raise AssertionError("nobody connects")
