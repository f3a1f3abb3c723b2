"""Numbers as they are compared: one person, one spelling.

What stands on a wire is never changed; these spellings are keys of the ledger and what people
read in the journal. E.164 numbers are ``+`` and digits, short codes their digits, alphanumeric
senders their letters in lower case.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from proxy.consent import plans


class NumberType(Enum):
    """What an address says of its digits; networks have more types, which say nothing about how digits are read."""

    UNKNOWN = "unknown"
    INTERNATIONAL = "international"
    NATIONAL = "national"


UNKNOWN, INTERNATIONAL, NATIONAL = NumberType

SHORT_CODE_LIMIT = 8
"""Most digits of a short code; more make a subscriber's number in every country we know."""

_CERTAINLY_SHORT = 6
"""So few digits without a ``+`` are a short code, though some plan may have a number that is as short."""

"""A North American number with its country code, as nearly all are written there."""

_NOISE = str.maketrans("", "", " \t\r\n-.()/\u00a0")


class Pair(NamedTuple):
    """What consent is about: this business number texting this consumer, both canonical."""

    business: str
    consumer: str

    @property
    def key(self) -> bytes:
        """What stands for it in the ledger: consumer NUL business, so that one consumer's pairs are neighbours.

        No canonical number holds a NUL.
        """
        return key_prefix(self.consumer) + self.business.encode()

    @property
    def turned(self) -> Pair:
        """Its ends changed, for the order by business."""
        return Pair(self.consumer, self.business)

    @classmethod
    def of_key(cls, key: bytes) -> Pair:
        """The pair of a ``key``."""
        consumer, business = key.decode().split("\0")
        return cls(business, consumer)


def key_prefix(consumer: str) -> bytes:
    """What the keys of all pairs of one consumer begin with; those of turned pairs, of one business."""
    return consumer.encode() + b"\0"


class Spelling(NamedTuple):
    """Whom an address means.

    ``canonical`` is who it most likely is. ``others`` are those that a submit may mean by it too: it must not reach
    one of them who said STOP. ``is_certain``: a reply that came from this address came from ``canonical``, since its
    type of number says so and can be true, or since nobody else can be meant.
    """

    canonical: str
    others: tuple[str, ...] = ()
    is_certain: bool = True

    @property
    def all(self) -> tuple[str, ...]:
        """Everybody who may be meant."""
        return (self.canonical, *self.others)

    @property
    def heard(self) -> tuple[str, ...]:
        """Whose STOP it is that came from this address."""
        return (self.canonical,) if self.is_certain else self.all


class Ends(NamedTuple):
    """The spellings of both ends of a message: whom its addresses mean."""

    business: Spelling
    consumer: Spelling

    @property
    def likeliest(self) -> Pair:
        """The pair that is most likely meant."""
        return Pair(self.business.canonical, self.consumer.canonical)

    @property
    def is_certain(self) -> bool:
        """Whether no other pair can be meant."""
        return self.business.is_certain and self.consumer.is_certain

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """All pairs that may be meant, the likeliest first; nearly always one."""
        if not self.business.others and not self.consumer.others:
            return (self.likeliest,)
        return tuple(Pair(business, consumer) for business in self.business.all for consumer in self.consumer.all)


class Numbering:
    """Makes canonical numbers, reading national ones as those of ``country`` (ISO 3166 alpha-2).

    ``calling_code`` is that country's, without a ``+``. Raises ``ValueError`` for a country without a numbering plan.
    """

    def __init__(self, country: str = "US") -> None:
        calling_code = phonenumbers.country_code_for_region(country)
        if not calling_code:
            raise ValueError(f"{country!r} is not a country with a numbering plan; use two letters, such as US")
        self.country = country
        self.calling_code = str(calling_code)
        self._is_nanp = calling_code == 1
        self._slowly = lru_cache(maxsize=65_536)(self._read)

    def read(self, text: str, type: NumberType = UNKNOWN) -> Spelling:
        """Whom this address means, as it came or as a person or a list gives it; never raises.

        The same number written as +15551230001, 15551230001 (international), 0015551230001 or 5551230001 (national, in
        the US) is ``+15551230001``. What the type of number says is believed where it can be true. Digits that no plan
        knows still compare as digits. An alphanumeric sender is its text without case; if that text is digits only,
        the consumer sees and answers a number, so it is one.
        """
        digits = text[1:] if text[:1] == "+" else text
        if (
            self._is_nanp
            and len(digits) == 11
            and digits[0] == "1" < digits[1]
            and digits.isascii()
            and digits.isdigit()
        ):
            return Spelling("+" + digits)
        return self._slowly(text, type)

    def parse(self, text: str) -> str:
        """The canonical spelling of a number that a person or a list gives, in any written form."""
        return self.read(text).canonical

    def elsewhere(self, digits: str) -> str:
        """Who else is meant by a North American number of ten digits, nothing in front; empty if nobody is."""
        return "+" + digits if plans.ten_digits().is_number(digits) else ""

    def _read(self, text: str, type: NumberType) -> Spelling:
        stripped = text.translate(_NOISE)
        if stripped[:4].lower() == "tel:":
            stripped = stripped[4:]
        is_explicit = stripped.startswith("+")
        digits = stripped[1:] if is_explicit else stripped
        if not (digits.isascii() and digits.isdigit()):
            return Spelling(unicodedata.normalize("NFC", text).strip().casefold())
        if is_explicit:
            return _explicit(digits)
        if self._is_nanp:
            return _american(type, digits) or self._by_plan(type, digits)
        return self._by_plan(type, digits)

    def _by_plan(self, type: NumberType, digits: str) -> Spelling:
        """Digits without a ``+``, by the plans: whose number they are at home, abroad, behind an exit code, or short.

        Somebody's number counts before what merely could be one.
        """
        home = plans.national(digits, self.country)
        if len(digits) <= _CERTAINLY_SHORT and not home.is_somebodys:
            return Spelling(digits)
        direct = plans.international(digits) if digits[0] != "0" else None
        if type is INTERNATIONAL and direct and direct.is_somebodys:
            is_ours = digits.startswith(self.calling_code)
            return _spelling(direct.number, () if is_ours else (home.somebody, _short(digits)), is_certain=True)
        rests = [rest for rest in plans.behind_exit_code(digits, self.country) if rest]
        abroad = [*([direct] if direct else []), *map(plans.international, rests)]
        return (
            _choice(type, digits, home.somebody, [each.somebody for each in abroad])
            or _choice(type, digits, home.possible, [each.possible for each in abroad[:1]])
            or Spelling("+" + (rests[0] if rests else digits).lstrip("0"))
        )


def _choice(type: NumberType, digits: str, home: str, abroad: Iterable[str]) -> Spelling | None:
    """Who is meant, of the one at ``home`` and those ``abroad``, each empty if there is nobody; None if nobody is."""
    elsewhere = [number for number in abroad if number]
    short = _short(digits)
    if type is INTERNATIONAL and elsewhere:
        return _spelling(elsewhere[0], (*elsewhere[1:], home, short))
    if home and type is not UNKNOWN:
        return Spelling(home)
    if home or (elsewhere and not short):
        first, *others = [*([home] if home else []), *elsewhere, short]
        return _spelling(first, others)
    return _spelling(short, elsewhere) if short else None


def _short(digits: str) -> str:
    return digits if len(digits) <= SHORT_CODE_LIMIT else ""


def _spelling(canonical: str, others: Iterable[str], *, is_certain: bool = False) -> Spelling:
    """A spelling that is certain at least where nobody else can be meant."""
    rest = tuple(dict.fromkeys(number for number in others if number and number != canonical))
    return Spelling(canonical, rest, is_certain or not rest)


def _explicit(digits: str) -> Spelling:
    """Digits behind a ``+``: international, but for short codes that some software puts one in front of."""
    digits = digits.lstrip("0") or digits
    found = plans.international(digits)
    if len(digits) > SHORT_CODE_LIMIT:
        return Spelling(found.number)
    return _spelling(found.number, (digits,)) if found.is_somebodys else Spelling(digits)


def _american(type: NumberType, digits: str) -> Spelling | None:
    """Digits without a ``+`` where the country code is 1; None where only the plans can say.

    Ten digits are a national number, even if they are labelled international: platforms do that. The label is believed
    where they are a mobile number elsewhere, or can't be one at home.
    """
    if len(digits) == 11 and digits[0] == "1" and digits[1] > "1":
        return Spelling("+" + digits)
    if len(digits) != 10 or digits[0] in "01":
        return None
    at_home, elsewhere = "+1" + digits, "+" + digits
    if type is NATIONAL or not plans.ten_digits().is_number(digits):
        return Spelling(at_home)
    if digits[3] < "2":  # no number of this plan: behind the area code stands 2 to 9
        return Spelling(elsewhere)
    is_believed = type is INTERNATIONAL and (
        plans.ten_digits().is_mobile(digits) or not plans.international("1" + digits).is_somebodys
    )
    return Spelling(elsewhere, (at_home,)) if is_believed else Spelling(at_home, (elsewhere,), is_certain=False)
