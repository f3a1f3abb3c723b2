"""The points of the charts: quantiles between bounds, and the share of errors over the last minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.net.durations import Durations
from proxy.service.admin.history import LATELY, History, quantile
from proxy.service.telemetry.counters import Totals

BOUNDS = (0.001, 0.01, 0.1, 1.0)


def test_nothing_timed_is_no_duration() -> None:
    assert quantile(BOUNDS, [0, 0, 0, 0, 0], 0.5) is None
    assert History(Totals()).point()["answer"] == (None, None)


@given(st.lists(st.floats(0.0001, 0.9), min_size=1), st.sampled_from((0.5, 0.99)))
def test_a_quantile_is_in_the_bucket_of_the_true_one(seconds: list[float], share: float) -> None:
    durations = Durations(BOUNDS)
    for each in seconds:
        durations.observe(each)
    true = sorted(seconds)[max(0, -(-int(share * 100) * len(seconds) // 100) - 1)]
    low = max((bound for bound in BOUNDS if bound < true), default=0.0)
    high = min(bound for bound in BOUNDS if bound >= true)
    found = quantile(BOUNDS, durations.counts, share)
    assert found is not None
    assert low <= found <= high + 1e-12


def test_what_is_behind_the_last_bound_is_the_last_bound() -> None:
    assert quantile(BOUNDS, [0, 0, 0, 0, 3], 0.5) == 1.0


def test_the_share_of_errors_is_that_of_the_last_minute() -> None:
    totals = Totals()

    def answer(status: str, times: int) -> None:
        for _ in range(times):
            totals.count("carrier_answers_total", "a", "submit_sm_resp", status)

    history = History(totals)
    answer("ESME_RTHROTTLED", 100)
    for _ in range(LATELY):
        history.sample()
    answer("ESME_ROK", 30)
    answer("ESME_RTHROTTLED", 10)
    assert history.error_shares() == {"a": pytest.approx(0.25)}
    point = history.point()
    assert point["errors"] == {"ESME_RTHROTTLED": 110}
    totals.count("refused_total", "a", "submit_sm", "observed")
    totals.count("refused_total", "a", "submit_sm", "opted_out")
    totals.count("pdus_total", "a", "esme", "submit_sm")
    totals.count("pdus_total", "a", "smsc", "deliver_sm")
    point = history.point()
    assert (point["refused"], point["submits"], point["deliveries"], point["esme"]) == (1, 1, 1, 1)


def test_few_answers_say_nothing() -> None:
    totals = Totals()
    history = History(totals)
    history.sample()
    totals.count("carrier_answers_total", "a", "submit_sm_resp", "ESME_RTHROTTLED")
    assert history.error_shares() == {}
