"""The control API of the simulated MMSC and platform: what came, what handsets send, faults, pictures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import trio
from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from proxy.simulator.handsets.asking import After, Limit, Newest, Wait, page
from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.faults import ArmedMms, MmsFault
from proxy.simulator.mms.messages import MmsMessage
from proxy.simulator.mms.mmsc import Mmsc
from proxy.simulator.mms.party import Party, Unposted
from proxy.simulator.mms.vasp import Vasp
from proxy.simulator.mms.writing import Media

_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")
"""Types that a page may show; whatever else is handed out as octets."""


class Picture(BaseModel):
    """A part that is no text: its type, and its octets in base64."""

    model_config = ConfigDict(extra="forbid")

    content_type: str = Field(default="image/png", pattern=r"^[a-z]+/[a-z0-9.+-]+$")
    base64: str = Field(max_length=4 << 20)


class FromHandset(BaseModel):
    """A picture message from a handset."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=40)
    destination: str = Field(default="", max_length=40)
    text: str = ""
    subject: str = ""
    pictures: list[Picture] = []


class FromPlatform(BaseModel):
    """A picture message from the platform."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(default="", max_length=40)
    destinations: Annotated[list[str], Field(min_length=1, max_length=100)]
    text: str = ""
    subject: str = ""
    pictures: list[Picture] = []


def routes(mms: Mms) -> APIRouter:
    """The API of an MMSC and a platform."""
    router = APIRouter()
    faults = mms.faults
    _of_mmsc(router, mms.mmsc)
    _of_vasp(router, mms.vasp)

    @router.get("/v1/mms/faults")
    async def list_mms_faults() -> dict[str, Any]:
        """The faults that are set, and how many messages each has met."""
        return {"faults": [_shown(armed) for armed in faults.armed]}

    @router.post("/v1/mms/faults", status_code=201)
    async def set_mms_fault(fault: MmsFault) -> dict[str, Any]:
        """Set one more fault, at the MMSC or at the platform."""
        return _shown(faults.set(fault))

    @router.delete("/v1/mms/faults")
    async def clear_mms_faults() -> dict[str, Any]:
        """Take all faults away."""
        faults.clear()
        return {"faults": []}

    return router


def _of_mmsc(router: APIRouter, mmsc: Mmsc) -> None:
    @router.get("/v1/mms/messages")
    async def mms_messages(
        after: After = 0, wait: Wait = 0, limit: Limit = 500, newest: Newest = False
    ) -> dict[str, Any]:
        """What platforms have submitted, oldest first."""
        return await _listed(mmsc, mmsc.came, after, wait, limit, newest=newest)

    @router.get("/v1/mms/mo")
    async def mms_from_handsets(
        after: After = 0, wait: Wait = 0, limit: Limit = 500, newest: Newest = False
    ) -> dict[str, Any]:
        """What handsets have sent, oldest first, and how it was answered."""
        return await _listed(mmsc, mmsc.sent, after, wait, limit, newest=newest)

    @router.post("/v1/mms/mo")
    async def send_mms(wanted: FromHandset) -> dict[str, Any]:
        """Send a picture message from a handset; says how the platform answered."""
        media = _media(wanted.text, wanted.pictures)
        with _or_answered():
            message = await mmsc.deliver(wanted.source, wanted.destination, media, wanted.subject)
        return message.view()

    @router.get("/v1/mms/media/{way}/{number}/{position}")
    async def media(way: str, number: int, position: int) -> Response:
        """A picture of a message that came (`came`), or that a handset has sent (`sent`)."""
        found = [each for each in (mmsc.came if way == "came" else mmsc.sent) if each.number == number]
        if not found or not 0 <= position < len(found[0].media):
            raise HTTPException(404, "there is no such picture")
        kind, octets = found[0].media[position]
        is_shown = kind in _SHOWN
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
        return Response(octets, media_type=kind if is_shown else "application/octet-stream", headers=headers)


def _of_vasp(router: APIRouter, vasp: Vasp) -> None:
    @router.post("/v1/vasp/submit")
    async def submit(wanted: FromPlatform) -> dict[str, Any]:
        """Have the platform submit a picture message; says how the MMSC answered."""
        media = _media(wanted.text, wanted.pictures)
        with _or_answered():
            message = await vasp.submit(wanted.source, wanted.destinations, media, wanted.subject)
        return message.view()

    @router.get("/v1/vasp/heard")
    async def heard(after: After = 0, wait: Wait = 0, limit: Limit = 500, newest: Newest = False) -> dict[str, Any]:
        """What was delivered to the platform, oldest first."""
        return await _listed(vasp, vasp.came, after, wait, limit, newest=newest)

    @router.get("/v1/vasp/sent")
    async def sent(after: After = 0, wait: Wait = 0, limit: Limit = 500, newest: Newest = False) -> dict[str, Any]:
        """What the platform has submitted, oldest first, and what became of it."""
        return await _listed(vasp, vasp.sent, after, wait, limit, newest=newest)


async def _listed(
    party: Party, messages: Sequence[MmsMessage], after: int, wait: float, limit: int, *, newest: bool
) -> dict[str, Any]:
    with trio.move_on_after(wait):
        await party.wait_for(lambda: any(message.number > after for message in messages))
    found = page([message for message in messages if message.number > after], limit, newest=newest)
    return {"messages": [message.view() for message in found]}


@contextmanager
def _or_answered() -> Iterator[None]:
    try:
        yield
    except Unposted as error:
        raise HTTPException(502, str(error)) from None


def _media(text: str, pictures: Sequence[Picture]) -> list[Media]:
    try:
        shown = [Media(each.content_type, base64.b64decode(each.base64, validate=True)) for each in pictures]
    except binascii.Error:
        raise HTTPException(422, "base64 of a picture holds something else") from None
    return [*([Media.text(text)] if text else []), *shown]


def _shown(armed: ArmedMms) -> dict[str, Any]:
    return {"number": armed.number, "met": armed.met, **armed.fault.model_dump()}
