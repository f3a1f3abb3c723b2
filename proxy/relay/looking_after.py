"""Looking after the sessions of a route: those that never bind, those that nobody uses, carriers that fall silent."""

from __future__ import annotations

from collections.abc import Callable

import trio

from proxy.consent.wishes import Commits
from proxy.net.sides import Side
from proxy.relay.conversation import Conversation
from proxy.relay.session.tally import Tally

WRITE_REFUSALS_EVERY = 10.0
"""Seconds between writings of refusal counts: what a crash may lose of them."""

LOOK_EVERY = 0.5
"""Seconds between looks for sessions that never bound or are idle; how late such an end may be."""


class Patience:
    """How long a conversation's sides have kept us waiting, in seconds of trio's clock."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self.unbound_at = conversation.begun_at
        """When the session was last seen without a bind."""
        self.asked_at = 0.0
        """When a bind was passed on that has no answer yet, 0 for none."""
        self._heard = 0
        """How many PDUs the SMSC had sent when it was last looked at."""
        self._silent_since = 0.0
        """Since when it has sent no more though requests wait for it, 0 if that isn't so."""

    def is_silent(self, now: float, limit: float) -> bool:
        """Whether the SMSC has answered nothing for ``limit`` seconds; says so once, and then again after as long.

        0 is no limit. While we don't read from the SMSC, because the ESME doesn't read, this can't be known.
        """
        due, heard = self._conversation.session.answers_due()
        is_waited_for = due and heard == self._heard and self._conversation.is_listening(Side.SMSC)
        if not is_waited_for or not self._silent_since:
            self._heard, self._silent_since = heard, now
            return False
        if not limit or now - self._silent_since <= limit:
            return False
        self._heard, self._silent_since = heard, now
        return True


class LookingAfter:
    """Looks at every conversation of a route now and then, and has refusals written down."""

    def __init__(self, commits: Commits, tally: Tally, carrier_failed: Callable[[Conversation, str], None]) -> None:
        """``carrier_failed`` is told whose carrier answers nothing, and what."""
        self._commits = commits
        self._tally = tally
        self._carrier_failed = carrier_failed
        self.patience: dict[Conversation, Patience] = {}

    def begin(self, conversation: Conversation) -> Patience:
        """Look after this one too."""
        patience = self.patience[conversation] = Patience(conversation)
        return patience

    def leave(self, conversation: Conversation) -> None:
        """This one is over."""
        del self.patience[conversation]

    def write_refusals(self) -> None:
        """Have the refusals counted so far written down."""
        if counts := self._tally.refusals.take():
            self._commits.count(counts)

    async def run(self) -> None:
        """Until cancelled: end sessions that never bound in time, or that nobody uses where that is limited."""
        written_at = trio.current_time()
        while True:
            await trio.sleep(LOOK_EVERY)
            now = trio.current_time()
            if now - written_at > WRITE_REFUSALS_EVERY:
                written_at = now
                self.write_refusals()
            for conversation, patience in tuple(self.patience.items()):
                if remembered := conversation.session.look_at_answers():
                    self._commits.remember(remembered)
                self._look_at(conversation, patience, now)

    def _look_at(self, conversation: Conversation, patience: Patience, now: float) -> None:
        limits = conversation.limits
        if patience.asked_at and now - patience.asked_at > limits.bind_answer_timeout:
            patience.asked_at = 0.0
            reason = f"no answer to a bind within {limits.bind_answer_timeout:g} s"
            self._carrier_failed(conversation, reason)
            conversation.end("bind_timeout", f"the carrier: {reason}")
        elif conversation.session.is_bound:
            patience.unbound_at = now
        elif now - patience.unbound_at > limits.bind_timeout:
            conversation.end("bind_timeout", f"no accepted bind within {limits.bind_timeout:g} s")
        if patience.is_silent(now, limits.carrier_silence):
            reason = f"no answer to anything for {limits.carrier_silence:g} s on a bound session"
            self._carrier_failed(conversation, reason)
        if limits.idle_timeout and now - conversation.active_at > limits.idle_timeout:
            conversation.end("idle", f"nothing was sent for {limits.idle_timeout:g} s")
