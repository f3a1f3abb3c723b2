"""What it costs to tell the meaning of a reply."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence

from proxy.meaning.replies import Replies
from tests.bench.options import Options, Row
from tests.corpus import labelled_replies

ORDINARY = (
    "Hi, thanks for the update! I will be there on Tuesday at 10, please call me if anything changes. Bye",
    "ok sounds good, can you send the invoice to my wife as well? her address is the one you have on file",
)
ROUNDS = 7


def measure(options: Options) -> Iterator[Row]:
    """Microseconds a reply: ordinary ones of 100 characters, and the whole corpus."""
    replies = Replies()
    corpus = [text for _, text in labelled_replies()]
    for name, texts in (("ordinary, 100 characters", [t[:100] for t in ORDINARY]), ("corpus", corpus)):
        repeat = max(1, (2_000 if options.quick else 20_000) // len(texts))
        rounds = [_seconds(replies, texts, repeat) / repeat / len(texts) for _ in range(ROUNDS)]
        yield {
            "replies": name,
            "µs each, median": round(statistics.median(rounds) * 1e6, 1),
            "least": round(min(rounds) * 1e6, 1),
            "most": round(max(rounds) * 1e6, 1),
        }


def _seconds(replies: Replies, texts: Sequence[str], repeat: int) -> float:
    begun = time.perf_counter()
    for _ in range(repeat):
        for text in texts:
            replies.read(text)
    return time.perf_counter() - begun
