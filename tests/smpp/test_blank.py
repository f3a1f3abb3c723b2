"""No password is shown, whatever the bind looks like."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proxy.smpp import fields as pdus
from proxy.smpp import pdu, write
from proxy.smpp.blank import BLANK, blanked

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)


@given(WORDS, WORDS, st.sampled_from(sorted(pdu.BINDS)))
def test_a_bind_keeps_all_but_its_password(name: str, password: str, command: int) -> None:
    fields = {"system_id": name, "password": password, "interface_version": 0x34, "address_range": "1555"}
    shown = pdus.read(blanked(pdus.write(pdu.command_name(command), fields, sequence=9)))
    assert (shown.fields["password"], shown.fields["system_id"]) == (BLANK, name.encode())
    assert (shown.fields["address_range"], shown.sequence) == (b"1555", 9)


def test_an_outbind_has_a_password_too() -> None:
    shown = pdus.read(blanked(pdus.write("outbind", {"system_id": "smsc", "password": "secret"})))
    assert shown.fields["password"] == BLANK


@given(st.binary(max_size=60))
def test_of_one_that_is_broken_nothing_behind_the_name_is_shown(body: bytes) -> None:
    frame = write.pdu(pdu.BIND_TRANSCEIVER, body)
    shown = blanked(frame)
    assert int.from_bytes(shown[:4], "big") == len(shown)
    name, _, rest = body.partition(b"\0")
    password = rest.partition(b"\0")[0]
    left = shown[16:].replace(BLANK, b"", 1).removeprefix(name)
    assert len(password) < 4 or password not in left.partition(b"\0\0")[0] or password in rest[len(password) :]


@given(st.binary(max_size=100))
def test_other_pdus_are_shown_as_they_are(body: bytes) -> None:
    frame = write.pdu(pdu.SUBMIT_SM, body)
    assert blanked(frame) == frame
