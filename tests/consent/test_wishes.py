"""Wishes are plain data, so that what is shared can go to another process or machine: no function, object or handle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, get_args

from hypothesis import given
from hypothesis import strategies as st

from proxy.consent.wishes import Shared

SHARED = st.one_of([st.from_type(kind) for kind in get_args(Shared)])


def parts_of(value: Any) -> list[Any]:
    if is_dataclass(value):
        return [getattr(value, each.name) for each in fields(value)]
    return [*value.keys(), *value.values()] if isinstance(value, Mapping) else list(value)


def is_plain(value: Any) -> bool:
    if value is None or isinstance(value, str | int | bytes | bool | Enum):
        return True
    return (is_dataclass(value) or isinstance(value, tuple | Mapping)) and all(map(is_plain, parts_of(value)))


@given(SHARED)
def test_what_all_machines_share_is_plain_data(wish: Shared) -> None:
    assert is_plain(wish)
