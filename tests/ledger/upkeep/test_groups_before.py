"""A ledger of an earlier version, in which a STOP to a number of a group is kept for the group alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from proxy.consent.numbers import Pair
from proxy.ledger.ledger import Ledger
from proxy.ledger.upkeep.verify import faults
from tests.ledger.samples import IN, OUT, PAIR, Clock, numbered, state, wish

GROUP = Pair("⟨Sale⟩", PAIR.consumer)


def test_stops_of_groups_are_carried_over_to_their_numbers_once(tmp_path: Path) -> None:
    came_back = Pair("⟨Sale⟩", numbered(1).consumer)
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.commit([replace(wish(GROUP), number=PAIR.business)])
        ledger.commit([replace(wish(came_back), number=PAIR.business), wish(came_back, IN)])
        ledger.commit([wish(Pair("⟨news⟩", PAIR.consumer))])  # by an operator: no number was told it
        ledger.carry_groups_over()
        assert state(ledger) is OUT
        assert state(ledger, Pair("⟨sale⟩", PAIR.consumer)) is OUT
        assert state(ledger, Pair(PAIR.business, came_back.consumer)) is None
        evidence = ledger.history(PAIR)[0].evidence
        assert (evidence["operator"], evidence["note"]) == ("upgrade", "until now kept for the group ⟨Sale⟩ only")
        assert list(faults(ledger)) == []
        ledger.commit([wish(PAIR, IN)])
    with Ledger(tmp_path, Clock()) as ledger:
        ledger.carry_groups_over()
        assert state(ledger) is IN, "what came later stays"
