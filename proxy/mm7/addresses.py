"""The addresses of MM7, in the forms in which they stand on real wires."""

from __future__ import annotations

import re
from typing import NamedTuple

_PLMN = re.compile(r"/TYPE=PLMN$", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9 ().-]*[0-9][0-9 ().-]*")


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
        """The number, with its ``+`` if it has one: the same characters that SMPP has for it; empty if it is none."""
        if self.is_coded:
            return ""
        text = _PLMN.sub("", self.text.strip()).strip()
        if "@" in text:
            text = _PLMN.sub("", text.rpartition("@")[0]).strip()
        text = text.removeprefix("tel:").rstrip("#" if self.form == "ShortCode" else "").lstrip("#*")
        return text if _NUMBER.fullmatch(text) else ""

    @property
    def literal(self) -> str:
        """What it is compared by where it is no number: a mail address, a name or a token."""
        return self.text.strip() if self.is_coded else self.text.strip().lower()
