"""Scoring a labelled file: every reply counted once, the worst errors first, and a line that can't be read named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import run

LINES = [
    "label\ttext",
    "stop\tSTOP",
    "other\tsee you at the bus stop",
    "stop\tlet the pigeons rest",
    "other\tSTOP",
    "unclear\tI told you last week\\nSTOP",
    "",
    "other\tLiked \u201chello\u201d",
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "replies.tsv"
    path.write_text("\n".join(LINES) + "\n", "utf-8")
    return path


def test_a_file_is_counted_and_its_worst_errors_come_first(labelled: Path) -> None:
    done = run("explain", "--file", labelled)
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    counts = {row["label"]: row for row in rows if "line" not in row}
    errors = [row for row in rows if "line" in row]
    assert sum(sum(n for name, n in row.items() if name != "label") for row in counts.values()) == 6
    assert counts["stop"]["stop"] == counts["stop"]["other"] == 1
    assert [(error["line"], error["label"], error["meaning"]) for error in errors[:2]] == [
        (4, "stop", "other"),
        (5, "other", "stop"),
    ]
    assert "Liked" not in str(errors), "nobody wrote it"


def test_the_words_of_a_configuration_count(labelled: Path, tmp_path: Path) -> None:
    config = tmp_path / "proxy.toml"
    config.write_text(
        '[[route]]\nname = "a"\nlisten = "127.0.0.1:0"\ncarrier = "127.0.0.1:9"\n[store]\npath = "store"\n'
        '[consent]\nstop_phrases = ["pigeons rest"]\n'
    )
    done = run("explain", "--file", labelled, "--config", config)
    assert json.loads(done.stdout.splitlines()[0])["stop"] == 2


@pytest.mark.parametrize("line", ["no tab here", "stopp\tSTOP", "\tSTOP"])
def test_a_line_without_a_label_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.tsv"
    path.write_text(f"stop\tSTOP\n{line}\n")
    done = run("explain", "--file", path)
    assert done.exit_code == 1
    assert "line 2: must be a meaning, a tab and a text" in done.output


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run("explain", "--file", tmp_path / "none.tsv")
    assert done.exit_code == 1
    assert "none.tsv: No such file" in done.output
