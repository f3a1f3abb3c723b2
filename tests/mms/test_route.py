"""An MM7 route over real sockets: in step, in the octets that came, and answered before it is closed."""

from __future__ import annotations

import socket
import struct
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trio
import trio.testing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proxy.consent.numbers import Pair
from proxy.consent.rules import State
from proxy.ledger.disk.files import LedgerError
from proxy.ledger.ledger import Ledger
from proxy.mms.dialect import MmsDialect
from proxy.net.happenings import BindAsked, Bound, Connected, Ended
from proxy.net.timeouts import Limits
from tests.mm7.wire import A, B, C, answer, basic, deliver_req, number, post, related, reply, submit_req, text
from tests.mms.world import SHORT, Side, world
from tests.relay.sockets import PATIENCE

PAIR = Pair(A, B)
SUBMIT, TO_C = post(submit_req()), post(submit_req(number(C)))
TAKEN = reply(answer("SubmitRsp"))
STOP, HI = (post(related(deliver_req(), text(said))) for said in ("STOP", "hi"))
HEARD = reply(answer("DeliverRsp"))


async def relay(client: Side, carrier: Side, request: bytes, response: bytes = TAKEN, method: str = "POST") -> None:
    """A request goes through as it is, and so does its answer."""
    await client.send(request)
    came = await carrier.message()
    assert came is not None
    assert came.octets == request
    await carrier.send(response)
    got = await client.message(method)
    assert got is not None
    assert got.octets == response


CHUNKED = (
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x;a=b\r\n%b\r\n0\r\nX-T: 1\r\n\r\n" % (len(submit_req(number(C))), submit_req(number(C)))
)
REQUESTS = st.sampled_from([TO_C, post(submit_req(number(C)), basic()), CHUNKED, b"\r\n\r\n" + TO_C])
RESPONSES = st.sampled_from(
    [
        TAKEN,
        reply(answer("SubmitRsp", 2002), "200 OK", "X-A: 1\r\nx-a: 2\r\n"),
        reply(b"", "401 Unauthorized", "WWW-Authenticate: Basic realm=x\r\n"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(REQUESTS, RESPONSES), min_size=1, max_size=4), st.lists(st.integers(0), max_size=8))
def test_what_leaves_equals_what_came_however_it_is_cut(exchanges: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    async def play(folder: Path) -> None:
        async with world(folder) as made:
            client, carrier = await made.both()
            stream = b"".join(request for request, _ in exchanges)
            edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})

            async def ask() -> None:
                for start, end in pairwise(edges):
                    await client.send(stream[start:end])
                    await trio.testing.wait_all_tasks_blocked()

            async with trio.open_nursery() as nursery:
                nursery.start_soon(ask)
                for _, response in exchanges:
                    assert await carrier.message() is not None
                    middle = len(response) // 2
                    await carrier.send(response[:middle])
                    await trio.testing.wait_all_tasks_blocked()
                    await carrier.send(response[middle:])
                    assert await client.message("POST") is not None
            assert carrier.octets == stream
            assert client.octets == b"".join(response for _, response in exchanges)

    with TemporaryDirectory() as folder:
        trio.run(play, Path(folder))


async def test_a_stop_by_mms_closes_the_pair_before_the_platform_has_it_and_a_reply_opens_it(tmp_path: Path) -> None:
    async with world(tmp_path, direction="outbind") as made:
        mmsc, platform = await made.both()
        await mmsc.send(STOP)
        came = await platform.message()
        assert came is not None
        assert came.octets == STOP
        assert made.state(PAIR) is State.OPTED_OUT
        await platform.send(HEARD)
        assert await mmsc.message("POST") is not None
        await relay(mmsc, platform, HI, HEARD)
        assert made.state(PAIR) is State.OPTED_IN
        assert made.route.tally.replies == {"stop": 1, "other": 1}


async def test_a_refused_message_never_reaches_the_mmsc_and_the_connection_goes_on(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.close(PAIR)
        client, carrier = await made.both()
        await relay(client, carrier, TO_C)
        await client.send(SUBMIT)
        refused = await client.message("POST")
        assert refused is not None
        assert b"<StatusCode>2001</StatusCode>" in refused.body
        await relay(client, carrier, TO_C)
        assert carrier.octets == TO_C * 2
        assert made.happenings[1:] == [BindAsked(1), Bound(1)]
        assert isinstance(made.happenings[0], Connected)


async def test_pipelined_requests_are_answered_in_order(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.close(PAIR)
        client, carrier = await made.both()
        await client.send(TO_C + SUBMIT + TO_C)
        for _ in range(2):
            assert await carrier.message() is not None
            await carrier.send(TAKEN)
        codes = [(m.body.split(b"StatusCode>")[1][:4] if (m := await client.message("POST")) else b"") for _ in "123"]
        assert codes == [b"1000", b"2001", b"1000"]


async def test_a_client_that_asks_to_go_on_is_told_so_once_and_the_mmsc_s_own_is_swallowed(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        request = post(submit_req(number(C)), "Expect: 100-continue\r\n")
        head, _, body = request.partition(b"\r\n\r\n")
        await client.send(head + b"\r\n\r\n")
        with trio.fail_after(PATIENCE):
            assert await client.stream.receive_some(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        await client.send(body)
        came = await carrier.message()
        assert came is not None
        assert came.octets == request
        await carrier.send(b"HTTP/1.1 100 Continue\r\n\r\n" + TAKEN)
        got = await client.message("POST")
        assert got is not None
        assert got.octets == TAKEN


@pytest.mark.parametrize(
    ("request_", "response"),
    [
        (post(submit_req(number(C)), "Connection: close\r\n"), TAKEN),
        (post(submit_req(number(C)), "Connection: TE, close\r\nTE: deflate\r\n"), TAKEN),
        (post(submit_req(number(C)), version="1.0"), TAKEN),
        (TO_C, reply(answer("SubmitRsp"), headers="Connection: close\r\n")),
        (TO_C, b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n" + answer("SubmitRsp")),
        (TO_C, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n" + answer("SubmitRsp")),
    ],
)
async def test_both_connections_end_where_one_side_says_so(tmp_path: Path, request_: bytes, response: bytes) -> None:
    """A response without a length is read to the end of its connection."""
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        await client.send(request_)
        assert await carrier.message() is not None
        await carrier.send(response)
        await carrier.stream.send_eof()
        got = await client.message("POST")
        assert got is not None
        assert got.octets == response
        assert await client.is_over()
        await client.stream.aclose()
        assert await carrier.is_over()


@pytest.mark.parametrize("method", ["HEAD", "GET"])
async def test_heartbeats_pass(tmp_path: Path, method: str) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        response = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + (b"" if method == "HEAD" else b"alive")
        await relay(client, carrier, f"{method} / HTTP/1.1\r\nHost: x\r\n\r\n".encode(), response, method)
        await relay(client, carrier, TO_C)


async def test_a_client_that_shows_its_password_when_it_is_asked_gets_through_on_the_same_connection(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        challenge = reply(b"?", "401 Unauthorized", 'WWW-Authenticate: Basic realm="m"\r\n')
        await relay(client, carrier, TO_C, challenge)
        await relay(client, carrier, post(submit_req(number(C)), basic()))
        made.close(PAIR)
        await client.send(SUBMIT)
        asked = await client.message("POST")
        assert asked is not None
        assert asked.octets == challenge
        await client.send(post(submit_req(), basic()))
        refused = await client.message("POST")
        assert refused is not None
        assert b"2001" in refused.body


SMUGGLED = [
    SUBMIT.replace(b"Content-Length", b"Transfer-Encoding: chunked\r\nContent-Length"),
    SUBMIT.replace(b"Content-Length", b"Content-Length: 4\r\nContent-Length"),
    SUBMIT.replace(b"Content-Length: ", b"Content-Length:\r\n "),
    SUBMIT.replace(b"Host: mmsc\r\n", b"Host: mmsc\n"),
    SUBMIT.replace(b"Host: mmsc", b"Host : mmsc"),
    SUBMIT.replace(b"Host: mmsc\r\n", b""),
    SUBMIT.replace(b"Content-Length: ", b"Content-Length: +"),
    SUBMIT.replace(b"Content-Length", b"Transfer-Encoding: xchunked\r\nX-Length"),
    SUBMIT.replace(b"SOAPAction", b"Content-Type: text/plain\r\nSOAPAction"),
    SUBMIT.replace(b"HTTP/1.1", b"HTTP/2.0"),
    SUBMIT.replace(b"POST /mm7", b"CONNECT x:1"),
    SUBMIT.replace(b"Host: mmsc", b"Authorization: Basic x\r\n\r\nHost: mmsc"),
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"POST " + b"x" * 70_000,
]


@pytest.mark.parametrize("octets", SMUGGLED, ids=range(len(SMUGGLED)))
async def test_what_can_be_cut_in_two_ways_is_answered_and_never_reaches_the_other_side(
    tmp_path: Path, octets: bytes
) -> None:
    async with world(tmp_path, dialect=MmsDialect(other_requests="pass")) as made:
        client, carrier = await made.both()
        await client.send(octets)
        answered = await client.message("POST")
        assert answered is not None
        assert 400 <= answered.status < 600
        assert await client.is_over()
        await client.stream.aclose()
        assert await carrier.is_over()
        assert carrier.octets == b""
        assert made.route.tally.unreadable == {"HTTP": 1}


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
    ],
)
async def test_without_a_usable_answer_the_client_gets_503_and_may_go_on(tmp_path: Path, response: bytes) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        await client.send(TO_C)
        assert await carrier.message() is not None
        await carrier.send(response)
        await carrier.stream.aclose()
        got = await client.message("POST")
        assert got is not None
        assert got.status == 503
        assert got.header("retry-after")
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.send, TO_C)
            again = await made.accept()
        assert await again.message() is not None
        await again.send(TAKEN)
        got = await client.message("POST")
        assert got is not None
        assert got.octets == TAKEN


async def test_when_the_mmsc_closes_between_two_requests_the_client_is_closed_too(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        await relay(client, carrier, TO_C)
        await carrier.stream.aclose()
        assert await client.is_over()


async def test_a_request_that_crosses_the_mmsc_s_close_goes_on_over_another_connection(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        await relay(client, carrier, TO_C)
        await client.send(TO_C[:20])
        await trio.testing.wait_all_tasks_blocked()
        await carrier.stream.aclose()
        await client.send(TO_C[20:])
        again = await made.accept()
        assert await again.message() is not None
        await again.send(TAKEN)
        got = await client.message("POST")
        assert got is not None
        assert got.octets == TAKEN


async def test_an_answer_before_the_whole_request_is_the_answer(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        big = post(related(submit_req(number(C)), b"Content-Type: image/jpeg\r\n\r\n" + bytes(8 << 20)))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(client.send, big)
            with trio.fail_after(PATIENCE):
                assert await carrier.stream.receive_some(100)
            await carrier.send(reply(b"too much", "413 Content Too Large"))
            got = await client.message("POST")
        assert got is not None
        assert got.status == 413


async def test_without_a_carrier_each_request_is_answered_until_there_is_one(tmp_path: Path) -> None:
    async with world(tmp_path, is_down=True) as made:
        client = await made.client()
        for _ in range(2):
            await client.send(TO_C)
            got = await client.message("POST")
            assert got is not None
            assert got.status == 503
        assert made.route.tally.refused == {("SubmitReq", "no_carrier"): 2}
        await client.stream.aclose()


async def test_a_stop_that_finds_no_platform_holds_and_is_offered_again(tmp_path: Path) -> None:
    async with world(tmp_path, is_down=True, direction="outbind") as made:
        client = await made.client()
        await client.send(STOP)
        got = await client.message("POST")
        assert got is not None
        assert got.status == 503
        assert made.state(PAIR) is State.OPTED_OUT
        await client.send(HI)
        again = await client.message("POST")
        assert again is not None
        assert again.status == 503
        assert made.state(PAIR) is State.OPTED_OUT


async def test_a_ledger_that_can_t_be_written_is_503_and_then_it_is_delivered_once(tmp_path: Path) -> None:
    class Full(Ledger):
        is_full = True

        def commit(self, *args, **more):  # type: ignore[no-untyped-def]
            if Full.is_full:
                raise LedgerError("no space left on device")
            return super().commit(*args, **more)

    async with world(tmp_path, direction="outbind", ledger_type=Full) as made:
        mmsc, platform = await made.both()
        await mmsc.send(STOP)
        got = await mmsc.message("POST")
        assert got is not None
        assert got.status == 503
        Full.is_full = False
        await relay(mmsc, platform, STOP, HEARD)
        assert platform.octets == STOP
        assert made.state(PAIR) is State.OPTED_OUT


async def test_a_client_that_is_gone_is_not_waited_for(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        await client.send(TO_C)
        assert await carrier.message() is not None
        await client.stream.aclose()
        assert await carrier.is_over()


async def test_a_client_that_says_that_it_sends_no_more_is_answered(tmp_path: Path) -> None:
    async with world(tmp_path, limits=Limits(close_timeout=0.2)) as made:
        client, carrier = await made.both()
        await client.send(TO_C)
        await client.stream.send_eof()
        assert await carrier.message() is not None
        await carrier.send(TAKEN)
        assert await client.message("POST") is not None
        assert await client.is_over()


async def test_a_drain_waits_for_the_answer_that_is_owed_and_ends_the_others(tmp_path: Path) -> None:
    async with world(tmp_path, limits=Limits(close_timeout=0.2)) as made:
        busy, carrier = await made.both()
        idle, _ = await made.both()
        await busy.send(TO_C)
        assert await carrier.message() is not None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(made.route.drain)
            assert await idle.is_over()
            await carrier.send(TAKEN)
            assert await busy.message("POST") is not None
            assert await busy.is_over()
        assert made.route.tally.sessions_ended == {"drain": 2}
        assert made.happenings.count(Ended(1)) == 1


async def test_a_drain_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        client, carrier = await made.both()
        await client.send(TO_C)
        assert await carrier.message() is not None
        with trio.fail_after(PATIENCE):
            await made.route.drain()
        told = await client.message("POST")
        assert told is not None
        assert told.status == 503
        assert await client.is_over()


@pytest.mark.parametrize(
    ("limits", "ended_by"),
    [
        (Limits(bind_timeout=0.1, close_timeout=0.2), "bind_timeout"),
        (Limits(idle_timeout=1.0, close_timeout=0.2), "idle"),
    ],
)
async def test_connections_that_nobody_uses_are_closed(tmp_path: Path, limits: Limits, ended_by: str) -> None:
    async with world(tmp_path, limits=limits) as made:
        client, carrier = await made.both()
        if ended_by == "idle":
            await relay(client, carrier, TO_C)
        assert await client.is_over()
        await client.stream.aclose()
        await carrier.is_over()
        await trio.testing.wait_all_tasks_blocked()
    assert made.route.tally.sessions_ended == {ended_by: 1}


async def test_half_a_request_is_not_waited_for_longer_than_for_a_bind(tmp_path: Path) -> None:
    async with world(tmp_path, limits=Limits(bind_timeout=1.5, close_timeout=0.2)) as made:
        client, carrier = await made.both()
        await client.send(TO_C[:-5])
        got = await client.message("POST")
        if got is not None:  # else the look at unused connections came first
            assert got.status == 408
        await client.stream.aclose()
        assert await carrier.is_over()
        assert carrier.octets == b""


async def test_a_carrier_that_answers_nothing_counts_as_down_and_is_waited_for(tmp_path: Path) -> None:
    async with world(tmp_path, limits=Limits(carrier_silence=0.1, close_timeout=0.2)) as made:
        client, carrier = await made.both()
        await client.send(TO_C)
        assert await carrier.message() is not None
        with trio.fail_after(PATIENCE):
            while all(seen.is_up is not False for seen in made.route.carriers.states().values()):  # noqa: ASYNC110
                await trio.sleep(0.01)
        await carrier.send(TAKEN)
        assert await client.message("POST") is not None
        assert [seen.is_up for seen in made.route.carriers.states().values()] == [True]


async def test_a_client_whose_source_tries_too_often_is_closed(tmp_path: Path) -> None:
    async with world(tmp_path, limits=Limits(binds_per_minute=2, close_timeout=0.2)) as made:
        for _ in range(2):
            client, carrier = await made.both()
            await relay(client, carrier, TO_C, reply(b"", "401 Unauthorized"))
            await client.stream.aclose()
        client, carrier = await made.both()
        await client.send(TO_C)
        told = await client.message("POST")
        assert told is not None
        assert told.status == 429
        assert await client.is_over()
        assert carrier.octets == b""


async def test_what_is_held_is_bounded_and_everybody_gets_through(tmp_path: Path) -> None:
    big = post(related(submit_req(number(C)), b"Content-Type: image/jpeg\r\n\r\n" + bytes(1 << 20)))
    async with world(tmp_path, most_held=1 << 20) as made:
        most = 0

        async def one(client: Side, carrier: Side) -> None:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(client.send, big)
                assert await carrier.message() is not None
            await carrier.send(TAKEN)
            assert await client.message("POST") is not None

        async def watch() -> None:
            nonlocal most
            while True:
                most = max(most, made.budget.held)
                await trio.lowlevel.checkpoint()

        sides = [await made.both() for _ in range(6)]
        with trio.fail_after(PATIENCE):
            async with trio.open_nursery() as watching:
                watching.start_soon(watch)
                async with trio.open_nursery() as ones:
                    for client, carrier in sides:
                        ones.start_soon(one, client, carrier)
                watching.cancel_scope.cancel()
        assert 0 < most < 4 << 20
        assert made.budget.held == 0


async def test_settings_that_change_hold_for_conversations_that_are_open(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.close(PAIR)
        client, carrier = await made.both()
        await relay(client, carrier, TO_C)
        made.route.apply(made.route._reception.path, MmsDialect(refuse_with=2002), SHORT)
        await client.send(SUBMIT)
        refused = await client.message("POST")
        assert refused is not None
        assert b"2002" in refused.body


async def test_a_reply_whose_answer_was_lost_with_its_connection_opens_nothing_when_it_comes_again(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, direction="outbind") as made:
        mmsc, platform = await made.both()
        await mmsc.send(HI)
        assert await platform.message() is not None
        await platform.send(HEARD)
        with trio.fail_after(PATIENCE):
            while not mmsc.stream.socket.is_readable():  # noqa: ASYNC110
                await trio.sleep(0.01)
        linger = struct.pack("ii", 1, 0)
        mmsc.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        await trio.aclose_forcefully(mmsc.stream)  # a reset, with the answer unread
        assert await platform.is_over()
        again, there = await made.both()
        await relay(again, there, STOP, HEARD)
        await relay(again, there, HI, HEARD)
        assert made.state(PAIR) is State.OPTED_OUT


async def test_strangers_who_send_half_of_what_is_big_keep_nobody_from_saying_stop(tmp_path: Path) -> None:
    big = post(related(deliver_req(), b"Content-Type: image/jpeg\r\n\r\n" + bytes(1 << 20)))
    async with world(tmp_path, direction="outbind", most_held=1 << 20, limits=Limits(close_timeout=0.2)) as made:
        strangers = [await made.both() for _ in range(3)]
        async with trio.open_nursery() as nursery:
            for stranger, _ in strangers:
                nursery.start_soon(stranger.send, big[:-10])
            with trio.fail_after(PATIENCE):
                while made.budget.held < 1 << 20:  # noqa: ASYNC110
                    await trio.sleep(0.01)
            mmsc, platform = await made.both()
            await relay(mmsc, platform, STOP, HEARD)
            assert made.state(PAIR) is State.OPTED_OUT
            nursery.cancel_scope.cancel()
