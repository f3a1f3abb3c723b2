"""Scores on labelled replies. All sets but the first were written by others, who had not seen the rules."""

from __future__ import annotations

from collections import Counter

import pytest

from proxy.meaning.meanings import Meaning
from proxy.meaning.plain import normal
from proxy.meaning.replies import HELP_WORDS, RESUME_WORDS, STOP_WORDS, Replies
from tests.corpus import labelled_replies

REPLIES = Replies()
SETS = ["replies.tsv", "more_replies.tsv"]
KEYWORDS = {normal(word) for word in (*STOP_WORDS, *RESUME_WORDS, *HELP_WORDS)}


def confusion(name: str) -> Counter[tuple[str, str]]:
    """(label, meaning) counted; an automatic reply counts as an ordinary one, as it does in the labels."""
    counts: Counter[tuple[str, str]] = Counter()
    for label, text in labelled_replies(name):
        meaning = REPLIES.read(text).meaning
        counts[label, "other" if meaning is Meaning.AUTOMATIC else str(meaning)] += 1
    return counts


def share(counts: Counter[tuple[str, str]], label: str, *meanings: str) -> float:
    total = sum(n for (of, _), n in counts.items() if of == label)
    return sum(counts[label, meaning] for meaning in meanings) / total


@pytest.mark.parametrize("name", SETS)
def test_scores(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    counts = confusion(name)
    recall, kept = share(counts, "stop", "stop"), 1 - share(counts, "other", "stop", "help")
    with capsys.disabled():
        print(f"\n{name}: STOP recall {recall:.4f}, ordinary replies not read as STOP or HELP {kept:.4f}; ", end="")
        print({f"{label} as {meaning}": n for (label, meaning), n in sorted(counts.items()) if label != meaning})
    assert recall >= 0.97
    assert kept >= 0.95
    assert counts["stop", "other"] == counts["stop", "resume"] == 0
    assert counts["other", "stop"] == counts["resume", "stop"] == 0
    assert share(counts, "unclear", "unclear") >= 0.9
    assert share(counts, "resume", "resume") >= 0.85


@pytest.mark.parametrize("name", SETS)
def test_no_keyword_line_is_wrong(name: str) -> None:
    for label, text in labelled_replies(name):
        if normal(text) in KEYWORDS:
            assert REPLIES.read(text).meaning == label, text


FIRST_SCORES = {
    "everyday_0": (0.733, 6), "own_words_0": (0.647, 10), "campaign_0": (0.819, 9),
    "everyday_1": (0.827, 14), "own_words_1": (0.880, 4), "campaign_1": (0.900, 10),
    "everyday_2": (0.953, 2), "own_words_2": (0.933, 4), "campaign_2": (0.917, 8),
    "everyday_3": (0.893, 5), "own_words_3": (0.873, 8), "campaign_3": (0.983, 0),
    "everyday_4": (0.893, 5), "own_words_4": (0.927, 5), "campaign_4": (0.977, 1),
    "everyday_5": (0.873, 2), "own_words_5": (0.673, 22), "campaign_5": (0.850, 5),
    "everyday_6": (0.806, 4), "own_words_6": (0.833, 12), "campaign_6": (0.922, 1),
    "everyday_7": (0.940, 1), "own_words_7": (0.946, 4), "campaign_7": (0.955, 2),
    "everyday_8": (0.933, 2), "own_words_8": (0.906, 6), "campaign_8": (0.977, 1),
    "everyday_9": (0.930, 2), "own_words_9": (0.935, 5), "campaign_9": (0.920, 3),
    "everyday_10": (0.892, 1), "own_words_10": (0.933, 3), "campaign_10": (0.912, 2),
}  # fmt: skip
"""STOPs found, and STOPs read as OTHER or RESUME, before anything was changed for the set: what strangers would see."""


@pytest.mark.parametrize(("name", "found", "lost"), [(name, *scores) for name, scores in FIRST_SCORES.items()])
def test_what_others_write_is_read_no_worse_than_at_first(name: str, found: float, lost: int) -> None:
    counts = confusion(f"people/{name}.tsv")
    assert share(counts, "stop", "stop") >= found
    assert counts["stop", "other"] + counts["stop", "resume"] <= lost
    assert counts["other", "stop"] <= 1


@pytest.mark.parametrize(("kind", "found"), [("everyday", 0.97), ("own_words", 0.97), ("campaign", 0.97)])
def test_sets_that_the_rules_have_learned_from_stay_learned(kind: str, found: float) -> None:
    counts = sum((confusion(f"people/{kind}_{number}.tsv") for number in range(7)), Counter[tuple[str, str]]())
    assert share(counts, "stop", "stop") >= found
    assert share(counts, "stop", "other", "resume") <= 0.015
