"""Limits on connections, without any."""

from __future__ import annotations

from proxy.service.admission import Admission, Admittance


def test_without_limits_everybody_is_let_in() -> None:
    admission = Admission(Admittance())
    assert {admission.admit(n, "a", 0.0) for n in range(100)} == {None}
    assert {admission.bind(n, 0.0) for n in range(100)} == {None}


def test_sessions_in_all_and_by_source() -> None:
    admission = Admission(Admittance(sessions=3, sessions_per_source=2))
    assert [admission.admit(n, "a", 0.0) for n in range(3)] == [None, None, "sessions_per_source"]
    assert [admission.admit(n, "b", 0.0) for n in (3, 4)] == [None, "sessions"]
    admission.ended(0)
    admission.ended(0)
    assert admission.admit(5, "a", 0.0) is None


def test_who_is_bound_makes_room() -> None:
    admission = Admission(Admittance(unbound=1))
    assert [admission.admit(n, "a", 0.0) for n in (1, 2)] == [None, "unbound"]
    admission.bound(1)
    assert [admission.admit(n, "a", 0.0) for n in (3, 4)] == [None, "unbound"]
    admission.ended(3)
    assert admission.admit(5, "a", 0.0) is None


def test_binds_within_any_minute() -> None:
    admission = Admission(Admittance(binds_per_minute=2))
    assert admission.admit(1, "a", 0.0) is None
    assert [admission.bind(1, at) for at in (0.0, 30.0, 59.0)] == [None, None, "binds_per_minute"]
    assert admission.admit(2, "a", 59.0) == "binds_per_minute"
    assert admission.admit(3, "b", 59.0) is None
    assert admission.admit(4, "a", 119.1) is None
    assert admission.bind(99, 0.0) is None


def test_sources_that_are_gone_are_forgotten() -> None:
    admission = Admission(Admittance(binds_per_minute=5))
    for n in range(1000):
        admission.admit(n, str(n), float(n))
        admission.bind(n, float(n))
        admission.ended(n)
    assert len(admission._binds) < 200
    assert not admission._sources
    assert not admission._by_source
