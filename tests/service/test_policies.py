"""The policies of routes: those in force, and those of a route that was taken out of the settings while it drains."""

from __future__ import annotations

from pathlib import Path

from proxy.config.load import load
from proxy.config.schema import Config
from proxy.consent.rules import Rule
from proxy.service.policies import Policies


def config(folder: Path, resume: str, *routes: str) -> Config:
    tables = "".join(
        f'[[route]]\nname = "{name}"\nlisten = "127.0.0.1:{2775 + at}"\ncarrier = ["127.0.0.1:2700"]\n'
        for at, name in enumerate(routes)
    )
    path = folder / "proxy.toml"
    path.write_text(f'{tables}[store]\npath = "{folder}/store"\n[consent]\nresume = "{resume}"\n')
    return load(path)


def test_a_reload_changes_the_routes_it_has_and_leaves_those_it_took_out(tmp_path: Path) -> None:
    policies = Policies(config(tmp_path, "any-reply", "a", "b"))
    assert policies.of("a").rule is Rule.ANY_REPLY
    policies.go_by(config(tmp_path, "keyword", "a", "c"))
    assert [policies.of(name).rule for name in "abc"] == [Rule.KEYWORD, Rule.ANY_REPLY, Rule.KEYWORD]
