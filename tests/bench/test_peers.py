"""The load generator and the sink of the bench match what they send with what comes back."""

from __future__ import annotations

from tests.bench.targets import Sink, Target, run


def test_every_answer_is_matched() -> None:
    with Sink(mo_share=0.1, stop_share=0.5) as sink:
        seen = run(Target("none", sink.port, []), 2, 10, 0.2)
        assert seen["answered"] > 20
        assert (seen["lost"], seen["wrong"]) == (0, 0)
        assert seen["delivered"] >= seen["answered"] // 10 - 2
        heard = sink.heard()
        assert heard["ordinary"]["count"] > 0
        assert heard["stops"]["count"] > 0


def test_a_rate_is_not_exceeded() -> None:
    with Sink() as sink:
        seen = run(Target("none", sink.port, []), 2, 1000, 0.5, rate=100)
        assert 0 < seen["answered"] <= 52
