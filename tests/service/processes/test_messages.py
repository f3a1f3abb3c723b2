"""What supervisor and workers say to each other: all of it arrives as it was, and nothing else is understood."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.service.processes.messages import (
    Ask,
    Connection,
    Drain,
    MessageError,
    News,
    Order,
    Prepared,
    Ready,
    decode_news,
    decode_order,
    encode,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
st.register_type_strategy(str, TEXT)
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
ORDERS = st.one_of([st.from_type(kind) for kind in get_args(Order)])
NEWS = st.one_of([st.from_type(kind) for kind in get_args(News)])


@given(ORDERS)
def test_an_order_arrives_as_it_was_and_is_no_news(order: Order) -> None:
    line = encode(order)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert decode_order(line[:-1]) == order
    with pytest.raises(MessageError, match="is not news"):
        decode_news(line[:-1])


@given(NEWS)
def test_news_arrive_as_they_were_and_are_no_order(news: News) -> None:
    line = encode(news)
    assert line.count(b"\n") == 1
    assert decode_news(line[:-1]) == news
    with pytest.raises(MessageError, match="is not an order"):
        decode_order(line[:-1])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"", "not a kind"),
        (b"Halt {}", "not a kind"),
        (b"drain {}", "not a kind"),
        (b'{"drain": true}', "not a kind"),
        (b"\xff {}", "not a kind"),
        (b"Drain", "Drain: its fields"),
        (b"Drain {", "Drain: its fields"),
        (b"Drain []", "Drain: "),
        (b'Drain {"now": true}', "Drain: now"),
        (b"Ask {}", "Ask: what"),
        (b'Ask {"what": "weather"}', "Ask: what"),
        (b'Apply {"reload": "1"}', "Apply: reload"),
        (b'Apply {"reload": true}', "Apply: reload"),
        (b'Connection {"connection": 1, "route": "a", "carrier": "c", "address": "c:1"}', "Connection: address"),
        (b'Prepared {"reload": 1, "fault": null}', "Prepared: fault"),
    ],
)
def test_anything_else_is_an_error_that_names_the_place(line: bytes, fault: str) -> None:
    for decode in (decode_order, decode_news):
        with pytest.raises(MessageError, match=fault):
            decode(line)


def test_what_is_left_out_has_its_default() -> None:
    assert decode_order(b'Connection {"connection": 1, "route": "a"}') == Connection(1, "a", "", None)
    assert decode_news(b'Prepared {"reload": 3}') == Prepared(3, "")
    assert encode(Ask("report")) == b'Ask {"what":"report"}\n'
    assert [encode(each) for each in (Drain(), Ready())] == [b"Drain {}\n", b"Ready {}\n"]
