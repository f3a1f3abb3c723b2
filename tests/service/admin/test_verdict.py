"""How the proxy is, in one sentence: never well while something is wrong, the worst first, and since when."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from proxy.service.admin.verdict import Judge, Trouble, troubles_of


def route(name: str, *states: str, since: float = 100.0) -> dict[str, Any]:
    carriers = [{"address": f"c{i}:2775", "state": state, "since": since + i} for i, state in enumerate(states)]
    return {"name": name, "carriers": carriers}


def troubles(
    *routes: dict[str, Any],
    reasons: tuple[str, ...] = (),
    limits: dict[str, tuple[int, int]] | None = None,
    certificates: tuple[tuple[str, float], ...] = (),
    errors: dict[str, float] | None = None,
) -> list[Trouble]:
    return list(troubles_of(reasons, routes, limits or {}, certificates, errors or {}))


def test_a_configuration_that_was_refused_is_told() -> None:
    (trouble,) = troubles_of((), [], {}, (), {}, "proxy.toml: route[0].listen: is missing")
    assert trouble.grade == "warning"
    assert trouble.text.endswith("the one before it goes on: proxy.toml: route[0].listen: is missing")


STATES = st.lists(st.sampled_from(("up", "down", "not tried yet")), min_size=1, max_size=4)


@given(st.lists(STATES, min_size=1, max_size=4))
def test_it_is_well_only_if_no_carrier_is_down(states: list[list[str]]) -> None:
    found = troubles(*(route(str(n), *each) for n, each in enumerate(states)))
    assert len(found) == sum("down" in each for each in states)
    assert any(trouble.grade == "bad" for trouble in found) == any(set(each) == {"down"} for each in states)
    verdict = Judge(lambda: 1000.0).judge(found, "All is well.")
    assert (verdict.grade == "good") == (not found)


def test_the_sentence_names_the_route_and_the_carrier_and_since_when() -> None:
    verdict = Judge(lambda: 1000.0).judge(troubles(route("a", "down")), "")
    assert (verdict.grade, verdict.text, verdict.since) == ("bad", "Route a: carrier c0:2775 doesn't serve.", 100.0)
    verdict = Judge(lambda: 1000.0).judge(troubles(route("a", "up", "down"), route("b", "down")), "")
    assert verdict.text == "Route b: carrier c0:2775 doesn't serve. And 1 more."


def test_what_was_wrong_at_the_last_look_is_so_since_then() -> None:
    now = 50.0
    judge = Judge(lambda: now)
    assert judge.judge(troubles(reasons=("the disk is full",)), "").since == 50.0
    now = 60.0
    again = judge.judge(troubles(reasons=("no worker is ready", "the disk is full")), "")
    assert [(trouble.text, trouble.since) for trouble in again.troubles] == [
        ("The disk is full", 50.0),
        ("No worker process is ready, so nobody can connect", 60.0),
    ]
    assert judge.judge([], "All is well.").since is None
    now = 70.0
    assert judge.judge(troubles(reasons=("the disk is full",)), "").since == 70.0


def test_a_proxy_that_is_being_stopped_says_that_and_not_what_follows_from_it() -> None:
    (only,) = troubles(reasons=("draining", "route a: not listening"))
    assert (only.grade, "being stopped" in only.text) == ("warning", True)


def test_limits_certificates_and_errors_are_said_before_they_bite() -> None:
    found = troubles(
        limits={"sessions": (100, 95), "unbound": (10, 10), "sessions_per_source": (10, 1)},
        certificates=(("route a", 3.2), ("route b", 90.0), ("cluster", -1.0)),
        errors={"a": 0.5, "b": 0.05},
    )
    assert [(trouble.grade, trouble.text) for trouble in found] == [
        ("warning", "The carrier of route a refuses 50% of what it is sent"),
        ("warning", "limits.sessions is nearly reached: 95 of 100"),
        ("bad", "limits.unbound is reached (10): connections are closed"),
        ("warning", "The certificate of route a ends in 3 days"),
        ("bad", "The certificate of cluster has ended"),
    ]
