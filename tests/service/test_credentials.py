"""Files from the service manager in the place of paths: for tokens and TLS, at the start, on reload, for `check`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from typer.testing import CliRunner

from proxy.cli.app import app
from proxy.config.faults import ConfigError
from proxy.config.load import check
from proxy.service.admin.tokens import Tokens
from proxy.simulator.process import ProxyProcess
from tests.e2e.peers import config
from tests.e2e.permission import may_read
from tests.e2e.reloading import reload, rewrite
from tests.e2e.tokens import READ

ADMIN = '[admin]\nlisten = "127.0.0.1:0"\ntoken_file = "credential:tokens"\n'
TLS = '[route.tls]\ncertificate = "credential:chain.pem"\nkey = "credential:key.pem"\n[store]'


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Path]:
    """The folder in which systemd puts what it hands over: only the service may read it."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "tokens").write_text(f"read grafana {READ}\n")
    issued = trustme.CA().issue_cert("localhost")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    for file in folder.iterdir():
        file.chmod(0o400)
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


def settings(folder: Path) -> Path:
    path = config(folder, "127.0.0.1:9", more=ADMIN)
    rewrite(path, "[store]", TLS)
    return path


def test_tokens_and_tls_keys_are_read_from_what_the_service_was_given(tmp_path: Path, given: Path) -> None:
    path = settings(tmp_path)
    with ProxyProcess(path, env={**os.environ, "CREDENTIALS_DIRECTORY": str(given)}) as proxy:
        assert may_read(proxy, READ)
        rewrite(path, '"credential:tokens"', '"credential:others"')
        reason = reload(proxy, "reload_refused")["reason"]
        assert reason.startswith('admin.token_file: "credential:others" was not given to this service: add LoadCred')
        assert may_read(proxy, READ)


def test_the_check_says_what_is_not_there(tmp_path: Path, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings(tmp_path)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    said = CliRunner().invoke(app, ["check", str(path)])
    assert said.exit_code == 1
    assert 'admin.token_file: "credential:tokens" is there only for a service of systemd' in said.stderr
    assert "LoadCredential=tokens:" in said.stderr
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(given))
    assert CliRunner().invoke(app, ["check", str(path)]).exit_code == 0
    given.chmod(0o700)
    (given / "key.pem").unlink()
    said = CliRunner().invoke(app, ["check", str(path)])
    assert (said.exit_code, said.stdout) == (1, "")
    assert 'route test: tls: "credential:key.pem" was not given to this service' in said.stderr


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600])
def test_a_credential_of_the_service_is_a_token_file_that_will_do(given: Path, mode: int) -> None:
    """Mode 0400 of its user, or of root with an access list for its user, which shows as 0440."""
    (given / "tokens").chmod(mode)
    assert Tokens(given / "tokens").holder(READ)


@pytest.mark.parametrize("name", ["", "../tokens", "a/b", "..", ".", "a b", "a\0"])
def test_a_credential_has_a_name_and_no_path(tmp_path: Path, name: str) -> None:
    route: dict[str, Any] = {
        "name": "a",
        "listen": "127.0.0.1:0",
        "carrier": [{"address": "c:1", "tls": {"ca": f"credential:{name}"}}],
    }
    route["tls"] = {"certificate": f"credential:{name}"}
    admin = {"listen": "127.0.0.1:0", "token_file": f"credential:{name}"}
    with pytest.raises(ConfigError) as error:
        check({"route": [route], "store": {"path": "x"}, "admin": admin}, Path("c"))
    keys = {fault.key for fault in error.value.faults}
    assert {"admin.token_file", "route[0].carrier[0].tls.ca", "route[0].tls.certificate"} <= keys
