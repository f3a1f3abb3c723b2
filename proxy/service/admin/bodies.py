"""Bodies of requests: JSON and nothing else, and answers to those that can't be taken, which repeat nothing of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic_core import from_json

LONGEST_STEP = 64
"""Characters of one step of a place in an answer: its steps may be keys that a client chose."""


class _StrictRequest(Request):
    """A request whose body is JSON by RFC 8259: no NaN or Infinity, no half of a surrogate pair, no endless nesting."""

    async def json(self) -> Any:
        """The body; raises ``json.JSONDecodeError``, which FastAPI answers with 422."""
        try:
            return from_json(await self.body(), allow_inf_nan=False)
        except ValueError as error:
            raise json.JSONDecodeError(str(error), "", 0) from None


class StrictRoute(APIRoute):
    """A route that takes only such bodies."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, which is given its requests as strict ones."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(_StrictRequest(request.scope, request.receive))

        return handle_strictly


async def not_valid(_request: Request, error: RequestValidationError) -> Response:
    """Where what was sent is wrong, and why; not what it was, which may be anything."""
    detail = [
        {"type": fault["type"], "loc": [_shown(step) for step in fault["loc"]], "msg": _reason(fault)}
        for fault in error.errors()
    ]
    return JSONResponse({"detail": detail}, status_code=422)


def _reason(fault: Any) -> str:
    if fault["type"] == "json_invalid":
        return f"the body is not JSON: {fault['ctx']['error']}"
    return str(fault["msg"])


def _shown(step: object) -> object:
    if isinstance(step, int):
        return step
    return str(step)[:LONGEST_STEP].encode("utf-8", "backslashreplace").decode()
