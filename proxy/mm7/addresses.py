"""The addresses of MM7, in the forms in which they stand on real wires."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_TYPE = re.compile(r"(?:/TYPE=[A-Za-z0-9]{1,20})+\s*$", re.IGNORECASE)
_BRACKETED = re.compile(r"[^<>0-9]*<([^<>]*)>")
_PARAMETERS = re.compile(r"(?:;[A-Za-z-]{1,20}(?:=[^;]*)?)+$")
_AROUND = re.compile(r"^(?:tel|sips?|mailto):|[,\s]+$", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9 ().-]*[0-9][0-9 ().-]*")
_MAIL = re.compile(r"[A-Za-z0-9._%+'/=-]+@[A-Za-z0-9.-]+")

_NO_PERSON = re.compile(r"https?://|urn:uuid:|\d{4}-\d\d-\d\dT\d\d:", re.IGNORECASE)
"""Places, times and marks, which no MMSC delivers to."""

_MANY_DIGITS = 7
"""So many digits are a subscriber's number, somewhere in the world."""


class Address(NamedTuple):
    """One address as it stands in an envelope.

    ``form`` is the element that it stands in: ``Number``, ``RFC2822Address``, ``ShortCode``, ``Extension``, or nothing
    where it stands by itself. ``is_shown``: for display only, nothing is delivered to it. ``is_coded``: it is a token
    in place of a number (``addressCoding``).
    """

    text: str
    form: str = "Number"
    is_shown: bool = False
    is_coded: bool = False

    @property
    def digits(self) -> str:
        """The number, with its ``+`` if it has one: the same characters that SMPP has for it; empty if it is none.

        Digits of other scripts and characters that nobody sees are read as others may read them.
        """
        return "" if self.is_coded else self.number

    @property
    def number(self) -> str:
        """The same, though it may be a token: who knows whether its reader decodes it."""
        text = _seen(self.text)
        if (bracketed := _BRACKETED.fullmatch(text)) is not None:
            text = bracketed[1]
        text = _AROUND.sub("", text)
        text = _PARAMETERS.sub("", text)
        text = _TYPE.sub("", text)
        if "@" in text:
            text = _TYPE.sub("", text.rpartition("@")[0].strip(' "'))
        text = text.rstrip("#" if self.form == "ShortCode" else "").lstrip("#*")
        return text if _NUMBER.fullmatch(text) else ""

    @property
    def literal(self) -> str:
        """What it is compared by where it is no number: a mail address, a name or a token."""
        return self.text.strip() if self.is_coded else self.text.strip().lower()

    @property
    def is_doubtful(self) -> bool:
        """Whether it holds what may be a number, in a form that is none: some reader may find the number in it."""
        if self.is_coded or self.number:
            return False
        seen = _seen(self.text)
        return sum(map(str.isdigit, seen)) >= _MANY_DIGITS and not (_MAIL.fullmatch(seen) or _NO_PERSON.match(seen))


def _seen(text: str) -> str:
    """A text without what nobody sees, its digits and letters in their plain forms (Unicode, NFKC)."""
    if text.isascii():
        return text.strip()
    plain = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    plain = plain.replace("\u2010", "-")
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in plain).strip()
