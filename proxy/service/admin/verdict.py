"""How the proxy is, in one sentence: what is wrong, and since when. For the page, its title, and the commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

Grade = Literal["good", "warning", "bad"]


class Trouble(NamedTuple):
    """Something that is wrong; ``since`` is in Unix seconds, None where it isn't known by itself."""

    grade: Grade
    text: str
    since: float | None = None


class Verdict(NamedTuple):
    """The worst of it as a sentence, and all of it, the worst first."""

    grade: Grade
    text: str
    since: float | None
    troubles: list[Trouble]

    def fields(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {**self._asdict(), "troubles": [trouble._asdict() for trouble in self.troubles]}


DRAINING, NOT_LISTENING = "draining", "not listening"
"""What the reasons of a proxy that is being stopped are, and end in."""

NEAR = 0.9
"""How much of a limit may be used before it is worth a word."""

ENDS_SOON = 14.0
"""Days before its end from which a certificate is worth a word."""


class Judge:
    """Says how it is, and remembers since when."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` gives Unix seconds."""
        self._clock = clock
        self._since: dict[str, float] = {}

    def judge(self, troubles: Iterable[Trouble], all_is_well: str) -> Verdict:
        """The verdict over what is wrong now; what was wrong at the last call too goes on since then."""
        now = self._clock()
        found: list[Trouble] = []
        since: dict[str, float] = {}
        for trouble in troubles:
            known = trouble.since or self._since.get(trouble.text, now)
            since[trouble.text] = known
            found.append(trouble._replace(since=known))
        self._since = since
        found.sort(key=lambda trouble: (trouble.grade != "bad", trouble.since or now))
        if not found:
            return Verdict("good", all_is_well, None, [])
        first = found[0]
        more = f" And {len(found) - 1} more." if len(found) > 1 else ""
        return Verdict(first.grade, f"{first.text}.{more}", first.since, found)


def troubles_of(
    reasons: Sequence[str],
    routes: Sequence[Mapping[str, Any]],
    limits: Mapping[str, tuple[int, int]],
    certificates: Iterable[tuple[str, float]],
    errors: Mapping[str, float],
    refused: str = "",
) -> Iterable[Trouble]:
    """What is wrong, from what ``/status`` shows.

    ``reasons``: why no sessions are wanted here; ``limits``: each with how much is used; ``certificates``: days left,
    by whose they are; ``errors``: the share of its answers that each route's carrier gave with an error lately;
    ``refused``: why the last configuration was refused, nothing if it was not.
    """
    is_draining = DRAINING in reasons
    if is_draining:
        yield Trouble("warning", "It is being stopped: sessions end, and no new ones begin")
    for reason in reasons:
        if reason != DRAINING and not (is_draining and reason.endswith(NOT_LISTENING)):
            yield Trouble("bad", _SENTENCES.get(reason, reason[:1].upper() + reason[1:]))
    for route in routes:
        yield from _of_carriers(route)
    if refused:
        yield Trouble("warning", f"The last configuration was refused, the one before it goes on: {refused}")
    for name, share in errors.items():
        if share > 0.2:
            yield Trouble("warning", f"The carrier of route {name} refuses {share:.0%} of what it is sent")
    for name, (limit, used) in limits.items():
        if used >= limit:
            yield Trouble("bad", f"limits.{name} is reached ({limit}): connections are closed")
        elif used > NEAR * limit:
            yield Trouble("warning", f"limits.{name} is nearly reached: {used} of {limit}")
    for whose, days in certificates:
        if days < ENDS_SOON:
            ends = f"ends in {days:.0f} days" if days > 1 else "ends within a day" if days > 0 else "has ended"
            yield Trouble("bad" if days < 2 else "warning", f"The certificate of {whose} {ends}")


_SENTENCES = {
    "no worker is ready": "No worker process is ready, so nobody can connect",
}


def _of_carriers(route: Mapping[str, Any]) -> Iterable[Trouble]:
    carriers = route["carriers"]
    down = [carrier for carrier in carriers if carrier["state"] == "down"]
    for carrier in carriers:
        if carrier["state"] == "hung up":
            what = f"carrier {carrier['address']} closed its last session, and nobody has connected to it since"
            yield Trouble("warning", f"Route {route['name']}: {what}", carrier["since"])
    if not down:
        return
    names = ", ".join(carrier["address"] for carrier in down)
    if len(down) == len(carriers):
        what = f"carrier {names} doesn't serve" if len(down) == 1 else f"no carrier serves ({names})"
        yield Trouble("bad", f"Route {route['name']}: {what}", max(carrier["since"] for carrier in down))
        return
    which = f"carrier {names} doesn't serve" if len(down) == 1 else f"carriers {names} don't serve"
    yield Trouble("warning", f"Route {route['name']}: {which}, another does", max(c["since"] for c in down))
