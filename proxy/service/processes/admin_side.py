"""The admin HTTP as settings come and go: prepared first, since that can fail, and then taken or dropped."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, NamedTuple

import trio

from proxy.config.schema import AdminTable
from proxy.service.admin.tokens import Tokens
from proxy.service.assembly import tokens_of
from proxy.service.door.listeners import Inherited

if TYPE_CHECKING:
    from proxy.service.admin.server import AdminHttp, Desk


class AdminChange(NamedTuple):
    """What new settings want: none, the one that is there to go by others, or a fresh one in its place."""

    section: AdminTable | None = None
    tokens: Tokens | None = None
    fresh: AdminHttp | None = None


class AdminSide:
    """The one of a supervisor, if there is one."""

    def __init__(self, desk: Desk, inherited: Inherited) -> None:
        self._desk = desk
        self._inherited = inherited
        self._admin: AdminHttp | None = None

    def check(self, section: AdminTable | None) -> None:
        """Fail now for what would make ``prepare`` fail later, but for the address; raises ``SettingsError``."""
        if section is not None:
            importlib.import_module("proxy.service.admin.server")
            tokens_of(section)

    def prepare(self, section: AdminTable | None) -> AdminChange:
        """Read the tokens, and open the address if it is another; raises ``SettingsError`` or ``OSError``."""
        if section is None:
            return AdminChange()
        from proxy.service.admin.server import open_admin  # 0.25 s of imports, only for those who use it

        tokens = tokens_of(section)
        if self._admin is not None and self._admin.listen == section.listen:
            return AdminChange(section, tokens)
        return AdminChange(section, tokens, open_admin(self._desk, section, self._inherited, tokens))

    def apply(self, prepared: AdminChange, nursery: trio.Nursery) -> None:
        """Go by this from now on."""
        if self._admin is not None and prepared.section is not None and prepared.fresh is None:
            self._admin.apply(prepared.section, prepared.tokens)
            return
        if self._admin is not None:
            self._admin.close()
        self._admin = prepared.fresh
        if self._admin is not None:
            nursery.start_soon(self._admin.run)

    def drop(self, prepared: AdminChange) -> None:
        """Leave all as it was."""
        if prepared.fresh is not None:
            prepared.fresh.close()
