"""``consent-proxy config``: it prints what the package has."""

from __future__ import annotations

from pathlib import Path

from proxy.config.load import load
from tests.cli.running import run


def test_the_example_is_a_configuration_that_can_be_used(tmp_path: Path) -> None:
    printed = run("config").stdout
    assert printed == Path("config/proxy.toml").read_text()
    copy = tmp_path / "proxy.toml"
    copy.write_text(printed)
    assert load(copy) == load(Path("config/proxy.toml"))


def test_each_file_that_is_listed_can_be_printed() -> None:
    listed = run("config", "--list").stdout.splitlines()
    assert {"proxy.toml", "systemd/consent-proxy.service", "nftables/tproxy.nft"} <= set(listed)
    for name in listed:
        assert run("config", name).stdout == (Path("config") / name).read_text()


def test_only_files_of_the_package_are_printed() -> None:
    for name in ("nothing.toml", "../README.md", str(Path("README.md").absolute()), "systemd"):
        result = run("config", name)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"no file is called {name}; consent-proxy config --list names them\n"
