"""What a reload says it changed: every key, and no value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from proxy.config.load import check
from proxy.config.schema import Config
from proxy.service.processes.reload import differences


def settings(**tables: Any) -> Config:
    route = {"name": "a", "listen": "127.0.0.1:2775", "carrier": ["127.0.0.1:9"]}
    return check({"route": [route], "store": {"path": "x"}, **tables}, Path("proxy.toml"))


def test_nothing_is_said_of_the_same() -> None:
    assert differences(settings(), settings()) == []


def test_keys_are_named_and_values_are_not() -> None:
    other = {"name": "a", "listen": "127.0.0.1:2775", "carrier": ["smsc.example:9"], "observe": True}
    more = {"name": "b", "listen": "127.0.0.1:2776", "carrier": ["127.0.0.1:9"]}
    found = differences(settings(), settings(route=[other, more], consent={"resume": "keyword"}))
    assert found == ["consent: resume", "route a: carrier", "route a: observe", "route b: added"]


def test_what_goes_and_comes_is_said() -> None:
    with_admin = settings(admin={"listen": "127.0.0.1:9275"}, group=[{"name": "g", "numbers": ["+1555*"]}])
    assert differences(settings(), with_admin) == ["admin: added", "group g: added"]
    assert differences(with_admin, settings()) == ["admin: removed", "group g: removed"]
