"""The status page's files over real HTTP: where they are, what guards them, and that they hide nothing else."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from http.client import HTTPResponse

import pytest

from proxy.service.admin.guard import HEADERS
from proxy.service.admin.server import PAGE, PAGE_PATHS
from proxy.simulator.process import ProxyProcess
from tests.e2e.peers import PATIENCE, config
from tests.e2e.tokens import admin

Answer = tuple[HTTPResponse, bytes]


class Site:
    """The admin HTTP of one proxy, asked without a token."""

    def __init__(self, proxy: ProxyProcess) -> None:
        self.proxy = proxy

    def __call__(self, path: str, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection(*self.proxy.admin_address(), timeout=PATIENCE)
        try:
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with ProxyProcess(config(folder, "127.0.0.1:9", more=admin(folder))) as proxy:
        yield Site(proxy)


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("/", "index.html", "text/html"),
        ("/page.js", "page.js", "javascript"),
        ("/page.css", "page.css", "text/css"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_of_the_page(site: Site, path: str, name: str, kind: str) -> None:
    answer, body = site(path)
    assert (answer.status, body) == (200, (PAGE / name).read_bytes())
    assert kind in answer.headers["content-type"]
    for header, value in HEADERS:
        assert answer.headers.get_all(header.decode()) == [value.decode()]
    again, nothing = site(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status, nothing) == (304, b"")


def test_the_page_can_only_be_read(site: Site) -> None:
    for path in PAGE_PATHS:
        answer, body = site(path, "POST")
        assert (answer.status, json.loads(body)) == (405, {"detail": "Method Not Allowed"})
        assert {each.strip() for each in answer.headers["allow"].split(",")} == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "path", ["/nothing", "/index.html", "/page.js/more", "/..%2fserver.py", "/../server.py", "//etc/passwd", "/%00"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_else_is_a_file(site: Site, path: str, method: str) -> None:
    answer, body = site(path, method)
    assert (answer.status, json.loads(body)) == (404, {"detail": "Not Found"})


def test_the_page_hides_no_other_path(site: Site) -> None:
    for path in ("/metrics", "/livez", "/status", "/openapi.json"):
        assert site(path)[0].status == 200
        assert site(path, "DELETE")[0].status == 405
    assert site("/v1/check")[0].status == 405


def test_the_page_is_no_part_of_the_interface(site: Site) -> None:
    described = json.loads(site("/openapi.json")[1])["paths"]
    assert set(described).isdisjoint(PAGE_PATHS)
    assert "/metrics" in described
