"""The part of the control API that shows PDUs."""

from __future__ import annotations

import fnmatch
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query

from proxy.simulator.handsets import views
from proxy.simulator.handsets.asking import After, Limit, Newest, Wait, page, waited
from proxy.simulator.smsc.connection import Seen
from proxy.simulator.smsc.messages import text_of
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp import pdu
from proxy.smpp.pdu import COMMANDS, PduError


def router(smsc: Smsc) -> APIRouter:
    """``/v1/pdus`` of one SMSC."""
    found = APIRouter()

    @found.get("/v1/pdus")
    async def list_pdus(
        after: After = 0,
        wait: Wait = 0,
        limit: Limit = 500,
        newest: Newest = False,
        command: Annotated[str, Query(description="A command_id by its name; * stands for anything.")] = "*",
        status: Annotated[str, Query(description="A command_status by its name, such as ESME_RTHROTTLED.")] = "",
        direction: Literal["", "in", "out"] = "",
        connection: int = -1,
        system_id: Annotated[str, Query(description="Of the sessions of this account.")] = "",
        number: Annotated[str, Query(description="Part of the source's or destination's digits.")] = "",
        text: Annotated[str, Query(description="Part of the message's text.")] = "",
    ) -> dict[str, Any]:
        """PDUs, both ways, oldest first: ask again with the number of the last one as `after` for those behind it."""
        if not any(fnmatch.fnmatchcase(name, command) for name in COMMANDS):
            raise HTTPException(422, f"command: no such command: {command}; known are {', '.join(sorted(COMMANDS))}")
        if status and status not in pdu.STATUSES:
            raise HTTPException(422, f"status: no such command_status: {status}")
        wanted = {c.number for c in smsc.connections if c.system_id == system_id} if system_id else None

        def is_wanted(seen: Seen) -> bool:
            return (
                seen.number > after
                and connection in (-1, seen.connection)
                and direction in ("", seen.direction)
                and (wanted is None or seen.connection in wanted)
                and fnmatch.fnmatchcase(seen.command, command)
                and status in ("", pdu.status_name(pdu.HEADER.unpack_from(seen.frame)[2]))
                and _has(seen, number, text)
            )

        def find() -> list[Seen]:
            return page([seen for seen in _behind(smsc, after) if is_wanted(seen)], limit, newest=newest)

        return {"pdus": [views.header(seen, smsc) for seen in await waited(smsc, find, wait)]}

    @found.get("/v1/pdus/{number}")
    async def get_pdu(number: int) -> dict[str, Any]:
        """One PDU, taken apart."""
        seen = next((seen for seen in smsc.pdus if seen.number == number), None)
        if seen is None:
            raise HTTPException(404, "there is no such PDU, or it is too long ago")
        return views.whole(seen, smsc)

    return found


def _behind(smsc: Smsc, after: int) -> list[Seen]:
    newer: list[Seen] = []
    for seen in reversed(smsc.pdus):
        if seen.number <= after:
            break
        newer.append(seen)
    return newer[::-1]


def _has(seen: Seen, number: str, text: str) -> bool:
    if not number and not text:
        return True
    with suppress(PduError):
        digits = [address.digits.decode("latin-1") for address in seen.addresses()]
        return (
            any(number.lstrip("+") in each for each in digits) and text.casefold() in text_of(seen.frame)[0].casefold()
        )
    return False
