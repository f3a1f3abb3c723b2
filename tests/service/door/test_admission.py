"""Limits on connections, without any."""

from __future__ import annotations

from proxy.service.door.admission import Admission, Admittance


def test_without_limits_everybody_is_let_in() -> None:
    admission = Admission(Admittance())
    assert {admission.admit(n, "a", 0.0) for n in range(100)} == {None}
    assert {admission.binds(n, 1, 0.0) for n in range(100)} == {None}


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


def test_one_source_has_at_most_half_of_those_who_have_not_bound() -> None:
    for unbound, per_source, most in ((4, 0, 2), (5, 0, 3), (1, 0, 1), (5, 2, 2), (5, 4, 3), (0, 2, 2)):
        admission = Admission(Admittance(unbound=unbound, unbound_per_source=per_source))
        found = [admission.admit(n, "a", 0.0) for n in range(most + 1)]
        assert found[:most] == [None] * most
        assert found[most] == ("unbound" if most == unbound else "unbound_per_source")
        if most != unbound:
            assert admission.admit(10, "b", 0.0) is None
        admission.bound(0)
        admission.bound(0)
        admission.ended(0)
        assert [admission.admit(n, "a", 0.0) is None for n in (20, 21)] == [True, False]
        for n in (*range(1, most), 10, 20):
            admission.ended(n)
        assert not admission._unbound_by_source


def test_binds_within_any_minute() -> None:
    admission = Admission(Admittance(binds_per_minute=2))
    assert admission.admit(1, "a", 0.0) is None
    assert [admission.binds(1, 1, at) for at in (0.0, 30.0, 59.0)] == [None, None, "binds_per_minute"]
    assert admission.admit(2, "a", 59.0) == "binds_per_minute"
    assert admission.admit(3, "b", 59.0) is None
    assert admission.admit(4, "a", 119.1) is None
    assert admission.binds(99, 1, 0.0) is None


def test_binds_come_as_counts_and_take_no_memory() -> None:
    admission = Admission(Admittance(binds_per_minute=1000))
    assert admission.admit(1, "a", 0.0) is None
    assert admission.binds(1, 1000, 0.0) is None
    assert admission.binds(1, 2_200_000, 0.0) == "binds_per_minute"
    for n in range(100_000):
        admission.binds(1, 1, n / 1000)
    assert len(admission._binds["a"]) <= 61


def test_sources_that_are_gone_are_forgotten() -> None:
    admission = Admission(Admittance(binds_per_minute=5))
    for n in range(1000):
        admission.admit(n, str(n), float(n))
        admission.binds(n, 1, float(n))
        admission.ended(n)
    assert len(admission._binds) < 200
    assert not admission._sources
    assert not admission._by_source
