"""How much may be held of all messages together: whoever wants more waits, so that TCP slows its sender down."""

from __future__ import annotations

import trio


class Budget:
    """Shared by the conversations of a worker."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0
        self._holders: dict[Share, int] = {}
        self._freed = trio.Event()

    def share(self) -> Share:
        """What one conversation holds."""
        return Share(self)

    async def room_for(self, share: Share) -> None:
        """Wait until this one may hold more: when there is room, or when nobody else has held something for longer.

        So one always comes to its end, and those that wait for each other can't wait for ever.
        """
        while self.held >= self.most and next(iter(self._holders), share) is not share:
            await self._freed.wait()

    def hold(self, share: Share, octets: int) -> None:
        """This one holds so many now."""
        self.held += octets - self._holders.get(share, 0)
        if octets:
            self._holders[share] = octets
        else:
            self._holders.pop(share, None)
        if self.held < self.most or not octets:
            self._freed.set()
            self._freed = trio.Event()


class Share:
    """What one conversation holds of the budget."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    async def room(self) -> None:
        """Wait until more may be held."""
        await self._budget.room_for(self)

    def hold(self, octets: int) -> None:
        """So many are held now; none when the message has gone."""
        self._budget.hold(self, octets)
