"""Tokens, and an admin section that wants them."""

from __future__ import annotations

from pathlib import Path

READ, WRITE = "r" * 32, "w" * 32


def token_file(folder: Path) -> Path:
    path = folder / "tokens"
    path.write_text(f"# who may what\nread grafana {READ}\nwrite alice {WRITE}\n")
    path.chmod(0o600)
    return path


def admin(folder: Path) -> str:
    return f'[admin]\nlisten = "127.0.0.1:0"\ntoken_file = "{token_file(folder)}"\n'
