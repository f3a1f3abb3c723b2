"""``/v1`` over real HTTP: who may, what it answers, and what it makes of nonsense."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from proxy.ledger.ledger import Ledger
from proxy.simulator.process import ProxyProcess
from tests.e2e.peers import PATIENCE, config, link
from tests.e2e.tokens import READ, WRITE, admin
from tests.ledger.samples import Clock, numbered, wish

PAIR = "/v1/consent/%2B15551230001/15559870001"


class Api:
    """A client of one proxy's admin HTTP."""

    def __init__(self, proxy: ProxyProcess) -> None:
        self.proxy = proxy

    def __call__(
        self, method: str, path: str, body: Any = None, *, token: str = READ, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(*self.proxy.admin_address(), timeout=PATIENCE)
        try:
            sent = {"Authorization": f"Bearer {token}"} if token else {}
            sent["Content-Type"] = "application/json"
            data = body if isinstance(body, bytes) or body is None else json.dumps(body)
            connection.request(method, path, data, sent | (headers or {}))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("api")
    with Ledger(folder / "store", Clock()) as ledger:
        ledger.commit([wish(numbered(n)) for n in range(25)])
    group = '[[group]]\nname = "sale"\nnumbers = ["+1555777*"]\n'
    more = admin(folder) + "requests_per_second = 100000\n" + group
    with ProxyProcess(config(folder, "127.0.0.1:9", more=more)) as proxy:
        yield Api(proxy)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", PAIR, None),
        ("GET", PAIR + "/history", None),
        ("PUT", PAIR, {"state": "opted_out", "note": "x"}),
        ("GET", "/v1/consent?business=15551230001", None),
        ("POST", "/v1/check", {"pairs": []}),
        ("GET", "/v1/journal", None),
    ],
)
def test_nothing_without_a_token(api: Api, method: str, path: str, body: Any) -> None:
    assert api(method, path, body, token="")[0] == 401
    assert api(method, path, body, token="guess" * 7)[0] in (401, 429)


def test_a_pair_is_changed_with_a_write_token_and_journalled(api: Api) -> None:
    wanted = {"state": "opted_out", "note": " a letter "}
    assert api("PUT", PAIR, wanted) == (403, {"detail": "this token may only read"})
    status, found = api("PUT", PAIR, wanted, token=WRITE)
    assert (status, found["state"], found["may_be_texted"]) == (200, "opted_out", False)
    status, history = api("GET", PAIR + "/history")
    line = api.proxy.wait_for("consent_changed")
    assert (line["operator"], line["consumer"]) == ("alice", "+15559****01")
    (entry,) = history["entries"]
    assert (entry["operator"], entry["note"]) == ("alice", "a letter")
    assert "meaning" not in entry, "nobody wrote a reply"
    assert api("GET", "/v1/consent/5551230001/%2B1 555 987-0001".replace(" ", "%20"))[1]["state"] == "opted_out"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (PAIR, {"state": "opted_out"}),
        (PAIR, {"state": "opted_out", "note": "  "}),
        (PAIR, {"state": "gone", "note": "x"}),
        (PAIR, {"state": "opted_out", "note": "x", "more": 1}),
        ("/v1/consent/15551230001/nobody", {"state": "opted_out", "note": "x"}),
        ("/v1/consent/%00/15559870001", {"state": "opted_out", "note": "x"}),
        (PAIR, b"{"),
    ],
)
def test_a_change_that_is_not_clear_is_refused(api: Api, path: str, body: Any) -> None:
    assert api("PUT", path, body, token=WRITE)[0] in (400, 422)


def test_a_business_and_a_consumer_are_listed_in_pages(api: Api) -> None:
    path, found = "/v1/consent?business=15551230001&limit=10", []
    while path:
        status, page = api("GET", path)
        assert status == 200
        found += [pair["consumer"] for pair in page["pairs"]]
        path = f"/v1/consent?business=15551230001&limit=10&cursor={page['cursor']}" if page["cursor"] else ""
    listed = [numbered(n).consumer for n in range(25)]
    assert [consumer for consumer in found if consumer in listed] == listed
    assert api("GET", f"/v1/consent?consumer={listed[3][1:]}")[1]["pairs"][0]["state"] == "opted_out"
    for wrong in ("", "?business=1&consumer=2", "?business=1&cursor=junk", "?business=1&limit=0"):
        assert api("GET", "/v1/consent" + wrong)[0] in (400, 422)


def test_a_thousand_pairs_are_checked_in_their_order(api: Api) -> None:
    api("PUT", "/v1/consent/%E2%9F%A8sale%E2%9F%A9/15559870009", {"state": "opted_out", "note": "x"}, token=WRITE)
    pairs = [{"business": "15551230001", "consumer": numbered(n).consumer} for n in range(999)]
    pairs.append({"business": "15557770001", "consumer": "15559870009"})
    status, found = api("POST", "/v1/check", {"pairs": pairs})
    assert status == 200
    states = [pair["may_be_texted"] for pair in found["pairs"]]
    assert states == [False] * 25 + [True] * 974 + [False]
    assert found["pairs"][999]["state"] == "no_record", "its own state; the group's forbids it"
    assert api("POST", "/v1/check", {"pairs": [*pairs, pairs[0]]})[0] == 422


def test_a_pair_that_can_not_be_read_has_an_answer_of_its_own(api: Api) -> None:
    good = {"business": "15551230001", "consumer": numbered(3).consumer}
    bad: list[tuple[Any, str]] = [
        ({"business": "15551230001", "consumer": "nobody"}, 'consumer: "nobody" is not'),
        ({"business": "", "consumer": "15559870001"}, 'business: "" must hold characters'),
        ({"business": "\u0007", "consumer": "15559870001"}, 'business: "\\u0007" must hold'),
        ({"business": "15551230001", "consumer": "1" * 65}, 'consumer: "1111'),
        ({"business": "15551230001"}, "consumer: is missing"),
        ({"business": 15551230001, "consumer": "15559870001"}, "business: must be a string"),
        ({"business": "15551230001", "consumer": None}, "consumer: must be a string"),
        ({**good, "more": [[]]}, "pair: has 1 more"),
        ("15551230001", "pair: must be an object"),
        (json.loads("[" * 150 + "]" * 150), "pair: must be an object"),
    ]
    wanted = [each for pair, _ in bad for each in (good, pair)]
    status, found = api("POST", "/v1/check", {"pairs": [*wanted, good]})
    assert status == 200
    assert [pair["state"] for pair in found["pairs"][::2]] == ["opted_out"] * (len(bad) + 1)
    for (pair, fault), answer in zip(bad, found["pairs"][1::2], strict=True):
        assert (answer["state"], answer["may_be_texted"]) == ("invalid", False)
        assert answer["fault"].startswith(fault)
        for end in ("business", "consumer"):
            given = pair.get(end) if isinstance(pair, dict) else None
            assert answer[end] == (given if isinstance(given, str) else None), "as it was given"


NO_JSON = [
    b"",
    b"{",
    b"\xff\xfe",
    b"NaN",
    b'{"state": "opted_out", "note": "\\ud800"}',
    b'{"state": "opted_out", "note": "\\udc00 x", "\\ud800": 1}',
    b'{"state": "opted_out", "note": NaN}',
    b'{"state": "opted_out", "note": -Infinity}',
    b'{"state": "opted_out", "note": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"state": "opted_out", "note": ' + b"[" * 900 + b"]" * 900 + b"}",
    b'{"state": "opted_out", "note": "x", "more": ' + b"1" * 10_000 + b"}",
]
NO_CHANGE = [
    b"null",
    b"[]",
    b"1e999",
    b'{"state": "opted_out", "note": 1e999}',
    b'{"state": "opted_out", "note": "x", "\\ud83d\\ude00": 1}',
    b'{"state": {"a": [1, 2]}, "note": "x"}',
    b'{"state": "opted_out", "note": ' + b"[" * 150 + b"]" * 150 + b"}",
]


@pytest.mark.parametrize("body", NO_JSON + NO_CHANGE, ids=lambda body: str(body[:40]))
def test_whatever_a_body_is_it_is_answered_with_a_reason(api: Api, body: bytes) -> None:
    for method, path in (("PUT", PAIR), ("POST", "/v1/check")):
        status, answer = api(method, path, body, token=WRITE)
        assert status in (400, 422)
        assert answer["detail"]
        assert "input" not in answer["detail"][0]
        if body in NO_JSON[1:]:
            assert answer["detail"][0]["msg"].startswith("the body is not JSON: ")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", '"\\ud800"', "[" * 5000 + "]" * 5000])
def test_whatever_a_pair_of_a_check_holds_is_no_error_of_ours(api: Api, value: str) -> None:
    for pair in (value, f'{{"business": {value}, "consumer": "15559870001"}}', f'{{"a": {value}}}'):
        status, answer = api("POST", "/v1/check", b'{"pairs": [%b]}' % pair.encode())
        assert status in (200, 422)
        assert status == 422 or answer["pairs"][0]["state"] == "invalid"


def cursor(text: str | bytes) -> str:
    return base64.urlsafe_b64encode(text if isinstance(text, bytes) else text.encode()).decode()


@pytest.mark.parametrize(
    "path",
    [
        "/v1/consent/%ff/15559870001",
        "/v1/consent/%ed%a0%80/15559870001",
        "/v1/consent/15551230001/%ff%ff",
        "/v1/consent/15551230001/%ff%ff/history",
        "/v1/consent?business=%00",
        "/v1/consent?business=%ed%a0%80",
        "/v1/consent?consumer=%07",
        "/v1/consent?consumer=nobody",
        *(
            f"/v1/consent?business=15551230001&cursor={cursor(text)}"
            for text in (
                "[" * 375,
                "[NaN, 1]",
                '["\\ud800", "x"]',
                '["a", "b", "c"]',
                b"\xff\xff",
                json.dumps(["\u20ac" * 60, "x"], ensure_ascii=False),
            )
        ),
        "/v1/consent?business=15551230001&cursor=%ed%a0%80",
        "/v1/consent?business=15551230001&limit=NaN",
        "/v1/journal?after=NaN",
        "/v1/journal?after=1e999",
        "/v1/journal?wait=NaN",
        "/v1/journal?wait=Infinity",
        "/v1/journal?limit=" + "9" * 5000,
    ],
)
def test_whatever_a_path_or_a_query_is_it_is_no_error_of_ours(api: Api, path: str) -> None:
    status, answer = api("GET", path)
    assert status in (200, 400, 422), answer
    assert status == 200 or answer["detail"]


@pytest.mark.parametrize("is_announced", [True, False])
def test_bodies_have_a_limit_announced_or_not(api: Api, is_announced: bool) -> None:
    """Answered with 413; or it hangs up while we are still sending, which is an answer too."""
    large = b" " * (1 << 20) + b'{"pairs": []}'
    connection = http.client.HTTPConnection(*api.proxy.admin_address(), timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {READ}", "Content-Type": "application/json"}
    try:
        if is_announced:
            connection.request("POST", "/v1/check", large, headers)
        else:
            chunked = {**headers, "Transfer-Encoding": "chunked"}
            connection.request("POST", "/v1/check", iter([large]), chunked, encode_chunked=True)
        assert connection.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        assert api("GET", "/livez")[0] == 200
    finally:
        connection.close()


def test_the_journal_is_followed(tmp_path: Path) -> None:
    with link(tmp_path, more=admin(tmp_path)) as talk:
        api = Api(talk.proxy)
        assert api("GET", "/v1/journal") == (200, {"entries": [], "last": 0})
        followed: list[Any] = []
        follower = threading.Thread(target=lambda: followed.append(api("GET", "/v1/journal?after=0&wait=60")))
        follower.start()
        talk.stop()
        follower.join(PATIENCE)
        ((status, page),) = followed
        assert (status, page["last"]) == (200, 1)
        (entry,) = page["entries"]
        assert (entry["change"], entry["consumer"], entry["matched"]) == ("opted_out", "+15559870001", "stop")


def test_too_many_requests_are_turned_away(tmp_path: Path) -> None:
    more = admin(tmp_path) + "requests_per_second = 0.5\n"
    with ProxyProcess(config(tmp_path, "127.0.0.1:9", more=more)) as proxy:
        api = Api(proxy)
        assert [api("GET", "/livez")[0] for _ in range(6)] == [200] * 5 + [429]


def test_wrong_tokens_are_limited_much_more(tmp_path: Path) -> None:
    with ProxyProcess(config(tmp_path, "127.0.0.1:9", more=admin(tmp_path))) as proxy:
        api = Api(proxy)
        statuses = [api("GET", "/v1/journal", token="guess" * 7)[0] for _ in range(5)]
        assert 429 in statuses
        assert api("GET", "/v1/journal")[0] == 200


def test_a_unix_socket_serves_too(tmp_path: Path) -> None:
    import socket

    path = tmp_path / "admin.sock"
    more = f'[admin]\nlisten = "unix:{path}"\n'
    with ProxyProcess(config(tmp_path, "127.0.0.1:9", more=more)), socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(PATIENCE)
        sock.connect(str(path))
        sock.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert sock.recv(65536).startswith(b"HTTP/1.1 200")
        assert path.stat().st_mode & 0o007 == 0


def test_a_token_file_that_can_not_be_used_ends_the_start(tmp_path: Path) -> None:
    more = f'[admin]\nlisten = "127.0.0.1:0"\ntoken_file = "{tmp_path / "none"}"\n'
    with (
        pytest.raises(RuntimeError, match=r"admin\.token_file"),
        ProxyProcess(config(tmp_path, "127.0.0.1:9", more=more)),
    ):
        pass


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_whole_interface_stands_random_requests(api: Api) -> None:
    """What OpenAPI says is what happens, whatever is sent; nothing ends in an error of ours."""
    host, port = api.proxy.admin_address()
    schema = schemathesis.openapi.from_url(f"http://{host}:{port}/openapi.json")
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        case_strategy = result.ok().as_strategy()

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        def fuzz(case: Any) -> None:
            if case.query and "wait" in case.query:
                case.query["wait"] = 0
            if case.path == "/v1/capture" and isinstance(case.body, dict):
                case.body["seconds"] = 0.01
            case.call_and_validate(checks=checks, headers={"Authorization": f"Bearer {WRITE}"}, timeout=PATIENCE)

        given(case=case_strategy)(fuzz)()
    assert api("GET", "/livez")[0] == 200
    assert not [event for event in api.proxy.events if event["event"] == "admin_failed"]
