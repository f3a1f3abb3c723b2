"""The writer: one thread that takes changes from the relay and commits them in groups.

While one commit waits for the disk the next changes gather, so a burst of STOPs costs a few
fsyncs, not one each.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple, Self

from proxy.consent.entries import Entry
from proxy.consent.wishes import Wish
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger

Outcome = list[tuple[Entry, ...]] | LedgerError
"""What became of each wish (the entries that it made), or why none was fulfilled."""

CHECK_EVERY = 1.0
"""Seconds between looks at whether the ledger's files are still there, when nothing is written."""

MOST_IN_ONE_COMMIT = 1000
"""Requests that share a commit: enough to make the fsync cheap, few enough to stay quick."""


TIDY_EVERY = 60.0
"""Seconds between looks for what has been kept for its time."""

MOST_REMEMBERED = 100_000
"""Wishes that wait for a ledger that can't be written; the oldest give way."""


class _Request(NamedTuple):
    wishes: Sequence[Wish]
    done: Callable[[Outcome], None]


class Writer:
    """Commits changes on a thread of its own; as a context manager it ends when all are committed."""

    def __init__(self, ledger: Ledger, on_commit: Callable[[float], None], clock: Callable[[], float]) -> None:
        """``on_commit`` is told how long each commit took, in seconds of ``clock``, on the writer's thread."""
        self._ledger = ledger
        self._on_commit = on_commit
        self._clock = clock
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._remembered: deque[Wish] = deque()
        self._tidied_at = clock()
        self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._requests.put(None)
        self._thread.join()

    def submit(self, wishes: Sequence[Wish], done: Callable[[Outcome], None]) -> None:
        """Commit these wishes soon; ``done`` is called on the writer's thread with what became of them."""
        self._requests.put(_Request(wishes, done))

    def remember(self, wishes: Sequence[Wish]) -> None:
        """Commit these wishes as soon as that can be done, before all others; nobody waits for it."""
        self._remembered.extend(wishes)
        self._requests.put(_Request((), lambda _: None))

    def _run(self) -> None:
        is_open = True
        while is_open:
            try:
                requests = [self._requests.get(timeout=CHECK_EVERY)]
            except queue.Empty:
                self._check()
                if self._remembered:
                    self._commit([])
                continue
            while len(requests) < MOST_IN_ONE_COMMIT and not self._requests.empty():
                requests.append(self._requests.get_nowait())
            is_open = None not in requests
            self._commit([request for request in requests if request is not None])
        if self._remembered:
            self._commit([])  # the last commit failed: nobody else will try again

    def _check(self) -> None:
        with suppress(Exception):
            self._ledger.store.check()
            now = self._clock()
            if now - self._tidied_at > TIDY_EVERY:
                self._tidied_at = now
                self._ledger.tidy()

    def _commit_one_by_one(self, remembered: Sequence[Wish]) -> LedgerError | None:
        """Fulfil what nobody waits for; drop what can't be fulfilled, so that it holds up nothing that follows.

        Returns the error if the ledger can't be written: this wish and those behind it stay remembered.
        """
        for wish in remembered:
            try:
                self._ledger.commit([wish])
            except LedgerError as error:
                return error
            except Exception:  # noqa: BLE001, S110 - this wish alone is at fault
                pass
            self._remembered.popleft()
        return None

    def _commit(self, requests: Sequence[_Request]) -> None:
        while len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popleft()
        remembered = list(self._remembered)
        wishes = [*remembered, *(wish for request in requests for wish in request.wishes)]
        begun = self._clock()
        outcome: Outcome = []
        try:
            if wishes:
                outcome = self._ledger.commit(wishes)[len(remembered) :]
                for _ in remembered:
                    self._remembered.popleft()
        except LedgerError as error:
            outcome = error
        except Exception as error:  # noqa: BLE001 - whoever waits must be told, and the next ones served
            if remembered:
                unwritable = self._commit_one_by_one(remembered)
                if unwritable is None:
                    self._commit(requests)
                    return
                outcome = unwritable
            elif (half := len(requests) // 2) > 0:  # one of them can't be fulfilled, the others must not fail with it
                self._commit(requests[:half])
                self._commit(requests[half:])
                return
            else:
                outcome = LedgerError(f"the change could not be written: {error!r}")
        if wishes:
            self._on_commit(self._clock() - begun)
        self._check()
        position = 0
        for request in requests:
            end = position + len(request.wishes)
            request.done(outcome[position:end] if isinstance(outcome, list) else outcome)
            position = end
