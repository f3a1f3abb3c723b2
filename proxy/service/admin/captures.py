"""``POST /v1/capture``: the PDUs of a session, an account or a pair as they pass, for Wireshark."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Annotated, Protocol

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from proxy.consent.written import NumberError
from proxy.service.admin.api import REFUSED, MayWrite
from proxy.service.admin.bodies import StrictRoute
from proxy.service.admin.checks import Written
from proxy.service.processes.capturing import MOST_OCTETS, MOST_SECONDS, Capturing, TooManyCaptures
from proxy.service.telemetry.log import mask

Short = Annotated[str, Field(max_length=64)]


class WantedCapture(BaseModel):
    """One of a session (the id that the log has), a system_id, or a business and a consumer; for how long, how much."""

    model_config = ConfigDict(extra="forbid", strict=True)

    session: Short = ""
    system_id: Short = ""
    business: Short = ""
    consumer: Short = ""
    seconds: Annotated[float, Field(gt=0, le=MOST_SECONDS)] = 60.0
    octets: Annotated[int, Field(ge=65_536, le=MOST_OCTETS)] = 16 * 1024 * 1024


class Desk(Protocol):
    """Who captures."""

    captures: Capturing


def router(desk: Desk, written: Callable[[], Written]) -> APIRouter:
    """The route; ``written`` gives how numbers are read now."""
    api = APIRouter(prefix="/v1", responses=REFUSED, route_class=StrictRoute)

    @api.post("/capture", response_class=StreamingResponse)
    async def capture(holder: MayWrite, wanted: WantedCapture) -> Response:
        """PDUs of both sides, in the clear and without passwords, as pcapng, while they pass.

        It ends after `seconds` or `octets`, or when the client leaves. The journal keeps who captured what.
        """
        business, consumer = wanted.business, wanted.consumer
        ways = (bool(wanted.session), bool(wanted.system_id), bool(business or consumer))
        if sum(ways) != 1 or bool(business) != bool(consumer):
            raise HTTPException(400, "name one: a session, a system_id, or a business and a consumer")
        said = {"session": wanted.session, "system_id": wanted.system_id}
        if business:
            try:
                business, consumer = written().pair(business, consumer)
            except NumberError as error:
                raise HTTPException(400, str(error)) from None
            said["note"] = f"messages of {mask(business)} and {mask(consumer)}"
        evidence = {"operator": holder.name, **{name: value for name, value in said.items() if value}}
        records = desk.captures.capture(
            evidence,
            wanted.seconds,
            wanted.octets,
            session=wanted.session,
            system_id=wanted.system_id,
            business=business,
            consumer=consumer,
        )
        try:
            first = await anext(records)  # so that what can't be captured has a status of its own
        except TooManyCaptures as error:
            raise HTTPException(429, str(error), {"Retry-After": "60"}) from None
        return StreamingResponse(_all(first, records), media_type="application/x-pcapng")

    return api


async def _all(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(rest):
        yield first
        async for record in rest:
            yield record
