"""Numbers as they are compared: one person, one spelling.

The octets on the wire are never changed; these spellings are keys of the ledger and what people
read in the journal. E.164 numbers are ``+`` and digits, short codes their digits, alphanumeric
senders their letters in lower case.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import phonenumbers

TON_UNKNOWN = 0
TON_INTERNATIONAL = 1
TON_NATIONAL = 2
"""Type of number (SMPP 3.4, section 5.2.5; GSM 03.40, section 9.1.2.5)."""

SHORT_CODE_LIMIT = 8
"""Most digits of a short code; more make a subscriber's number in every country we know."""

_NOISE = str.maketrans("", "", " \t\r\n-.()/\u00a0")


class Pair(NamedTuple):
    """What consent is about: this business number texting this consumer, both canonical."""

    business: str
    consumer: str


def key_of(pair: Pair) -> bytes:
    """The pair's key in the ledger: consumer NUL business; no canonical number holds a NUL."""
    return f"{pair.consumer}\0{pair.business}".encode()


class Numbering:
    """Makes canonical numbers, reading national ones as those of ``country`` (ISO 3166 alpha-2).

    ``ordinary`` is a regular expression for most addresses on the wire (ton, npi and digits) whose canonical spelling
    needs no thought: its first group behind ``+``, or its second behind ``prefix``.
    Raises ``ValueError`` for a country without a numbering plan.
    """

    def __init__(self, country: str = "US") -> None:
        calling_code = phonenumbers.country_code_for_region(country)
        if not calling_code:
            raise ValueError(f"{country!r} is no country with a numbering plan; use two letters, such as US")
        self.country = country
        self._calling_code = str(calling_code)
        self._is_nanp = calling_code == 1
        self.prefix, self.ordinary = _ordinary(self._calling_code)
        self._slowly = lru_cache(maxsize=65_536)(self._by_numbering_plan)

    def canonical(self, ton: int, digits: bytes) -> str:
        """The spelling under which this address is compared; never raises.

        ``ton`` is the type of number, ``digits`` the address as it came. The same number written
        as +15551230001, 15551230001 (international), 0015551230001 or 5551230001 (national, in the
        US) gives ``+15551230001``. Digits that no numbering plan knows still compare as digits. An
        alphanumeric sender (ton 5) is its text without case; if that text is digits only, the
        consumer sees and answers a number, so it is one.
        """
        if (
            ton == TON_INTERNATIONAL
            and self._is_nanp
            and 10 < len(digits) < 16
            and digits.isdigit()
            and digits[0] != 0x30
        ):
            return "+" + digits.decode("ascii")
        return self._canonical(ton, digits.decode("latin-1"))

    def parse(self, text: str) -> str:
        """The canonical spelling of a number that a person or a list gives, in any written form."""
        size = len(text)
        if size == 11 and self._is_nanp and text[0] == "1" and text.isascii() and text.isdigit():
            return "+" + text
        if 9 < size < 17 and text[0] == "+" and text[1] != "0" and text.isascii() and text[1:].isdigit():
            return text
        return self._canonical(TON_UNKNOWN, text)

    def pair_of_mt(self, source: tuple[int, int, bytes], destination: tuple[int, int, bytes]) -> Pair:
        """The pair of a message to a consumer: from the business, to the consumer."""
        return Pair(self.canonical(source[0], source[2]), self.canonical(destination[0], destination[2]))

    def pair_of_mo(self, source: tuple[int, int, bytes], destination: tuple[int, int, bytes]) -> Pair:
        """The pair of a message from a consumer: source and destination change places."""
        return self.pair_of_mt(destination, source)

    def _canonical(self, ton: int, text: str) -> str:
        stripped = text.translate(_NOISE)
        if stripped[:4].lower() == "tel:":
            stripped = stripped[4:]
        explicit = stripped.startswith("+")
        digits = stripped[1:] if explicit else stripped
        if not (digits.isascii() and digits.isdigit()):
            return text.strip().casefold()
        if digits.startswith("00"):
            explicit, digits = True, digits[2:]
        elif self._is_nanp and digits.startswith("011") and len(digits) > 10:
            explicit, digits = True, digits[3:]
        if explicit:
            return digits if len(digits) <= SHORT_CODE_LIMIT else "+" + digits
        if self._is_nanp:
            return _american(ton, digits)
        if ton == TON_INTERNATIONAL and digits.startswith(self._calling_code) and len(digits) > 10:
            return "+" + digits
        return self._slowly(ton, digits)

    def _by_numbering_plan(self, ton: int, digits: str) -> str:
        """Digits without a ``+``, by the plan of the country.

        What the sender says (national, international) or, without that, a trunk prefix tells which
        reading to try first; the first that is a valid number wins, then the first possible one.
        """
        national = _parse(digits, self.country)
        international = _parse("+" + digits, None)
        is_national = ton == TON_NATIONAL or digits.startswith("0") or len(digits) <= SHORT_CODE_LIMIT
        candidates = (national, international) if is_national else (international, national)
        for is_good in (phonenumbers.is_valid_number, phonenumbers.is_possible_number):
            for number in candidates:
                if number is not None and is_good(number):
                    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if len(digits) <= SHORT_CODE_LIMIT:
                return digits
        return "+" + digits


def _ordinary(calling_code: str) -> tuple[bytes, bytes]:
    """``Numbering.prefix`` and ``Numbering.ordinary``: what ``canonical`` says, for the addresses seen most."""
    if calling_code == "1":
        return b"+1", rb"(?:..\+?([1-9]\d{10,14})|[\x00\x02].([1-9]\d{9}))"
    own = b"%b\\d{%d,13}" % (calling_code.encode(), 11 - len(calling_code))
    return b"+", rb"(?:..\+([1-9]\d{8,14})|\x01.(%b))" % own


def _american(ton: int, digits: str) -> str:
    """Digits without a ``+`` where the country code is 1.

    Ten digits are a national number, even if they are labelled international: platforms do that. Only
    a label that may be right is believed, for digits that are not of the plan's form (neither area
    code nor exchange begins with 0 or 1) and are a number elsewhere.
    """
    if len(digits) <= SHORT_CODE_LIMIT:
        return digits
    if len(digits) == 10:
        is_of_the_plan = digits[0] in "23456789" and digits[3] in "23456789"
        if ton != TON_INTERNATIONAL or is_of_the_plan or not _is_valid("+" + digits):
            return "+1" + digits
    return "+" + digits


def _parse(text: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=65_536)
def _is_valid(text: str) -> bool:
    number = _parse(text, None)
    return number is not None and phonenumbers.is_valid_number(number)
