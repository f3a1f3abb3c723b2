"""Who may bind."""

from __future__ import annotations

import pytest

from proxy.simulator.smsc.accounts import Account, Accounts
from proxy.smpp.pdu import status_name

ACCOUNTS = Accounts([Account(system_id="one", password="secret", binds=2), Account(system_id="many")])


@pytest.mark.parametrize(
    ("system_id", "password", "bound", "refused"),
    [
        ("one", "secret", 0, None),
        ("one", "secret", 1, None),
        ("one", "secret", 2, "ESME_RALYBND"),
        ("one", "wrong", 0, "ESME_RINVPASWD"),
        ("other", "secret", 0, "ESME_RINVSYSID"),
        ("many", "", 1000, None),
    ],
)
def test_what_a_bind_is_answered(system_id: str, password: str, bound: int, refused: str | None) -> None:
    status = ACCOUNTS.refuse(system_id, password, bound)
    assert (None if status is None else status_name(status)) == refused


def test_without_accounts_everybody_may_bind() -> None:
    assert Accounts().refuse("anybody", "anything", 1000) is None
