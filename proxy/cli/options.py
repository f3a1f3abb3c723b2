"""The options that commands share, spelled the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from proxy.ledger.upkeep.lists import Format

VARIABLE = "CONSENT_PROXY_CONFIG"

CONFIG = Path("/etc/consent-proxy/proxy.toml")
"""The configuration that is used if neither ``--config`` nor the variable names one."""

STANDARD_INPUT = Path("-")

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", metavar="FILE", envvar=VARIABLE, help="The TOML configuration file.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")]
FormatOption = Annotated[
    Format | None, typer.Option(metavar="csv|jsonl", help="What it is; told by the name if left out.")
]
Business = Annotated[str, typer.Argument(metavar="BUSINESS", help="The business number, in any written form.")]
Consumer = Annotated[str, typer.Argument(metavar="CONSUMER", help="The consumer's number, in any written form.")]


def examples(*lines: str) -> str:
    """Examples as they stand at the end of a command's help, one a line."""
    return "\b\nExamples:\n" + "\n".join(f"  consent-proxy {line}" for line in lines)
