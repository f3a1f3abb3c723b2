"""One look at a whole read from the ESME: which of its PDUs need to be judged one by one.

Nearly all of them are submit_sms in their ordinary form, to pairs that nobody has spoken of. One pattern and one lookup
for all of them say so; whatever is not clearly that is judged with care.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from proxy.consent import plans
from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Numbering, Pair
from proxy.relay.session.dialect import Dialect
from proxy.smpp import pdu

MOST_SOURCES = 1024
"""Business numbers, as they come on the wire, that one session's glance remembers the spelling of."""


class Glance:
    """Finds what can pass at once, on one route."""

    __slots__ = ("_dialect", "_match", "_numbering", "_prefix", "_sources")

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._numbering = dialect.policy.numbering
        self._prefix, ordinary = ordinary_addresses(self._numbering)
        self._match = re.compile(pdu.ORDINARY_SUBMIT % ordinary, re.DOTALL).match
        self._sources: dict[bytes, tuple[bytes, tuple[bytes, ...]]] = {}
        """What the keys of a business number end in; and those of its group, and of whom else it may be."""

    def unsure(self, buffer: bytes, ends: Sequence[int], consent: Consent) -> Sequence[int]:
        """The positions in ``ends`` of all frames but the submit_sms that may pass as they came."""
        consumers: list[bytes] = []
        keys: list[bytes] = []
        elsewhere: dict[bytes, bytes] = {}
        match, sources, prefix = self._match, self._sources, self._prefix
        start = 0
        for end in ends:
            found = match(buffer, start, end)
            start = end
            if not found:
                consumers.append(b"")
                continue
            source, international, national, doubtful = found.groups()
            consumer = b"+" + international if international else prefix + (national or doubtful)
            by_number, by_others = sources.get(source) or self._learn(source)
            consumers.append(consumer)
            keys.append(consumer + by_number)
            if by_others:
                keys += [consumer + rest for rest in by_others]
            if doubtful and (other := self._numbering.elsewhere(doubtful.decode()).encode()):
                elsewhere[other] = consumer
                keys += [other + rest for rest in (by_number, *by_others)]
        try:
            recorded = consent.recorded(keys) if keys else ()
        except ConsentUnreadable:
            return range(len(ends))
        known = {key.partition(b"\0")[0] for key in recorded}
        if not known and b"" not in consumers:
            return ()
        if elsewhere:
            known |= {elsewhere[other] for other in known & elsewhere.keys()}
        return [at for at, consumer in enumerate(consumers) if not consumer or consumer in known]

    def _learn(self, source: bytes) -> tuple[bytes, tuple[bytes, ...]]:
        if len(self._sources) >= MOST_SOURCES:
            self._sources.clear()
        groups = self._dialect.policy.groups
        names: list[str] = []
        for business in self._dialect.sender(pdu.Address(source[0], source[1], source[2:])).all:
            scope = groups.scope_of(business) if groups else None
            names += [business, scope] if scope else [business]
        first, *others = (Pair(name, "").key for name in names)
        ends = self._sources[source] = first, tuple(others)
        return ends


def ordinary_addresses(numbering: Numbering) -> tuple[bytes, bytes]:
    """A prefix, and a regular expression for most addresses on the wire (ton, npi and digits) that need no thought.

    Their canonical spelling is the expression's first group behind ``+``, or its second behind the prefix. Where a
    third group matched, it is spelled like the second, but somebody elsewhere may be meant: see
    ``Numbering.elsewhere``.
    """
    if numbering.calling_code == "1":
        return b"+1", rb"(?:..\+?(1[2-9]\d{9})|\x02.([2-9]\d{9})|\x00.([2-9]\d{2}[2-9]\d{6}))"
    own = b"%b(?:%b)" % (numbering.calling_code.encode(), plans.mobile_pattern(numbering.country).encode())
    return b"+", rb"(?:(?:..\+|\x01.)(%b)|(?!)()|(?!)())" % own
