"""Tests mirror the rooms: every module has its test file, or a list says where it is tested instead."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

PROXY = Path(__file__).parent.parent / "proxy"
TESTS = Path(__file__).parent
MODULES = sorted(str(path.relative_to(PROXY)) for path in PROXY.rglob("*.py") if path.name != "__init__.py")

ELSEWHERE = {
    "__main__.py": "cli/test_app.py",
    "cli/*": "cli/test_consent.py",  # commands are tested as they are typed
    "cluster/*": "cluster/test_node.py",  # nodes in one process, over the fake and a real etcd
    "consent/parts.py": "ledger/tables/test_parts.py",
    "consent/unanswered.py": "relay/session/test_retries.py",
    "service/clustering.py": "e2e/test_cluster.py",
    "service/running.py": "e2e/test_supervisor.py",
    "config/*": "config/test_schema.py",  # by what is said of files
    "consent/entries.py": "ledger/tables/test_journal.py",
    "consent/by_hand.py": "service/admin/test_api.py",
    "consent/plans.py": "consent/test_numbers_survey.py",
    "consent/lookups.py": "ledger/test_reader.py",  # a protocol, by who keeps it
    "ledger/*": "ledger/test_ledger.py",  # the files that a ledger is made of, by what it promises
    "meaning/languages/*": "meaning/test_corpus.py",  # word tables
    "meaning/*": "meaning/test_replies.py",  # by what replies mean
    "net/*": "e2e/test_network.py",  # sockets, TLS, namespaces and balancers, for real
    "relay/session/*": "relay/session/test_session.py",  # what a session is made of, as transcripts
    "relay/taps.py": "e2e/test_capture.py",
    "simulator/smsc/capture.py": "e2e/test_capture.py",
    "relay/means.py": "relay/test_turns.py",
    "relay/looking_after.py": "relay/test_conversation.py",
    "net/happenings.py": "service/processes/test_outbox.py",
    "mms/*": "mms/test_route.py",  # over real sockets
    "service/assembly.py": "config/test_schema.py",
    "service/admin/*": "service/admin/test_api.py",
    "service/door/*": "e2e/test_supervisor.py",  # real sockets, handed over
    "service/processes/*": "e2e/test_supervisor.py",  # real processes
    "service/telemetry/*": "service/telemetry/test_metrics.py",
    "simulator/cluster/*": "e2e/test_cluster.py",
    "simulator/demo.py": "e2e/test_story.py",
    "simulator/ports.py": "e2e/test_story.py",
    "simulator/mms/*": "simulator/mms/test_mms.py",  # an MMSC and a platform, by what they say to each other
    "simulator/story.py": "e2e/test_story.py",
    "simulator/process.py": "e2e/test_supervisor.py",
    "simulator/exam/client.py": "simulator/exam/test_exam.py",
    "simulator/smsc/lives.py": "simulator/smsc/test_smsc.py",
    "mm7/addresses.py": "mm7/test_envelope.py",
    "mm7/charsets.py": "mm7/test_text.py",
    "mm7/repairs.py": "mm7/test_envelope.py",
    "smpp/encode.py": "smpp/test_text.py",
    "smpp/message.py": "smpp/test_pdu.py",
}
"""Where modules are tested that have no test file of their own, and why where that isn't plain."""


def own_test(module: str) -> Path:
    path = Path(module)
    return TESTS / path.parent / f"test_{path.name}"


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_tested_somewhere(module: str) -> None:
    if not own_test(module).exists():
        assert any(fnmatch(module, pattern) for pattern in ELSEWHERE), f"{module} has no {own_test(module).name}"


@pytest.mark.parametrize(("pattern", "where"), ELSEWHERE.items())
def test_the_list_names_what_is_there_and_nothing_that_needs_no_place_in_it(pattern: str, where: str) -> None:
    assert (TESTS / where).exists()
    assert any(fnmatch(module, pattern) and not own_test(module).exists() for module in MODULES)


def test_no_test_file_imports_another() -> None:
    """What several need is in a helper module beside them."""
    for path in TESTS.rglob("*.py"):
        text = path.read_text("utf-8")
        assert "import test_" not in text.replace('"import test_"', ""), path
        assert not [line for line in text.splitlines() if line.startswith("from tests.") and ".test_" in line], path
