"""What all of the control API has in common: waiting for what there isn't yet, pages, and strict questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import trio
from fastapi import HTTPException, Query, Request
from fastapi.routing import APIRoute

from proxy.simulator.smsc.smsc import Smsc

T = TypeVar("T")

Wait = Annotated[float, Query(ge=0, le=60, description="Seconds to wait for what there isn't yet.")]
After = Annotated[int, Query(ge=0, description="Only what has a greater number.")]
Limit = Annotated[int, Query(ge=1, le=5000, description="At most so many.")]
Newest = Annotated[bool, Query(description="The last of them instead of the first behind `after`.")]


async def waited(smsc: Smsc, find: Callable[[], list[T]], wait: float) -> list[T]:
    """What is found, as soon as there is something; after ``wait`` seconds whatever there is."""
    with trio.move_on_after(wait):
        await smsc.wait_for(lambda _: bool(find()))
    return find()


def page(found: list[T], limit: int, *, newest: bool) -> list[T]:
    """So many of these, in their order: the first, or the ``newest``."""
    return found[-limit:] if newest else found[:limit]


async def only_known(request: Request) -> None:
    """Refuse a question with a parameter that nobody looks at: its answer would look filtered, and not be."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = {field.alias for field in route.dependant.query_params}
    if unknown := sorted(set(request.query_params) - known):
        names = ", ".join(sorted(known)) or "none"
        raise HTTPException(422, f"no such parameter: {', '.join(unknown)}; there are {names}")
