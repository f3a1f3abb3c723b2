"""A dossier that anybody can check without this program, and a number that is forgotten."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
import stat
from pathlib import Path

import pytest

from proxy.consent.refusals import Refusals
from proxy.ledger.ledger import Ledger
from tests.cli.running import run
from tests.e2e.peers import config
from tests.ledger.samples import IN, OTHER_PAIR, PAIR, Clock, numbered, wish


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        ledger.commit([wish(PAIR), wish(numbered(3)), wish(OTHER_PAIR), wish(PAIR, IN), wish(PAIR)])
        ledger.commit([Refusals(PAIR, 4, 0, 1_790_000_000_000_000, 1_790_000_100_000_000)])
    return config(tmp_path, "127.0.0.1:9")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_text_says_all_and_can_be_checked_by_hand(settings: Path) -> None:
    shown = run("consent", "dossier", PAIR.consumer, "--config", settings).stdout
    assert "known with this number: 2; 2 of them may not text it. Messages to it that were refused" in shown
    assert "The journal's chain holds from revision 1 to 5." in shown
    proofs = re.findall(r"revision (\d+)\n  text    (.*)\n  sha256  (\w+)", shown)
    assert [revision for revision, _, _ in proofs] == ["1", "3", "4", "5"]
    assert all(digest(text) == hashed for _, text, hashed in proofs)
    assert numbered(3).consumer not in shown, "another person's"


def test_the_csv_and_the_page_can_be_checked_too(settings: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(
        run("consent", "dossier", "15559870001", "--format", "csv", "--config", settings).stdout
    )))  # fmt: skip
    assert [row["change"] for row in rows] == ["opted_out", "opted_out", "opted_in", "opted_out"]
    assert all(digest(row["hashed_text"]) == row["sha256"] for row in rows)
    page = tmp_path / "person.html"
    assert run("consent", "dossier", "15559870001", page, "--config", settings).exit_code == 0
    assert stat.S_IMODE(page.stat().st_mode) == 0o600
    text = page.read_text()
    proofs = re.findall(r"<pre>(.*?)</pre><p>SHA-256 <code>(\w+)</code>", text)
    assert len(proofs) == 4
    assert all(digest(html.unescape(hashed)) == wanted for hashed, wanted in proofs)
    assert "<script" not in text
    assert "http" not in text


def test_a_broken_chain_is_said(settings: Path, tmp_path: Path) -> None:
    with Ledger(tmp_path / "store", Clock()) as ledger:
        entry = list(ledger.journal.entries())[1]
        forged = entry._replace(time=entry.time.replace(year=2020)).stored("0" * 64)[1]
        ledger.store.write(
            lambda writing: writing.txn.put((2).to_bytes(8, "big"), forged, db=ledger.store.databases.journal)
        )
    assert "chain is BROKEN from revision 1 to 5" in run("consent", "dossier", PAIR.consumer, "-c", settings).stdout


def test_an_anchor_that_was_kept_elsewhere_is_checked(settings: Path) -> None:
    head = run("journal", "head", "--json", "--config", settings).stdout
    revision, hashed = re.findall(r'"revision": (\d+), "sha256": "(\w+)"', head)[0]
    assert run("journal", "verify", "--anchor", f"{revision}:{hashed}", "--config", settings).exit_code == 0
    wrong = run("journal", "verify", "--anchor", f"{revision}:{hashed[::-1]}", "--config", settings)
    assert (wrong.exit_code, "not that of the anchor" in wrong.stderr) == (1, True)
    assert "not yet" in run("journal", "verify", "--anchor", f"99:{hashed}", "--config", settings).stderr
    assert "must be the revision" in run("journal", "verify", "--anchor", hashed, "--config", settings).stderr


def test_a_number_is_forgotten_only_by_whoever_is_sure(settings: Path) -> None:
    asked = run("consent", "forget", PAIR.consumer, "--note", "new owner", "--config", settings)
    assert (asked.exit_code, "may be texted again" in asked.stderr) == (1, True)
    assert run("consent", "forget", PAIR.consumer, "--note", " ", "--yes", "--config", settings).exit_code == 1
    done = run("consent", "forget", PAIR.consumer, "--note", "new owner", "--yes", "--config", settings)
    assert done.stdout == "2 pairs erased, 4 entries blanked; tombstone in revision 6\n"
    assert run("consent", "verify", "--config", settings).exit_code == 0
    shown = run("consent", "dossier", PAIR.consumer, "--config", settings).stdout
    assert "Nothing is known of this number" in shown
    assert "this number was forgotten (revision 6): new owner" in shown
    exported = run("journal", "export", "--format", "csv", "--config", settings)
    assert exported.exit_code == 0
    assert PAIR.consumer not in exported.stdout
