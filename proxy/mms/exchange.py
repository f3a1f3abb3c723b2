"""One conversation between a platform and an MMSC, without I/O: a whole message in, what becomes of it out.

The octets that go on are the ones that came. The only ones written here are answers: refusals, and what tells that
something can't be decided now.
"""

from __future__ import annotations

from proxy.consent.lookups import Consent
from proxy.consent.wishes import Made, Origin, Wish
from proxy.mm7.answers import over_http
from proxy.mm7.envelope import Envelope
from proxy.mm7.http import HttpMessage
from proxy.mm7.message import Mm7Error, Mm7Message, read_mm7
from proxy.mms.actions import Answer, Fail, Note, Pass, Record, Verdict
from proxy.mms.credentials import MOST_CHALLENGE, Client, Credentials, user_of
from proxy.mms.deliveries import DELIVER, Deliveries, stops_of
from proxy.mms.dialect import MmsDialect
from proxy.mms.standing import Standing
from proxy.mms.submits import SUBMIT, Submits
from proxy.mms.tally import HTTP, MmsTally, named, named_status
from proxy.net.sides import Side
from proxy.net.statistics import Statistics

_ASKS_ONLY = ("GET", "HEAD", "OPTIONS")


class Exchange:
    """The requests of one client, one after another, each with its answer.

    ``asker`` is the side whose requests these are: the platform, or the MMSC. For each request call ``judge``, and
    ``recorded`` where it asks for that; for one that passes then ``answered``; and ``unanswered`` for one that could
    not be recorded, or passed on, or has no answer. None of them raises.
    """

    def __init__(
        self,
        asker: Side,
        dialect: MmsDialect,
        tally: MmsTally,
        origin: Origin,
        client: Client,
        credentials: Credentials,
    ) -> None:
        self.asker = asker
        self._at = Standing(dialect, tally, origin, client, credentials)
        self._submits = Submits(self._at)
        self._deliveries = Deliveries(self._at)
        self._request: HttpMessage | None = None
        self._message: Mm7Message | None = None
        self._messages = [0, 0]
        self._changes = 0
        self._awaited = 0
        self.is_bound = False
        """Whether the other side has taken a request of this client."""

    @property
    def dialect(self) -> MmsDialect:
        """What it decides by."""
        return self._at.dialect

    @property
    def origin(self) -> Origin:
        """Where its changes come from."""
        return self._at.origin

    @property
    def kind(self) -> str:
        """The kind of the request that is being answered."""
        return self._message.root.kind if self._message else HTTP

    def apply(self, dialect: MmsDialect) -> None:
        """Decide by other settings from now on."""
        self._at.dialect = dialect

    def drain(self) -> None:
        """Let nothing more pass."""
        self._at.is_draining = True

    def take_notes(self) -> list[Note]:
        """What is to be logged since the last call."""
        notes, self._at.notes = self._at.notes, []
        return notes

    @property
    def in_flight(self) -> tuple[int, int]:
        """Requests without an answer, by who asked."""
        return (self._awaited, 0) if self.asker is Side.ESME else (0, self._awaited)

    def statistics(self) -> Statistics:
        """The exchange as it stands now."""
        return Statistics(
            self.origin.system_id,
            "",
            self.is_bound,
            self._at.is_draining,
            self.in_flight,
            self._at.refused,
            self._changes,
            (self._messages[0], self._messages[1]),
        )

    def judge(self, request: HttpMessage, consent: Consent, now: float) -> Verdict:
        """What becomes of a request; ``consent`` is looked at during the call only, ``now`` only goes forward."""
        self._request, self._message = request, None
        try:
            self._message = read_mm7(request, strictly=self.asker is Side.ESME)
        except Mm7Error as error:
            self._count(self.asker, SUBMIT if self.asker is Side.ESME else "DeliverReq", len(request.octets))
            return self._judge_unreadable(request, error)
        root = self._message.root if self._message else None
        if self._message is not None and self._goes_the_other_way(self._message):
            self._count(self.asker, named(self._message.root.kind), len(request.octets))
            return self._turn_round(request, self._message)
        self._note_user(user_of(request) or (root.vaspid if root else ""))
        self._count(self.asker, named(root.kind) if root else HTTP, len(request.octets))
        if self._message is None:
            return self._passed(self._judge_other(request))
        if self.asker is Side.ESME:
            return self._passed(self._submits.judge(request, self._message, consent, now))
        wishes = self._deliveries.hear(self._message, consent)
        if self._at.is_draining:
            return Fail("draining", stops_of(wishes))
        return Record(wishes) if wishes else self._passed(Pass())

    def recorded(self, made: Made) -> Verdict:
        """What becomes of the request that asked for something to be recorded, which is on disk now."""
        self._changes += sum(map(len, made))
        return self._passed(Pass())

    def unanswered(self, consent: Consent, reason: str) -> tuple[Answer, list[Wish]]:
        """The other side gives no answer to the request: what its sender is told, and what is to be remembered.

        The ``reason`` is counted and logged.
        """
        assert self._request is not None
        self._awaited = 0
        wishes = self._deliveries.answered(consent, is_taken=False, may_come_again=False)
        return self._submits.unavailable(self._request, self._message.root if self._message else None, reason), wishes

    def answered(self, response: HttpMessage, consent: Consent, now: float) -> list[Wish]:
        """The other side has answered the request that passed; what is to be remembered."""
        assert self._request is not None
        self._awaited = 0
        envelope = _envelope_of(response)
        kind = named(envelope.kind) if envelope else HTTP
        self._count(self.asker.other, kind, len(response.octets))
        is_well = 200 <= response.status < 300
        is_done = is_well and envelope is not None and envelope.status_code.startswith("1")
        self.is_bound = self.is_bound or is_well
        if self.asker is Side.SMSC:
            return self._deliveries.answered(consent, is_taken=is_well, may_come_again=not is_done)
        status = named_status(envelope.status_code) if envelope and envelope.status_code else f"HTTP {response.status}"
        asked = named(self.kind)
        self._at.tally.answers[asked.removesuffix("Req") + "Rsp" if asked.endswith("Req") else HTTP, status] += 1
        self._learn(self._request, response, now, is_done=is_done)
        return []

    def no_answer(self, why: str) -> None:
        """Have it logged why the other side has not answered."""
        self._at.note("no_answer", reason=why)

    def unreadable(self, why: str) -> None:
        """What came from the client is no HTTP message that may go on."""
        self._at.tally.unreadable[HTTP] += 1
        self._at.note("unreadable_message", side=self.asker.name.lower(), command=HTTP, reason=why)

    def is_known(self, request: HttpMessage, now: float) -> bool:
        """Whether the other side has taken this client, or these credentials, before."""
        credentials = self._at.credentials
        if self.asker is Side.SMSC:
            return True  # the platform knows its MMSC; and a STOP must not wait
        return self.is_bound or credentials.are_taken(credentials.key(request, self._at.client), now)

    def look_at_answers(self) -> tuple[Wish, ...]:
        """What has to be remembered, or can be forgotten, by now; to be asked every half second or so."""
        return self._deliveries.unanswered.look()

    def left_over(self, *, is_orderly: bool) -> tuple[Wish, ...]:
        """What has to be remembered of a conversation that is over; ``is_orderly``: the last answer went out whole."""
        return self._deliveries.unanswered.left_over(is_unbound=is_orderly)

    def _goes_the_other_way(self, message: Mm7Message) -> bool:
        """Whether it is of the kind that comes from the other side: the route's direction must be wrong."""
        wrong = DELIVER if self.asker is Side.ESME else SUBMIT
        return any(named(envelope.kind) == wrong for envelope in message.envelopes)

    def _turn_round(self, request: HttpMessage, message: Mm7Message) -> Verdict:
        """Nothing is lost, and nothing passes unchecked, until somebody has set the direction right."""
        direction = "outbind" if self.asker is Side.ESME else "bind"
        kind = named(message.root.kind)
        why = f'a {kind} came: for these the route must have direction = "{direction}"'
        self._at.note("wrong_direction", command=kind, transaction=message.root.transaction, reason=why)
        return self._submits.unavailable(request, message.root, "wrong_direction")

    def _passed(self, verdict: Verdict) -> Verdict:
        self._awaited = int(isinstance(verdict, Pass))
        return verdict

    def _judge_unreadable(self, request: HttpMessage, error: Mm7Error) -> Verdict:
        if self.asker is Side.ESME:
            return self._submits.unreadable(request, str(error), None, error.transaction)
        self._deliveries.unreadable(str(error), error.transaction)
        return self._passed(Pass())

    def _judge_other(self, request: HttpMessage) -> Verdict:
        is_question = request.method in _ASKS_ONLY and not request.body
        if is_question or self._at.dialect.other_requests == "pass":
            return Pass()
        self._at.count(HTTP, "other_request")
        self._at.note("refused", command=HTTP, reason="other_request", status=403, method=request.method)
        why = b'This is no MM7, and the route does not pass other requests (other_requests = "refuse").\r\n'
        return Answer(over_http(403, why, request, kind="text/plain"), request.is_last)

    def _learn(self, request: HttpMessage, response: HttpMessage, now: float, *, is_done: bool) -> None:
        """Whom the MMSC takes, and what it says to those who show nothing."""
        credentials = self._at.credentials
        key = credentials.key(request, self._at.client)
        if is_done:
            credentials.took(key, now)
        elif response.status in (401, 403, 407):
            credentials.refused(key)
            if response.status == 401 and request.method == "POST" and len(response.octets) <= MOST_CHALLENGE:
                credentials.challenge = response

    def _note_user(self, user: str) -> None:
        """Who speaks, as the credentials or the envelope say: the journal, the log and the status page name it."""
        if user and user != self._at.origin.system_id:
            self._at.origin = self._at.origin._replace(system_id=user[:64])

    def _count(self, side: Side, kind: str, octets: int) -> None:
        self._messages[side] += 1
        self._at.tally.messages[side][kind] += 1
        self._at.tally.bytes[side] += octets


def _envelope_of(response: HttpMessage) -> Envelope | None:
    """The envelope of an answer, None if there is none that can be read: then its HTTP status has to do."""
    try:
        message = read_mm7(response)
    except Mm7Error:
        return None
    return message.root if message else None
