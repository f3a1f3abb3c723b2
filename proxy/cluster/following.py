"""The feed, into this machine's ledger: every change in order, with how far it has come in the same transaction.

Where the store has forgotten what was missed, or the feed left something out, what was written since is read in slices;
a ledger that never followed this store reads all of it at one revision, and then the feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import trio

from proxy.cluster.engine import Batch, Compacted, Engine, EngineError, Head, Record
from proxy.cluster.values import read_offer, read_pair
from proxy.consent.entries import Entry
from proxy.consent.numbers import Pair
from proxy.ledger.following import Agreed, Cursor, Following, Offered

WRITTEN_AT_ONCE = 2_000
"""Pairs that are taken over in one transaction: a tenth of a second."""

SORTED_TOGETHER = 50_000
"""Pairs that are put in order before they are taken over: some fifty megabytes."""


class LeftOut(EngineError):
    """The feed did not bring a commit that was made: what was written since must be read."""


class Follower:
    """How far one ledger has followed."""

    def __init__(self, engine: Engine, following: Following) -> None:
        self._engine = engine
        self._following = following
        self.cursor = following.cursor()
        self.last_commit = self.revision
        """The revision of the last commit that was taken over: one that the feed left out can only be behind it."""

    @property
    def revision(self) -> int:
        """Up to which revision the ledger has everything; 0 if it never followed."""
        return self.cursor.revision if self.cursor else 0

    async def take(self, batches: Sequence[Batch]) -> dict[str, Entry]:
        """Take over what the feed brought; the journal entries that it made, by change. Raises ``LeftOut``."""
        assert self.cursor is not None
        commits = self.cursor.commits
        for batch in batches:
            if batch.commits is not None and batch.commits != commits + 1:
                raise LeftOut(f"the feed brought commit {batch.commits} behind commit {commits}")
            commits = batch.commits or commits
        records = [record for batch in batches for record in batch.records]
        cursor = Cursor(self.cursor.store, batches[-1].revision, commits)
        if not records:
            # Beats only: to come so far costs no fsync, and what is not written down is read again.
            self.cursor = cursor
            return {}
        made = await self._follow(cursor, records)
        self.cursor, self.last_commit = cursor, records[-1].revision
        return made

    async def is_behind(self, head: Head) -> bool:
        """Whether what the ledger lacks can be had by the feed alone: it has followed this store, and not too long ago.

        False for a store that has been set back: what it says then isn't what the ledger followed.
        """
        cursor = self.cursor
        if cursor is None or cursor.store != head.store or cursor.revision > head.revision:
            return False
        if self._following.is_catching_up():
            return False  # some of what came later is here already, and must not be taken over twice
        return await self._engine.commits_at(cursor.revision) == cursor.commits

    async def is_set_back(self, head: Head) -> bool:
        """Whether the store has less than this ledger followed: it was restored from a backup."""
        cursor = self.cursor
        if cursor is None or cursor.store != head.store:
            return False
        if cursor.revision > head.revision or cursor.commits > head.commits:
            return True
        return await self._engine.commits_at(cursor.revision) not in (None, cursor.commits)

    async def catch_up(self, *, is_new: bool) -> dict[str, Entry]:
        """Read what was written since, in slices; all of it if the store is another than before (``is_new``)."""
        while True:
            head = await self._engine.head()
            try:
                return await self._catch_up(head, 0 if is_new else self.last_commit)
            except Compacted:
                continue  # it took so long that the store has forgotten how it was; what was taken over is no less true

    async def _catch_up(self, head: Head, since: int) -> dict[str, Entry]:
        made: dict[str, Entry] = {}
        await trio.to_thread.run_sync(self._following.begin_to_catch_up)
        records: list[Record] = []
        parts = await self._engine.slices(head.revision)
        for position, part in enumerate(parts, 1):
            records += await self._engine.snapshot(head.revision, part, since)
            if len(records) < SORTED_TOGETHER and position < len(parts):
                continue
            records.sort(key=lambda record: record.key.name)  # neighbours in the ledger are written together
            for start in range(0, len(records), WRITTEN_AT_ONCE):
                made |= await self._follow(None, records[start : start + WRITTEN_AT_ONCE])
            records.clear()
        cursor = Cursor(head.store, head.revision, head.commits)
        offers = await self._engine.others(head.revision, "offer")
        made |= await self._follow(cursor, offers, is_whole=True)
        self.cursor, self.last_commit = cursor, cursor.revision
        return made

    async def _follow(
        self, cursor: Cursor | None, records: Sequence[Record], *, is_whole: bool = False
    ) -> dict[str, Entry]:
        agreed, offered = list(_agreed(records)), list(_offered(records))
        # Not to be cancelled: what a thread writes is written, and the cursor must know of it.
        return await trio.to_thread.run_sync(lambda: self._following.follow(cursor, agreed, offered, is_whole=is_whole))


def _agreed(records: Iterable[Record]) -> Iterator[Agreed]:
    for (kind, name), value, revision in records:
        if kind == "pair" and value is not None:
            shared = read_pair(name, value)
            yield Agreed(
                Pair.of_key(name),
                shared.event,
                shared.change,
                shared.at,
                shared.last_stop(revision),
                shared.is_unconfirmed,
                shared.is_doubtful,
                shared.evidence,
                revision,
                shared.ids,
            )


def _offered(records: Iterable[Record]) -> Iterator[Offered]:
    for (kind, name), value, _ in records:
        if kind == "offer":
            offer = None if value is None else read_offer(name, value)
            yield Offered(name, offer.first if offer else None, offer.until if offer else 0)
