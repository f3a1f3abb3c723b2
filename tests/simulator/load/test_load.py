"""The load client: every message answered and counted, no two consumers the same, rates and shares as planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from proxy.simulator.load.load import LoadError, Measured, Plan, run
from proxy.simulator.running import Running
from tests.net.ports import closed_port


def destinations(smsc: Running) -> Counter[str]:
    return Counter(message.destination.digits.decode() for message in smsc.smsc.stored.values())


async def test_everything_is_answered_and_no_consumer_comes_twice(smsc: Running) -> None:
    plan = Plan(smsc.host, smsc.port, binds=3, window=5, seconds=0.5)
    measured = await run(plan)
    assert measured.sent == measured.answered == len(measured.latencies) == len(smsc.smsc.stored) > 0
    assert measured.statuses == {"ESME_ROK": measured.sent}
    assert set(destinations(smsc).values()) == {1}
    assert measured.percentile(0.5) <= measured.percentile(0.99) <= max(measured.latencies)
    assert sum(count for _, count in measured.histogram()) == measured.answered


async def test_no_more_are_in_flight_than_the_window_lets(play: Callable[..., Running]) -> None:
    smsc = play(fault=[{"action": "silence"}])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("proxy.simulator.load.load.ANSWER_TIMEOUT", 0.1)
        measured = await run(Plan(smsc.host, smsc.port, binds=2, window=7, seconds=0.3))
    assert (measured.sent, measured.answered, measured.percentile(0.5), measured.histogram()) == (14, 0, 0.0, [])


async def test_a_rate_is_kept(smsc: Running) -> None:
    measured = await run(Plan(smsc.host, smsc.port, binds=2, window=50, rate=200, seconds=1.0))
    assert 150 <= measured.sent <= 210


async def test_a_share_goes_to_the_pairs_of_a_list(smsc: Running) -> None:
    pairs = [("15551239999", "15550000001"), ("15551239999", "15550000002")]
    await run(Plan(smsc.host, smsc.port, seconds=0.5, opted_out=pairs, share=0.5))
    sent = destinations(smsc)
    listed = sent["15550000001"] + sent["15550000002"]
    assert 0.3 < listed / sent.total() < 0.7


async def test_what_goes_wrong_is_said(play: Callable[..., Running]) -> None:
    with pytest.raises(LoadError, match=r"127\.0\.0\.1"):
        await run(Plan("127.0.0.1", closed_port().port))
    smsc = play(account=[{"system_id": "other"}])
    with pytest.raises(LoadError, match="bind 1 of 1 was answered ESME_RINVSYSID"):
        await run(Plan(smsc.host, smsc.port))


def test_percentiles_and_histogram() -> None:
    measured = Measured(answered=4, seconds=2.0)
    measured.latencies.extend([0.001, 0.002, 0.003, 0.1])
    assert (measured.rate, measured.percentile(0.5), measured.percentile(0.99)) == (2.0, 0.002, 0.1)
    assert dict(measured.histogram())[0.131072] == 1
