"""Days until certificates end, of every place in the settings that names one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from proxy.config.load import check
from proxy.config.schema import Config
from proxy.service.certificates import days_left


def settings(folder: Path, file: str) -> Config:
    tls = {"certificate": file, "key": file}
    return check(
        {
            "route": [
                {
                    "name": "a",
                    "listen": "127.0.0.1:0",
                    "tls": tls,
                    "carrier": [{"address": "smsc.example:3550", "tls": tls}],
                }
            ],
            "store": {"path": str(folder)},
        },
        folder / "proxy.toml",
    )


def test_each_is_named_by_whose_it_is(tmp_path: Path) -> None:
    file = tmp_path / "chain.pem"
    issued = trustme.CA().issue_cert("localhost", not_after=datetime.now(UTC) + timedelta(days=30))
    issued.private_key_and_cert_chain_pem.write_to_path(file)
    found = dict(days_left(settings(tmp_path, str(file))))
    assert found.keys() == {"route a", "route a, carrier smsc.example:3550"}
    assert all(days == pytest.approx(30, abs=0.1) for days in found.values())


def test_one_that_has_ended_counts_backwards(tmp_path: Path) -> None:
    file = tmp_path / "chain.pem"
    trustme.CA().issue_cert("localhost", not_after=datetime.now(UTC) - timedelta(days=2)).cert_chain_pems[
        0
    ].write_to_path(file)
    assert dict(days_left(settings(tmp_path, str(file))))["route a"] == pytest.approx(-2, abs=0.1)


def test_what_can_not_be_read_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "junk.pem").write_text("-----BEGIN CERTIFICATE-----\njunk\n")
    for file in ("junk.pem", "none.pem"):
        assert list(days_left(settings(tmp_path, str(tmp_path / file)))) == []
