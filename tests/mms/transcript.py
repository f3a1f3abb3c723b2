"""An exchange with its consent, without I/O: octets in, what becomes of them out."""

from __future__ import annotations

from collections.abc import Mapping

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.consent.wishes import Origin, Wish
from proxy.mm7.envelope import Envelope
from proxy.mm7.message import read_mm7
from proxy.mms.actions import Answer, Fail, Pass, Record, Verdict
from proxy.mms.credentials import Client, Credentials
from proxy.mms.dialect import MmsDialect
from proxy.mms.exchange import Exchange
from proxy.mms.tally import MmsTally
from proxy.net.sides import Side
from tests.mm7.wire import A, B, answer, read, reply
from tests.relay.session.consents import Consents

PAIR = Pair(A, B)


class Talk:
    """One client's conversation, request by request; by default the other side has taken its credentials before."""

    def __init__(
        self,
        asker: Side = Side.ESME,
        dialect: MmsDialect | None = None,
        opted_out: tuple[Pair, ...] = (),
        *,
        consents: Consents | None = None,
        credentials: Credentials | None = None,
        host: str = "192.0.2.1",
        is_taken: bool = True,
    ) -> None:
        self.consents = consents or Consents(opted_out)
        self.tally = MmsTally()
        self.credentials = credentials or Credentials(b"salt")
        origin = Origin("route", "session", "", "carrier", "mm7")
        self.client = Client(host)
        self.exchange = Exchange(asker, dialect or MmsDialect(), self.tally, origin, self.client, self.credentials)
        self.now = 1000.0
        self.is_taken = is_taken
        self.can_record = True
        self.remembered: list[Wish] = []

    def judge(self, octets: bytes) -> Verdict:
        """What becomes of these octets at once."""
        request = read(octets)
        if self.is_taken:
            self.credentials.took(self.credentials.key(request, self.client), self.now)
        return self.exchange.judge(request, self.consents, self.now)

    def ask(self, octets: bytes) -> Pass | Answer:
        """What becomes of these octets when all that has to be recorded is, or could not be."""
        verdict = self.judge(octets)
        if isinstance(verdict, Record):
            if self.can_record:
                verdict = self.exchange.recorded(self.consents.apply(verdict.wishes))
            else:
                verdict = Fail("not_recorded")
        if isinstance(verdict, Fail):
            verdict, wishes = self.exchange.unanswered(self.consents, verdict.reason)
            self.remember(wishes)
        assert isinstance(verdict, Pass | Answer)
        return verdict

    def answered(self, octets: bytes | None = None, *, method: str = "POST") -> None:
        """The other side has answered with these octets."""
        response = read(reply(answer("SubmitRsp")) if octets is None else octets, method)
        self.remember(self.exchange.answered(response, self.consents, self.now))

    def remember(self, wishes: list[Wish]) -> None:
        self.remembered += wishes
        self.consents.remembered += wishes

    @property
    def notes(self) -> list[tuple[str, Mapping[str, object]]]:
        """What was noted since the last call."""
        return [(note.event, note.fields) for note in self.exchange.take_notes()]

    def state(self) -> State | None:
        return self.consents.state(PAIR)


def said(verdict: Verdict) -> tuple[int, Envelope | None]:
    """The HTTP status of an answer of ours, and its envelope."""
    assert isinstance(verdict, Answer), verdict
    response = read(verdict.octets, "POST")
    message = read_mm7(response)
    return response.status, message.root if message else None
