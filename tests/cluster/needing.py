"""Tests that need an etcd."""

from __future__ import annotations

import os

import pytest

from proxy.simulator.cluster.members import NoEtcd, etcd_program


def need_etcd() -> None:
    """Skip a test where there is no etcd; in CI that is a failure."""
    try:
        etcd_program()
    except NoEtcd as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
