"""The simulated SMSC in a thread of its own, for tests and programs without an event loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

import trio

from proxy.simulator.handsets.texting import MobileOriginated, address, parts
from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.messages import MmsMessage
from proxy.simulator.mms.writing import Media
from proxy.simulator.smsc.connection import Connection
from proxy.simulator.smsc.faults import Action, FaultRule
from proxy.simulator.smsc.messages import Message
from proxy.simulator.smsc.scenario import Scenario, check, read
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp.encode import Coding
from proxy.smpp.pdu import Address, status_name

PATIENCE = 10.0
"""Seconds that a call into the thread may take."""

BUSINESS, CONSUMER = "15551230001", "15559870001"
"""The numbers of those who talk, where nobody says which."""

_NOBODY = "nobody who can receive is bound, or nobody answers,"

_REFERENCES = count(1)


class Received(NamedTuple):
    """A message that a client sent, as tests ask for it."""

    source: str
    destination: str
    text: str
    state: str
    system_id: str
    id: str


class Running(NamedTuple):
    """A simulator in a thread: its address, and its methods for callers without an event loop."""

    smsc: Smsc
    host: str
    port: int
    token: trio.lowlevel.TrioToken
    control: tuple[str, int] | None = None
    """Where the control API and the handsets are, if they were asked for."""
    mms: Mms | None = None
    """An MMSC and a platform of MMS, if they were asked for."""

    def __repr__(self) -> str:
        bound = ", ".join(f"{c.system_id} ({c.bind})" for c in self.smsc.connections if c.bind and not c.is_over)
        return f"<SMSC on {self.host}:{self.port}: {len(self.smsc.stored)} messages, bound: {bound or 'nobody'}>"

    @property
    def messages(self) -> list[Received]:
        """The messages that clients sent, in order."""
        return [_received(message) for message in tuple(self.smsc.stored.values())]

    @property
    def stored(self) -> Mapping[str, Message]:
        """The messages that clients sent by their ids, with all that the SMSC knows of them."""
        return self.smsc.stored

    @property
    def connections(self) -> Sequence[Connection]:
        """Every connection that there was, oldest first."""
        return self.smsc.connections

    def say(
        self, text: str, source: str = CONSUMER, destination: str = "", *, system_id: str = "", coding: Coding = "auto"
    ) -> list[str]:
        """Have a handset send this text, in parts if it is long; how each part was answered, by name.

        It goes to the number that a message to this handset came from last, or to ``destination``; see
        ``Smsc.receiver_for`` for who gets it. ``trio.TooSlowError`` if nobody is bound, or answers, in ten seconds.
        """
        wanted = MobileOriginated(
            source=source, destination=destination or self._number_of(source), text=text, coding=coding
        )
        from_, to = address(wanted.source), address(wanted.destination)

        async def say() -> list[str]:
            await self.smsc.wait_for(lambda smsc: bool(smsc.receivers(system_id or None)))
            statuses: list[str] = []
            for octets, esm_class, data_coding, tlvs in parts(wanted, next(_REFERENCES)):
                fields = {"esm_class": esm_class, "data_coding": data_coding}
                status = await self.smsc.deliver(from_, to, octets, parameters=tlvs, fields=fields, system_id=system_id)
                statuses.append(status_name(status))
            return statuses

        said: list[str] = self._call(say, _NOBODY)
        return said

    def _number_of(self, handset: str) -> str:
        digits = handset.lstrip("+")
        sent = [message.source for message in self.messages if message.destination == digits]
        return sent[-1] if sent else BUSINESS

    def faults(self, action: Action, **rule: Any) -> None:
        """Set one more fault, such as ``faults("throttle", rate=5)``; see ``FaultRule`` for what it takes."""
        fault = FaultRule.model_validate({"action": action, **rule})
        trio.from_thread.run_sync(self.smsc.faults.set, fault, time.monotonic(), trio_token=self.token)

    def clear_faults(self) -> None:
        """Take all faults away."""
        trio.from_thread.run_sync(self.smsc.faults.clear, trio_token=self.token)

    def deliver(self, source: Address, destination: Address, text: bytes, **more: Any) -> int:
        """Do ``Smsc.deliver`` as soon as somebody is bound to receive; ``trio.TooSlowError`` after ten seconds."""

        async def deliver() -> int:
            await self.smsc.wait_for(lambda smsc: bool(smsc.receivers()))
            return await self.smsc.deliver(source, destination, text, **more)

        status: int = self._call(deliver, _NOBODY)
        return status

    def wait_for(self, condition: Callable[[Running], object], seconds: float = PATIENCE) -> None:
        """Wait until the condition, which is asked with this object, is true; ``trio.TooSlowError`` if it never is.

        It is asked anew whenever something happened at the SMSC.
        """
        self._call(lambda: self.smsc.wait_for(lambda _: bool(condition(self))), "the condition is not true", seconds)

    def submit_mms(self, source: str, destinations: list[str], media: list[Media], subject: str = "") -> MmsMessage:
        """Have the platform submit a picture message: it, with what it was answered. Raises ``Unposted``."""
        mms = self._mms()
        sent: MmsMessage = self._call(
            lambda: mms.vasp.submit(source, destinations, media, subject), "the MMSC has not answered"
        )
        return sent

    def deliver_mms(self, source: str, destination: str, media: list[Media], subject: str = "") -> MmsMessage:
        """Have a handset send a picture message: it, with what the platform answered. Raises ``Unposted``."""
        mms = self._mms()
        sent: MmsMessage = self._call(
            lambda: mms.mmsc.deliver(source, destination, media, subject), "the platform has not answered"
        )
        return sent

    def post_mms_to(self, outward: tuple[str, int], inward: tuple[str, int]) -> None:
        """Do ``Mms.post_to``."""
        trio.from_thread.run_sync(self._mms().post_to, outward, inward, trio_token=self.token)

    def _mms(self) -> Mms:
        assert self.mms is not None
        return self.mms

    def reset(self) -> None:
        """Do ``Smsc.reset``; ``trio.TooSlowError`` after ten seconds."""
        self._call(self.smsc.reset, "the SMSC is not emptied")

    def play(self, scenario: Scenario | Mapping[str, Any] | str | Path) -> None:
        """Do ``Smsc.play``: a scenario, its tables as a dict, its name or its path."""
        trio.from_thread.run_sync(self.smsc.play, scenario_of(scenario), trio_token=self.token)

    def _call(self, function: Callable[[], Any], otherwise: str, seconds: float | None = None) -> Any:
        """Do this in the thread; ``otherwise`` says what is wrong if it takes longer."""
        limit = PATIENCE if seconds is None else seconds

        async def call() -> Any:
            with trio.move_on_after(limit):
                return (await function(),)
            return None

        done = trio.from_thread.run(call, trio_token=self.token)
        if done is None:
            raise trio.TooSlowError(f"{otherwise} after {limit:g} s; it is {self!r}")
        return done[0]


def scenario_of(wanted: Scenario | Mapping[str, Any] | str | Path) -> Scenario:
    """A scenario from what tests have; raises ``ScenarioError``."""
    if isinstance(wanted, Scenario):
        return wanted
    return check(wanted, "scenario") if isinstance(wanted, Mapping) else read(Path(wanted))


def _received(message: Message) -> Received:
    source, destination = (each.digits.decode("latin-1") for each in (message.source, message.destination))
    return Received(source, destination, message.text, message.state.name, message.system_id, message.id)


@contextmanager
def running(
    host: str = "127.0.0.1",
    port: int = 0,
    scenario: Scenario | None = None,
    *,
    control_port: int | None = None,
    mms: Mms | None = None,
    mms_ports: tuple[int, int] = (0, 0),
) -> Iterator[Running]:
    """Run a simulator in a thread while the context lasts; raises ``OSError`` if a port is taken.

    With a ``control_port`` (0 is any free one) the control API and the handsets are served there; with ``mms`` that
    MMSC and platform on ``mms_ports``.
    """
    started: Queue[Running | Exception] = Queue()
    scope = trio.CancelScope()

    async def main() -> None:
        smsc = Smsc(scenario=scenario)
        with scope:
            async with trio.open_nursery() as nursery:
                bound_host, bound_port = await nursery.start(smsc.serve, host, port)
                if mms is not None:
                    await nursery.start(mms.serve, *((host, port) for port in mms_ports))
                control = None
                if control_port is not None:
                    from proxy.simulator.handsets.control import serve  # FastAPI takes long to import

                    control = await nursery.start(serve, smsc, host, control_port, mms)
                token = trio.lowlevel.current_trio_token()
                started.put(Running(smsc, bound_host, bound_port, token, control, mms))

    def run() -> None:
        try:
            trio.run(main)
        except* OSError as errors:
            started.put(errors.exceptions[0])

    thread = Thread(target=run, name="simulator", daemon=True)
    thread.start()
    outcome = started.get()
    if isinstance(outcome, Exception):
        raise outcome
    try:
        yield outcome
    finally:
        outcome.token.run_sync_soon(scope.cancel)
        thread.join()
