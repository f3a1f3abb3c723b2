"""The configuration: the smallest file works, every fault is named by its key, no value is echoed."""

from __future__ import annotations

import contextlib
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.config.faults import ConfigError
from proxy.config.load import check, load
from proxy.config.schema import OF_PROTOCOL, ClusterTable, Config, RouteTable
from proxy.net.endpoints import Endpoint
from proxy.service.assembly import dialect_of, limits_of
from tests.config.smallest import SMALLEST

HERE = Path("test.toml")


def faults(text: str) -> dict[str, str]:
    with pytest.raises(ConfigError) as error:
        check(tomllib.loads(text), HERE)
    return dict(error.value.faults)


def test_the_smallest_file_works() -> None:
    config = check(tomllib.loads(SMALLEST), HERE)
    assert config.consent.refuse_with == "ESME_RINVDSTADR"
    assert dialect_of(config, config.route[0]).refuse_with == 0x0B
    assert limits_of(config).bind_timeout == 60


@pytest.mark.parametrize("path", ["config/proxy.toml", "proxy/simulator/demo.toml"])
def test_the_files_that_are_shipped_are_right(path: str) -> None:
    load(Path(path))


def test_the_commented_keys_are_all_keys_with_their_defaults() -> None:
    """config/proxy.toml with its comments opened is the same configuration, and no key is missing in it."""
    text = Path("config/proxy.toml").read_text()
    opened = re.sub(r"(?m)^# (?=[a-z_]+ = |              )", "", text)
    assert opened != text
    tables = tomllib.loads(opened)
    shipped = load(Path("config/proxy.toml")).model_dump()
    written = check(tables, HERE).model_dump()
    written["route"][0]["country"] = None
    assert written == shipped
    for table, model in Config.model_fields.items():
        if table in ("group", "cluster"):
            continue
        if table == "route":
            assert set(tables["route"][0]) == set(shipped["route"][0]) - set(OF_PROTOCOL["mm7"])
        else:
            assert set(tables[table]) == set(shipped[table]), model


def test_the_commented_routes_of_mm7_are_whole_and_have_the_defaults() -> None:
    text = Path("config/proxy.toml").read_text()
    block = text[text.index('#   [[route]]\n#   name = "mms-out"') : text.index("# A group of business")]
    outward, inward = tomllib.loads(re.sub(r"(?m)^#  ", "", block))["route"]
    needed = ("name", "protocol", "listen", "carrier")
    assert set(outward) == {*needed, *OF_PROTOCOL["mm7"]}
    assert RouteTable.model_validate(outward) == RouteTable.model_validate({name: outward[name] for name in needed})
    assert RouteTable.model_validate(inward).direction == "outbind"


@pytest.mark.parametrize(
    ("protocol", "key", "said"),
    [
        ("mm7", "refuse_with = 3001", "from 2000 to 2999"),
        ("mm7", 'services = { " " = "+15551230001" }', "must name services and their numbers"),
        ("mm7", 'services = { svc1 = "" }', "must name services and their numbers"),
        ("mm7", 'default_alphabet = "gsm"', 'has no use with protocol = "mm7"'),
        ("mm7", 'media_only = "stop"', "should be"),
        ("smpp", "refuse_with = 2001", 'has no use with protocol = "smpp"'),
        ("smpp", 'unproven = "hold"', 'has no use with protocol = "smpp"'),
        ("mm4", "observe = true", "should be"),
    ],
)
def test_keys_of_mm7(protocol: str, key: str, said: str) -> None:
    text = SMALLEST.replace("[[route]]\n", f'[[route]]\nprotocol = "{protocol}"\n{key}\n')
    (fault,) = faults(text).values()
    assert said in fault


def test_the_commented_cluster_is_whole_and_has_the_defaults() -> None:
    text = Path("config/proxy.toml").read_text().partition("# [cluster]")[2]
    table = tomllib.loads("[cluster]\n" + re.sub(r"(?m)^#  ", "", text))["cluster"]
    assert set(table) == set(ClusterTable.model_fields)
    needed = {name: table[name] for name in ("engine", "endpoints", "name")}
    assert ClusterTable.model_validate(table) == ClusterTable.model_validate(needed)


@pytest.mark.parametrize(
    ("keys", "key", "said"),
    [
        ('endpoints = ["etcd-1:2379"]', "cluster.endpoints[0]", "must be a URL"),
        ('endpoints = ["http://etcd-1"]', "cluster.endpoints[0]", "must be a URL"),
        ('endpoints = ["http://u:p@etcd-1:1"]', "cluster.endpoints[0]", "must be a URL"),
        ("endpoints = []", "cluster.endpoints", "at least 1"),
        ('endpoints = ["http://a:1", "https://a:2"]', "cluster.endpoints", "all must be the same"),
        ('endpoints = ["http://a:1", "http://a:1"]', "cluster.endpoints", "names one twice"),
        ("lease = 2.0", "cluster.lease", "3"),
        ("lease = 4.5", "cluster.lease", "whole seconds"),
        ('name = "a b"', "cluster.name", "pattern"),
        ('when_cut_off = "guess"', "cluster.when_cut_off", "refuse"),
        ('user = "me"', "cluster.password_file", "is missing"),
        ('ca = "ca.pem"', "cluster.ca", "no use"),
        ('colour = "blue"', "cluster.colour", ""),
    ],
)
def test_every_fault_of_a_cluster_is_named(keys: str, key: str, said: str) -> None:
    table = {"engine": '"etcd"', "endpoints": '["http://a:1"]', "name": '"one"'}
    name, _, value = keys.partition(" = ")
    text = "\n".join(f"{name} = {value}" for name, value in (table | {name: value}).items())
    found = faults(f"{SMALLEST}\n[cluster]\n{text}")
    assert said in found[key]


def test_all_faults_are_named_at_once() -> None:
    found = faults(
        """
        [[route]]
        name = "a"
        listen = "nonsense"
        carrier = []
        colour = "blue"
        [[route]]
        name = "a"
        listen = "127.0.0.1:1"
        carrier = ["127.0.0.1:1", "x:0"]
        country = "Atlantis"
        [consent]
        refuse_with = "ESME_RTHROTTLED"
        stop_words = ["STOP"]
        resume_words = ["stop"]
        [limits]
        max_pdu = 3
        drain_timeout = "long"
        [admin]
        listen = "127.0.0.1:1"
        [log]
        format = "xml"
        """
    )
    assert set(found) == {
        "route[0].listen",
        "route[0].carrier",
        "route[0].colour",
        "route[1].name",
        "route[1].listen",
        "route[1].carrier",
        "route[1].carrier[1].address",
        "route[1].country",
        "store",
        "consent.refuse_with",
        "consent.stop_words",
        "consent.resume_words",
        "limits.max_pdu",
        "limits.drain_timeout",
        "log.format",
    }
    assert found["store"] == "is missing"
    assert "clients retry" in found["consent.refuse_with"]
    assert "64.1200" in found["consent.stop_words"]


@pytest.mark.parametrize(
    "status", ['"ESME_RSYSERR"', '"ESME_RMSGQFUL"', '"ESME_RTHROTTLED"', '"ESME_RX_T_APPN"', "88", '"0x14"']
)
def test_statuses_that_clients_retry_are_no_refusal(status: str) -> None:
    assert "consent.refuse_with" in faults(SMALLEST + f"[consent]\nrefuse_with = {status}\n")


@pytest.mark.parametrize(
    ("status", "number"), [('"ESME_RINVDSTADR"', 11), ("0x400", 0x400), ('"0x4FF"', 0x4FF), ("1", 1)]
)
def test_other_statuses_are(status: str, number: int) -> None:
    config = check(tomllib.loads(SMALLEST + f"[consent]\nrefuse_with = {status}\n"), HERE)
    assert dialect_of(config, config.route[0]).refuse_with == number


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("127.0.0.1:2775", "0.0.0.0:2776", "route[0].carrier"),
        ('carrier = ["127.0.0.1:2776"]', 'carrier = ["localhost:2775"]', "route[0].carrier"),
        ("127.0.0.1:2775", "a host:2775", "route[0].listen"),
        ("127.0.0.1:2775", "127.0.0.1:²", "route[0].listen"),
        ("var/consent", "", "store.path"),
        ("[store]", 'default_source = "  "\n[store]', "route[0].default_source"),
        ("[admin]", "[limits]\nkeepalive = 40000\n[admin]", "limits.keepalive"),
        ("[admin]", "[limits]\nuser_timeout = 0.0001\n[admin]", "limits.user_timeout"),
        ("[admin]", "[limits]\nmax_pdu = 16\n[admin]", "limits.max_pdu"),
        ("[admin]", "[workers]\ncount = true\n[admin]", "workers.count"),
        ("[admin]", '[consent]\nresume_words = ["START", "Stop!"]\n[admin]', "consent.resume_words"),
        ("[admin]", '[consent]\ncountry = "us"\n[admin]', "consent.country"),
        ("[admin]", '[consent]\nobserve = ["+2-+1"]\n[admin]', "consent.observe"),
        ("[admin]", '[consent]\nlanguages = ["en", "klingon"]\n[admin]', "consent.languages[1]"),
        ("[admin]", '[consent]\nstop_phrases = ["(stop"]\n[admin]', "consent.stop_phrases"),
        ("[[route]]", "[route]", "route"),
        ("[admin]", '[[group]]\nname = "x"\nnumbers = ["+2-+1"]\n[admin]', "group[0].numbers"),
    ],
)
def test_nonsense_is_refused(old: str, new: str, key: str) -> None:
    assert key in faults(SMALLEST.replace(old, new))


def test_words_can_go_where_the_country_is_not_the_us() -> None:
    text = SMALLEST.replace("[store]", 'country = "FR"\n[store]') + '[consent]\nstop_words = ["ARRET"]\n'
    assert check(tomllib.loads(text), HERE).route[0].country == "FR"


def test_secrets_are_not_echoed() -> None:
    text = SMALLEST + '[consent]\nrefuse_with = "hunter2"\npassword = "hunter2"\n[log]\nlevel = "hunter2"\n'
    with pytest.raises(ConfigError) as error:
        check(tomllib.loads(text), HERE)
    assert len(error.value.faults) == 3
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[[route", "is not TOML"), (b"\xff\xfe", "is not UTF-8"), (None, "can't be read")],
)
def test_a_file_that_can_not_be_read(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "proxy.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        load(path)


@pytest.mark.parametrize("text", ["[::1]:2775", "localhost:1", "127.0.0.1:65535"])
def test_addresses(text: str) -> None:
    assert str(Endpoint.parse(text)) == text


@pytest.mark.parametrize("text", ["2775", ":2775", "host:", "host:x", "::1:2775", "host:65536", ""])
def test_what_is_no_address(text: str) -> None:
    assert "route[0].listen" in faults(SMALLEST.replace("127.0.0.1:2775", text))


def test_an_endpoint_is_its_parts() -> None:
    assert Endpoint.parse("[::1]:2775") == Endpoint("::1", 2775)


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats(allow_nan=False))
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.sampled_from(["route", "store", "consent", "listen", "carrier", "stop_words", "name", "country", "admin"]),
    inner, max_size=4), max_leaves=12)  # fmt: skip


@given(JSON.filter(lambda tables: isinstance(tables, dict)))
def test_any_tables_give_a_config_or_faults(tables: dict[str, object]) -> None:
    with contextlib.suppress(ConfigError):
        check(tables, HERE)


NETWORK = """
[[route]]
name = "a"
listen = "0.0.0.0:2775"
mode = "{mode}"
source = "{source}"
{more}
[store]
path = "var"
"""


@pytest.mark.parametrize(
    ("mode", "source", "more", "key"),
    [
        ("address", "proxy", 'carrier = "original"', "route[0].carrier"),
        ("redirect", "client-ip-port", 'carrier = "original"', "route[0].source"),
        ("tproxy", "somewhere", 'carrier = "original"', "route[0].source"),
        ("elsewhere", "proxy", 'carrier = "x:1"', "route[0].mode"),
        ("address", "proxy", 'carrier = ["x:1", "x:1"]', "route[0].carrier"),
        ("address", "proxy", 'carrier = "x:1"\nproxy_protocol = ["10.0.0.1/8"]', "route[0].proxy_protocol"),
        ("address", "proxy", 'carrier = "x:1"\ntls = "maybe"', "route[0].tls"),
        ("address", "proxy", 'carrier = "x:1"\n[route.tls]\nkey = "x"', "route[0].tls.certificate"),
        (
            "address",
            "proxy",
            'carrier = [{address = "x:1", proxy_protocol = "v3"}]',
            "route[0].carrier[0].proxy_protocol",
        ),
    ],
)
def test_what_a_network_can_not_be_is_named(mode: str, source: str, more: str, key: str) -> None:
    assert key in faults(NETWORK.format(mode=mode, source=source, more=more))


@pytest.mark.parametrize(
    ("mode", "source", "more"),
    [
        ("tproxy", "client-ip-port", 'carrier = "original"'),
        ("redirect", "client-ip", 'carrier = ["original", "x:1"]'),
        ("address", "127.0.0.2", 'carrier = [{address = "x:1", tls = {}}, "y:1"]'),
        ("address", "proxy", 'carrier = "original"\nproxy_protocol = ["10.0.0.0/8", "::1"]'),
        ("address", "proxy", 'carrier = "x:1"\n[route.tls]\ncertificate = "x"'),
    ],
)
def test_what_it_can_be(mode: str, source: str, more: str) -> None:
    check(tomllib.loads(NETWORK.format(mode=mode, source=source, more=more)), HERE)


GROUPS = """
[[route]]
name = "a"
listen = "0.0.0.0:2775"
carrier = "x:1"
[store]
path = "var"
[[group]]
name = "Sale"
numbers = ["{pattern}"]
[[group]]
name = "{name}"
numbers = ["+1 555 124*"]
"""


@pytest.mark.parametrize(
    ("pattern", "name", "key"),
    [("+1555123*", "sALE", "group[1].name"), ("1555123*", "news", "group[0].numbers"), ("+1 555 123*", "news", "")],
)
def test_groups_that_can_not_be_told_apart_or_match_nothing_are_named(pattern: str, name: str, key: str) -> None:
    text = GROUPS.format(pattern=pattern, name=name)
    if key:
        assert key in faults(text)
    else:
        check(tomllib.loads(text), HERE)


def test_a_code_of_mm7_is_no_status_of_smpp() -> None:
    (fault,) = faults(SMALLEST + "[consent]\nrefuse_with = 2001\n").values()
    assert "put refuse_with = 2001 on its route" in fault
