"""Who may use the admin HTTP, and how much of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from proxy.service.admin.guard import Rates
from proxy.service.admin.tokens import Holder, TokenError, Tokens


def write(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_holders_are_found_by_their_tokens(tmp_path: Path) -> None:
    tokens = Tokens(
        write(tmp_path / "t", "# all\n\nread grafana 0123456789abcdef # dashboards\nwrite alice fedcba9876543210\n")
    )
    assert tokens.holder("0123456789abcdef") == Holder("grafana", "read")
    assert tokens.holder("fedcba9876543210") == Holder("alice", "write")
    for wrong in ("", "0123456789abcde", "0123456789abcdeF", "grafana"):
        assert tokens.holder(wrong) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "holds no token"),
        ("read grafana short\n", "line 1: the token must have at least 16"),
        ("\nadmin root 0123456789abcdef\n", "line 2: must be: read or write"),
        ("read 0123456789abcdef\n", "line 1: must be"),
    ],
)
def test_a_file_that_can_not_be_used_says_why(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(TokenError, match=problem) as error:
        Tokens(write(tmp_path / "t", text))
    assert "0123456789abcdef" not in str(error.value)


def test_a_file_that_everybody_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TokenError, match="chmod"):
        Tokens(write(tmp_path / "t", "read grafana 0123456789abcdef\n", 0o644))
    with pytest.raises(TokenError, match="can't be read"):
        Tokens(tmp_path / "none")


def test_rates_are_by_client_and_fill_up_again() -> None:
    now = 0.0
    rates = Rates(2.0, lambda: now)
    assert [rates.allows("a") for _ in range(21)] == [True] * 20 + [False]
    assert rates.allows("b")
    now = 1.0
    assert [rates.allows("a") for _ in range(3)] == [True, True, False]
