"""The GSM alphabets, against an independent codec where there is one and against Unicode elsewhere."""

from __future__ import annotations

import unicodedata

import gsm0338
import pytest
from gsm0338 import charset
from hypothesis import given
from hypothesis import strategies as st

from proxy.smpp import gsm
from tests.smpp.septets import pack

CODEC = gsm0338.Codec()
SPANISH = gsm0338.Codec(single_shift_decode_map=charset.SINGLE_SHIFT_CHARACTER_SET_SPANISH)
ALL_TABLES = [gsm.DEFAULT, *gsm.LOCKING.values(), *gsm.SINGLE.values()]
LETTERS = st.text(alphabet=[c for c in gsm.DEFAULT if c not in (gsm.MISSING, "@")], max_size=200)


@pytest.mark.parametrize("septet", [n for n in range(128) if n != gsm.ESCAPE])
def test_default_alphabet(septet: int) -> None:
    assert gsm.decode(bytes((septet,))) == CODEC.decode(bytes((septet,)))[0]


@pytest.mark.parametrize("septet", sorted(charset.BASIC_CHARACTER_SET_EXTENSION))
def test_extension_table(septet: int) -> None:
    assert gsm.decode(bytes((gsm.ESCAPE, septet))) == CODEC.decode(bytes((gsm.ESCAPE, septet)))[0]


@pytest.mark.parametrize("septet", sorted(charset.SINGLE_SHIFT_CHARACTER_SET_SPANISH))
def test_spanish_single_shift(septet: int) -> None:
    octets = bytes((gsm.ESCAPE, septet))
    assert gsm.decode(octets, single=gsm.SINGLE[2]) == SPANISH.decode(octets)[0]


@given(LETTERS)
def test_what_the_codec_encodes_is_read_back(text: str) -> None:
    assert gsm.decode(CODEC.encode(text)[0]) == text


def test_an_escape_without_a_meaning_reads_as_the_plain_septet() -> None:
    assert gsm.decode(b"\x1bA\x1b") == "A"


@pytest.mark.parametrize("table", ALL_TABLES)
def test_every_table_has_all_septets_and_only_assigned_characters(table: str) -> None:
    assert len(table) == 128
    assert all(unicodedata.category(c) not in ("Cn", "Cs") for c in table)


@pytest.mark.parametrize(("language", "table"), gsm.LOCKING.items())
def test_locking_tables_hold_no_character_twice_and_the_small_letters(language: int, table: str) -> None:
    characters = [c for c in table if c != gsm.MISSING]
    assert len(set(characters)) == len(characters)
    assert gsm.decode(b"abcxyz 0189", locking=table) == "abcxyz 0189"


INDIC = {4: 0x980, 5: 0xA80, 6: 0x900, 7: 0xC80, 8: 0xD00, 9: 0xB00, 10: 0xA00, 11: 0xB80, 12: 0xC00}
YOUNGER_THAN_THE_TABLES = {0x0C81, 0x0D01, 0x0D29, 0x0D3C, 0x0C34, 0x0C3C}


@pytest.mark.parametrize(("language", "block"), INDIC.items())
def test_indic_tables_hold_every_letter_of_their_block(language: int, block: int) -> None:
    """All letters and signs up to the virama, but for those that Unicode assigned after the tables were made."""
    assigned = {n for n in range(block + 1, block + 0x4E) if unicodedata.category(chr(n)) != "Cn"}
    in_the_table = {ord(c) for c in gsm.LOCKING[language]}
    assert assigned - in_the_table - YOUNGER_THAN_THE_TABLES <= {block + 0x04, block + 0x3A, block + 0x3B}


def test_national_texts() -> None:
    assert gsm.decode(bytes([0x40, 0x69, 0x1D, 0x0C]), locking=gsm.LOCKING[1]) == "İişğ"
    assert gsm.decode(b"\x1bS\x1bs", single=gsm.SINGLE[1]) == "Şş"
    assert gsm.decode(bytes([0x7B, 0x6F, 0x5B]), locking=gsm.LOCKING[3]) == "ãoÃ"
    assert gsm.decode(bytes([0x4B, 0x54, 0x37]), locking=gsm.LOCKING[6]) == "ऱॄ7".replace("ऱ", chr(0x937)).replace(
        "ॄ", chr(0x942)
    )


@given(st.binary(max_size=160).map(lambda b: bytes(o & 0x7F for o in b)), st.sampled_from([0, 1, 3, 6]))
def test_packed_septets_are_unpacked(septets: bytes, skip_bits: int) -> None:
    unpacked = gsm.unpack(pack(septets, skip_bits), skip_bits)
    assert unpacked.rstrip(b"\0") == septets.rstrip(b"\0")


def test_a_known_packing() -> None:
    assert gsm.unpack(bytes.fromhex("e8329bfd4697d9ec37")) == b"hellohello"


@given(st.binary(max_size=300), st.sampled_from(ALL_TABLES), st.sampled_from(ALL_TABLES))
def test_nothing_raises(octets: bytes, locking: str, single: str) -> None:
    gsm.decode(octets, locking, single)
    gsm.unpack(octets, 3)
