"""The page for compliance holds every list as it is, and its examples are read as it says."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from proxy.meaning.languages import LANGUAGES
from proxy.meaning.languages.table import KINDS, Language
from proxy.meaning.replies import Replies
from tests.meaning.page import HEADING, NAMES, PAGE, PHRASES, WORDS, lists

TEXT = PAGE.read_text("utf-8")
EXAMPLES = re.findall(r'^\| "(.+)" \| ([A-Z]+) \|', TEXT, re.MULTILINE)


def test_the_lists_are_those_of_the_tables() -> None:
    shown = HEADING + TEXT.partition(HEADING)[2]
    assert shown == lists(), "the lists have changed: run `python -m tests.meaning.page`"


def test_no_list_and_no_language_is_left_out() -> None:
    assert {*WORDS, *PHRASES, "name", "spelling", "classes"} == {field.name for field in fields(Language)}
    assert set(KINDS) <= set(PHRASES)
    assert list(NAMES) == [table.name for table in LANGUAGES]


def test_every_meaning_has_examples() -> None:
    assert {meaning for _, meaning in EXAMPLES} == {"STOP", "RESUME", "HELP", "AUTOMATIC", "UNCLEAR", "OTHER"}


@pytest.mark.parametrize(("text", "meaning"), EXAMPLES)
def test_examples_are_read_as_the_page_says(text: str, meaning: str) -> None:
    assert Replies().read(text).meaning == meaning.lower()
