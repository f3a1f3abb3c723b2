"""What is etcd's own: members that fail, TLS, users, a full quota, compaction, versions that lose data."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trio
import trustme

from proxy.cluster.engine import Committed, Compacted, EngineError, Key, OutcomeUnknown, Put, UnfitEngine
from proxy.cluster.etcd import Etcd
from proxy.cluster.etcd_wire import b64, bucket, is_losing, slices
from proxy.simulator.cluster.forwarder import Forwarder
from proxy.simulator.cluster.members import Members
from tests.cluster.asking import post
from tests.cluster.needing import need_etcd
from tests.net.ports import closed_port

PAIR = Key("pair", b"+15550001\0+15551111")


@asynccontextmanager
async def etcd(urls: list[str], namespace: str, patience: float = 5.0, **more: Any) -> AsyncIterator[Etcd]:
    engine = Etcd(urls, namespace, patience, **more)
    try:
        yield engine
    finally:
        await engine.close()


@pytest.mark.parametrize(
    ("version", "loses"),
    [("3.4.23", False), ("3.5.0", True), ("3.5.1", True), ("3.5.2", True), ("3.5.3", False), ("3.5.20", False)],
)
def test_versions_that_lose_data_are_known(version: str, loses: bool) -> None:
    assert is_losing(version) is loses


@pytest.mark.parametrize("pairs", [0, 1, 4_000, 100_000, 20_000_000])
def test_slices_cover_all_buckets_once(pairs: int) -> None:
    parts = slices(pairs, 4_000)
    assert [part.behind for part in parts[:-1]] == [part.first for part in parts[1:]]
    assert (parts[0].first, parts[-1].behind) == (0, 4096)
    assert bucket(PAIR.name) == bucket(bytes(PAIR.name))


async def test_another_member_is_asked_where_one_can_not_be_reached(one_etcd: Members) -> None:
    with Forwarder(one_etcd.urls[0]) as way:
        async with etcd([way.url, *one_etcd.urls], "turn", 0.3) as engine:
            assert (await engine.head()).revision
            way.set("refused")
            assert (await engine.head()).revision
            assert isinstance(await engine.commit(None, [Put(PAIR, b"1", 0)]), Committed)
            assert [fault for fault in await engine.check() if way.url in fault]


async def test_whether_a_commit_was_done_is_unknown_where_no_answer_comes(one_etcd: Members) -> None:
    with Forwarder(one_etcd.urls[0]) as way:
        async with etcd([way.url], "deaf", 0.3) as engine, etcd(one_etcd.urls, "deaf") as other:
            await engine.head()
            way.set("deaf")
            with pytest.raises(OutcomeUnknown):
                await engine.commit(None, [Put(PAIR, b"1", 0)])
            assert (await other.read([PAIR]))[0].value == b"1"
            way.set("silent")
            with pytest.raises(OutcomeUnknown):
                await engine.commit(None, [Put(Key("offer", b"x"), b"1", 0)])
    async with etcd([f"http://{closed_port()}"], "deaf", 0.3) as engine:
        with pytest.raises(EngineError) as refused:
            await engine.commit(None, [Put(PAIR, b"1", 0)])
        assert not isinstance(refused.value, OutcomeUnknown)


async def _first_of_feed(engine: Etcd, after: int) -> object:
    async with engine.feed(after) as batches:
        return await anext(batches)


async def test_what_was_compacted_is_said_to_be(one_etcd: Members) -> None:
    async with etcd(one_etcd.urls, "compacted") as engine:
        first = await engine.commit(None, [Put(PAIR, b"1", 0)])
        assert isinstance(first, Committed)
        second = await engine.commit(None, [Put(PAIR, b"2", first.revision)])
        assert isinstance(second, Committed)
        post(one_etcd.urls[0], "kv/compaction", {"revision": str(second.revision), "physical": True})
        assert await engine.commits_at(first.revision) is None
        assert await engine.commits_at(second.revision) == second.commits
        for part in await engine.slices(second.revision):
            with pytest.raises(Compacted):
                await engine.snapshot(first.revision, part)
        with trio.fail_after(10), pytest.raises(Compacted):
            await _first_of_feed(engine, first.revision - 1)


async def test_a_full_store_says_so_and_did_nothing(tmp_path: Path) -> None:
    need_etcd()
    with Members(tmp_path, more=("--quota-backend-bytes", "2000000")) as members:
        async with etcd(members.urls, "full") as engine:
            fault: EngineError | None = None
            number = 0
            while fault is None:
                number += 1
                try:
                    await engine.commit(None, [Put(Key("part", b"%d" % number), bytes(100_000), 0)])
                except EngineError as error:
                    fault = error
            assert "database space exceeded" in str(fault)
            assert not isinstance(fault, OutcomeUnknown)
            assert any("NOSPACE" in each for each in await engine.check())


async def test_tls_and_users(tmp_path: Path) -> None:
    need_etcd()
    ca, stranger = trustme.CA(), trustme.CA()
    server, client = ca.issue_cert("127.0.0.1"), ca.issue_cert("gateway-1")
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    server.cert_chain_pems[0].write_to_path(tmp_path / "server.pem")
    server.private_key_pem.write_to_path(tmp_path / "server.key")
    tls = ("--cert-file", f"{tmp_path}/server.pem", "--key-file", f"{tmp_path}/server.key")
    with Members(tmp_path / "etcd", more=(*tls, "--trusted-ca-file", f"{tmp_path}/ca.pem"), scheme="https") as members:
        context = ssl.create_default_context()
        ca.configure_trust(context)
        client.configure_cert(context)
        async with etcd(members.urls, "consent", tls=context) as engine:
            assert isinstance(await engine.commit(None, [Put(PAIR, b"1", 0)]), Committed)
            ask = engine._gateway.ask
            await ask("auth/role/add", {"name": "consent"})
            permission = {"permType": "READWRITE", "key": b64(b"consent/"), "range_end": b64(b"consent0")}
            await ask("auth/role/grant", {"name": "consent", "perm": permission})
            for name, role in (("root", "root"), ("gateways", "consent")):
                await ask("auth/user/add", {"name": name, "password": "secret"})
                await ask("auth/user/grant", {"user": name, "role": role})
            await ask("auth/enable", {})
            with pytest.raises(EngineError):
                await engine.commit(None, [Put(PAIR, b"2", 0)])
        async with etcd(members.urls, "consent", tls=context, login=("gateways", "secret")) as engine:
            assert (await engine.read([PAIR]))[0].value == b"1"
            engine._gateway._token = "expired"
            assert (await engine.read([PAIR]))[0].value == b"1"
        async with etcd(members.urls, "others", tls=context, login=("gateways", "secret")) as engine:
            with pytest.raises(UnfitEngine, match="permission denied"):
                await engine.head()
        async with etcd(members.urls, "consent", tls=context, login=("gateways", "wrong")) as engine:
            with pytest.raises(UnfitEngine, match="user gateways is not let in"):
                await engine.head()
        strange = ssl.create_default_context()
        stranger.configure_trust(strange)
        async with etcd(members.urls, "consent", tls=strange) as engine:
            with pytest.raises(EngineError, match="CERTIFICATE_VERIFY_FAILED"):
                await engine.head()
