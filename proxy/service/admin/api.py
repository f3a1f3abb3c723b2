"""``/v1``: consent over HTTP, for those who have a token."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Annotated, Any, Literal, Protocol

import trio
from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from proxy.config.schema import Config
from proxy.consent.by_hand import changes_by_hand
from proxy.consent.entries import Entry
from proxy.consent.lookups import Consent
from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Change, Commits
from proxy.consent.written import LONGEST_NUMBER, NumberError
from proxy.ledger.ledger import Ledger
from proxy.ledger.tables.databases import LONGEST_KEY
from proxy.service.admin.bodies import StrictRoute
from proxy.service.admin.checks import Written, check_pairs
from proxy.service.admin.guard import Rates
from proxy.service.admin.lookup import pair_fields, record_fields
from proxy.service.admin.tokens import Holder, Tokens

LOOK_EVERY = 0.2
"""Seconds between looks at the journal while somebody waits for its next entry."""

InPath = Annotated[str, Path(min_length=1, max_length=LONGEST_NUMBER)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Problem(BaseModel):
    """Why a request was not done."""

    detail: str


WantedPair = Annotated[
    Any,
    WithJsonSchema(
        {
            "title": "WantedPair",
            "description": "A pair, its numbers in any written form.",
            "type": "object",
            "properties": {"business": {"type": "string"}, "consumer": {"type": "string"}},
            "required": ["business", "consumer"],
            "additionalProperties": False,
        }
    ),
]
"""Looked at one by one: a pair that can't be read is no reason to leave the others without an answer."""


class Check(_Body):
    """Up to a thousand pairs."""

    pairs: Annotated[list[WantedPair], Field(max_length=1000)]


class WantedState(_Body):
    """A state, and why."""

    state: Literal["opted_out", "opted_in"]
    note: Annotated[str, Field(min_length=1, max_length=1000, pattern=r"\S")]


class Rights:
    """Who may do what. Tokens are too long to be guessed; whoever tries wrong ones is told to slow down."""

    def __init__(self, tokens: Tokens | None, failures: Rates) -> None:
        self._tokens = tokens
        self._failures = failures

    def holder(self, token: str | None, client: str) -> Holder:
        """Whoever has this token; raises ``HTTPException`` if nobody has."""
        if self._tokens is None:
            raise HTTPException(403, "no token_file is configured under [admin], so nobody may do this")
        holder = self._tokens.holder(token) if token else None
        if holder is None:
            if token and not self._failures.allows(client):
                raise HTTPException(429, "too many wrong tokens; wait a minute", {"Retry-After": "60"})
            raise HTTPException(401, "a bearer token is needed", {"WWW-Authenticate": "Bearer"})
        return holder


async def _reader(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
) -> Holder:
    access: Rights = request.app.state.access
    return access.holder(given.credentials if given else None, request.client.host if request.client else "")


MayRead = Annotated[Holder, Depends(_reader)]


async def _writer(holder: MayRead) -> Holder:
    if holder.role != "write":
        raise HTTPException(403, "this token may only read")
    return holder


MayWrite = Annotated[Holder, Depends(_writer)]


class Answering(Protocol):
    """What consent over HTTP is answered by."""

    config: Config
    ledger: Ledger
    commits: Commits

    def moment(self) -> AbstractContextManager[Consent]:
        """Consent as it is now, for decisions; unreadable where this node of a cluster may not decide."""

    def age(self) -> float | None:
        """For how many seconds the ledger may have missed what other nodes changed; None if it has missed nothing."""

    def operator_changed(self, entries: Sequence[Entry]) -> None:
        """Somebody with a token made these changes."""


def router(desk: Answering) -> APIRouter:
    """The routes under ``/v1``; the application's state must hold ``Rights`` as ``access``."""
    api = APIRouter(prefix="/v1", responses=REFUSED, route_class=StrictRoute)
    ledger = desk.ledger
    known = Written(desk.config)

    def written() -> Written:
        """That of the settings in force, made once for them."""
        nonlocal known
        if known.config is not desk.config:
            known = Written(desk.config)
        return known

    def pair_of(business: str, consumer: str) -> Pair:
        with _as_400():
            return written().pair(business, consumer)

    def fields_of(pair: Pair) -> dict[str, Any]:
        return with_age(pair_fields(ledger, written().groups, pair))

    def with_age(fields: dict[str, Any]) -> dict[str, Any]:
        age = desk.age()
        return fields if age is None else {**fields, "out_of_touch_seconds": round(age, 1)}

    @api.get("/token")
    async def get_token(holder: MayRead) -> dict[str, str]:
        """Whose token this is, and what it may do: ``read`` or ``write``."""
        return {"name": holder.name, "role": holder.role}

    @api.get("/consent/{business}/{consumer}")
    async def get_pair(_: MayRead, business: InPath, consumer: InPath) -> dict[str, Any]:
        """May this business number text this consumer?"""
        return fields_of(pair_of(business, consumer))

    @api.get("/consent/{business}/{consumer}/history")
    async def get_history(_: MayRead, business: InPath, consumer: InPath) -> dict[str, Any]:
        """Every change of a pair, the newest first, with its evidence."""
        pair = pair_of(business, consumer)
        # In a thread: a pair may have as many entries as its consumer cared to make.
        entries = await trio.to_thread.run_sync(lambda: [entry.fields() for entry in ledger.history(pair)])
        return with_age({"entries": entries})

    @api.put("/consent/{business}/{consumer}")
    async def put_pair(holder: MayWrite, business: InPath, consumer: InPath, wanted: WantedState) -> dict[str, Any]:
        """Opt a pair out or in; it is journalled with the token's name and the note."""
        with _as_400():
            pairs = written().pairs(business, consumer)
        changes = changes_by_hand(pairs, State(wanted.state), holder.name, wanted.note)
        desk.operator_changed(await _commit(desk.commits, changes))
        return fields_of(pairs[0])

    @api.get("/consent")
    async def list_pairs(
        _: MayRead,
        business: Annotated[str, Query(max_length=LONGEST_NUMBER)] = "",
        consumer: Annotated[str, Query(max_length=LONGEST_NUMBER)] = "",
        cursor: Annotated[str, Query(max_length=500)] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> dict[str, Any]:
        """The pairs of a business or a consumer, in order; ``cursor`` is that of the page before."""
        if bool(business) == bool(consumer):
            raise HTTPException(400, "name either a business or a consumer")
        with _as_400():
            records = ledger.pairs.records(
                business=written().business(business) if business else "",
                consumer=written().consumer(consumer) if consumer else "",
                after=_from_cursor(cursor) if cursor else None,
            )
        page = list(islice(records, limit))
        following = _cursor(page[-1].pair) if len(page) == limit else None
        return with_age({"pairs": [record_fields(record) for record in page], "cursor": following})

    @api.post("/check")
    async def check(_: MayRead, wanted: Check) -> dict[str, Any]:
        """The states of up to a thousand pairs at one moment, in their order.

        A pair that can't be read has the state ``invalid``, may not be texted, and its ``fault`` says why.
        """
        return {"pairs": await check_pairs(desk.moment, written(), wanted.pairs)}

    @api.get("/journal")
    async def get_journal(
        _: MayRead,
        request: Request,
        after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        wait: Annotated[float, Query(ge=0, le=60)] = 0,
    ) -> dict[str, Any]:
        """The changes behind a revision, oldest first; waits up to ``wait`` seconds for one if there is none."""
        entries = list(islice(ledger.journal.entries(after), limit))
        if not entries and wait:
            async with trio.open_nursery() as waiting:
                waiting.cancel_scope.deadline = trio.current_time() + wait
                waiting.start_soon(_until_gone, request, waiting.cancel_scope)
                while not entries:
                    await trio.sleep(LOOK_EVERY)
                    entries = list(islice(ledger.journal.entries(after), limit))
                waiting.cancel_scope.cancel()
        return {
            "entries": [entry.fields() for entry in entries],
            "last": entries[-1].sequence if entries else min(after, ledger.statistics().revision),
        }

    return api


REFUSED: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "model": Problem}
    for code, text in {
        400: "a number or cursor is none, or what was asked for makes no sense",
        401: "no token, or a wrong one",
        403: "the token may only read, or there is no token file",
        413: "the body is too large",
        429: "too many requests",
        503: "the ledger can't be used now",
    }.items()
}


@contextmanager
def _as_400() -> Iterator[None]:
    """A number that can't be read is answered with 400."""
    try:
        yield
    except NumberError as error:
        raise HTTPException(400, str(error)) from None


async def _until_gone(request: Request, scope: trio.CancelScope) -> None:
    """Cancel the scope when the client has left."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _commit(commits: Commits, changes: Sequence[Change]) -> Sequence[Entry]:
    """Make changes durable; returns the entries that they made, and raises ``NotRecorded``."""
    return [entry for made in await commits.commit(changes) for entry in made]


def _cursor(pair: Pair) -> str:
    return base64.urlsafe_b64encode(json.dumps(pair).encode()).decode()


def _from_cursor(cursor: str) -> Pair:
    try:
        business, consumer = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(business, str) or not isinstance(consumer, str):
            raise TypeError
        if len(Pair(business, consumer).key) > LONGEST_KEY:
            raise ValueError
    except (ValueError, TypeError, RecursionError):
        raise HTTPException(400, "cursor is none that a page before this one gave") from None
    return Pair(business, consumer)
