"""``consent-proxy config``: what the program is set up from, as files: an example configuration, units, rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_PACKAGE = Path(__file__).parent.parent

FOLDER = next(folder for folder in (_PACKAGE / "examples", _PACKAGE.parent / "config") if folder.is_dir())
"""In an installed package, ``examples`` is what the source has as ``config``."""

EXAMPLE = "proxy.toml"


def config(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="One of those that --list names.")] = EXAMPLE,
    is_list: Annotated[bool, typer.Option("--list", help="Name the files that can be printed.")] = False,
) -> None:
    """Print the example configuration, which has every key with its default; or another file of the package."""
    found = names()
    if is_list:
        typer.echo("\n".join(found))
    elif name in found:
        typer.echo((FOLDER / name).read_text("utf-8"), nl=False)
    else:
        typer.echo(f"no file is called {name}; consent-proxy config --list names them", err=True)
        raise typer.Exit(1)


def names() -> list[str]:
    """The files, as paths below ``FOLDER``."""
    return sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
