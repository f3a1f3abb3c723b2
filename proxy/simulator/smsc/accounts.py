"""Who may bind to the simulated SMSC."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from proxy.smpp.pdu import STATUSES


class Account(BaseModel):
    """One ESME: its password, and how many of its binds there may be at once (0: any number)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    system_id: str
    password: str = ""
    binds: int = 0


class Accounts:
    """All accounts; without any, everybody may bind with any password."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self._accounts = {account.system_id: account for account in accounts}

    def refuse(self, system_id: str, password: str, bound: int) -> int | None:
        """The status that refuses a bind, None if it is allowed; the account has ``bound`` other binds.

        ESME_RINVSYSID, ESME_RINVPASWD or ESME_RALYBND, as SMPP 3.4 section 5.1.3 has them.
        """
        if not self._accounts:
            return None
        account = self._accounts.get(system_id)
        if account is None:
            return STATUSES["ESME_RINVSYSID"]
        if account.password != password:
            return STATUSES["ESME_RINVPASWD"]
        if account.binds and bound >= account.binds:
            return STATUSES["ESME_RALYBND"]
        return None
