"""The tables of the file and their keys, with what each is where nothing is written. A new key goes here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from proxy.config.kinds import (
    AdminAddress,
    CarrierAddress,
    Count,
    Country,
    EngineUrl,
    File,
    Folder,
    LanguageName,
    LastingCode,
    LastingStatus,
    ListenAddress,
    Networks,
    Numbers,
    Patterns,
    Seconds,
    Sender,
    Services,
    SomeSeconds,
    Source,
    Status,
    WholeSeconds,
    Words,
    as_tables,
)
from proxy.meaning.languages import LANGUAGE_NAMES
from proxy.meaning.replies import HELP_WORDS, RESUME_WORDS, STOP_WORDS
from proxy.mm7.answers import RESTRICTED
from proxy.mm7.http import MOST_MESSAGE
from proxy.smpp.frames import MAX_PDU


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


Minimum = Literal["1.2", "1.3"]
Protocol = Literal["smpp", "mm7"]


class ServerTlsTable(_Table):
    """``tls`` of a route: how we show ourselves to those who connect."""

    certificate: Annotated[File, Field(min_length=1)]
    key: File = ""
    client_ca: File = ""
    minimum: Minimum = "1.2"


class ClientTlsTable(_Table):
    """``tls`` of a carrier: how we connect to it, and what it must show."""

    ca: File = ""
    verify: bool = True
    server_name: str = ""
    certificate: File = ""
    key: File = ""
    minimum: Minimum = "1.2"


class CarrierTable(_Table):
    """One entry of ``carrier``."""

    address: CarrierAddress
    tls: ClientTlsTable | None = None
    proxy_protocol: Literal["none", "v2"] = "none"


class RouteTable(_Table):
    """``[[route]]``: where platforms connect, and where they are connected on to."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    protocol: Protocol = "smpp"
    listen: ListenAddress
    carrier: Annotated[list[CarrierTable], BeforeValidator(as_tables)]
    mode: Literal["address", "redirect", "tproxy"] = "address"
    source: Source = "proxy"
    direction: Literal["bind", "outbind"] = "bind"
    proxy_protocol: Networks = []
    tls: Literal["none", "passthrough"] | ServerTlsTable = "none"
    country: Country | None = None
    default_alphabet: Literal["gsm", "latin-1", "ascii", "utf-8"] = "gsm"
    packed_gsm: bool = False
    distribution_lists: Literal["refuse", "pass"] = "refuse"
    observe: bool = False
    default_source: Sender = ""
    refuse_with: LastingCode = RESTRICTED
    refuse_as: Literal["response", "fault"] = "response"
    services: Services = {}
    media_only: Literal["nothing", "reply"] = "nothing"
    other_requests: Literal["refuse", "pass"] = "refuse"
    unproven: Literal["hold", "refuse"] = "hold"
    more_stop_words: Words = []
    more_resume_words: Words = []
    more_help_words: Words = []


class StoreTable(_Table):
    """``[store]``: where the ledger is."""

    path: Folder
    create: bool = True
    map_size: Annotated[int, Field(ge=1 << 20, le=1 << 46)] = 1 << 34
    journal_days: Annotated[int, Field(ge=0, le=36500)] = 0


class AdminTable(_Table):
    """``[admin]``: where operations look, and who may do more."""

    listen: AdminAddress
    token_file: File = ""
    requests_per_second: Annotated[float, Field(gt=0, le=1_000_000)] = 100.0


class ConsentTable(_Table):
    """``[consent]``: what replies mean and how refusals look."""

    resume: Literal["any-reply", "keyword"] = "any-reply"
    confirmation: Literal["none", "platform"] = "none"
    refuse_with: LastingStatus = "ESME_RINVDSTADR"
    unreadable_with: Status = "ESME_RMSGQFUL"
    country: Country = "US"
    stop_words: Words = list(STOP_WORDS)
    resume_words: Words = list(RESUME_WORDS)
    help_words: Words = list(HELP_WORDS)
    observe: Numbers = []
    languages: list[LanguageName] = list(LANGUAGE_NAMES)
    stop_phrases: Patterns = []
    harmless_phrases: Patterns = []


class LimitsTable(_Table):
    """``[limits]``: sizes in octets, waits in seconds."""

    max_pdu: Annotated[int, Field(ge=1024, le=16 * 1024 * 1024)] = MAX_PDU
    max_mms: Annotated[int, Field(ge=65536, le=256 * 1024 * 1024)] = MOST_MESSAGE
    mms_memory: Annotated[int, Field(ge=1 << 20, le=1 << 40)] = 256 * 1024 * 1024
    connect_timeout: SomeSeconds = 5.0
    bind_timeout: SomeSeconds = 60.0
    bind_answer_timeout: SomeSeconds = 20.0
    carrier_silence: Seconds = 60.0
    idle_timeout: Seconds = 0.0
    drain_timeout: Seconds = 30.0
    close_timeout: SomeSeconds = 5.0
    sessions: Count = 9_000
    sessions_per_source: Count = 9_000
    unbound: Count = 2_000
    unbound_per_source: Count = 1_000
    binds_per_minute: Count = 3_000
    parts_timeout: SomeSeconds = 86400.0
    parts_kept: Annotated[int, Field(ge=1, le=10_000_000)] = 100_000
    keepalive: Annotated[float, Field(ge=1, le=32767)] = 60.0
    user_timeout: Annotated[float, Field(ge=0.1, le=86400)] = 30.0


class LogTable(_Table):
    """``[log]``: one line per thing that happens, on standard error."""

    format: Literal["json", "console"] = "json"
    level: Literal["debug", "info", "warning", "error"] = "info"
    numbers: Literal["masked", "hashed", "full"] = "masked"


class WorkersTable(_Table):
    """``[workers]``: how many processes relay, and how long one may be silent."""

    count: Annotated[int, Field(ge=1, le=256)] | Literal["cores"] = 1
    hang_timeout: Annotated[float, Field(ge=2, le=3600)] = 15.0


class GroupTable(_Table):
    """``[[group]]``: numbers of which a STOP to one holds for all."""

    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^⟨⟩\x00]+$")]
    numbers: Numbers


class ClusterTable(_Table):
    """``[cluster]``: several machines that share one consent, through an etcd of the operator's."""

    engine: Literal["etcd"]
    endpoints: Annotated[list[EngineUrl], Field(min_length=1)]
    name: Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
    namespace: Annotated[str, Field(max_length=128, pattern=r"^[A-Za-z0-9._/-]+$")] = "consent"
    lease: WholeSeconds = 10.0
    when_cut_off: Literal["refuse", "serve"] = "refuse"
    seed: Literal["never", "always"] = "never"
    ca: File = ""
    certificate: File = ""
    key: File = ""
    user: Annotated[str, Field(max_length=128)] = ""
    password_file: File = ""


class Config(_Table):
    """The whole file."""

    route: list[RouteTable]
    group: list[GroupTable] = []
    store: StoreTable
    admin: AdminTable | None = None
    consent: ConsentTable = ConsentTable()
    limits: LimitsTable = LimitsTable()
    log: LogTable = LogTable()
    workers: WorkersTable = WorkersTable()
    cluster: ClusterTable | None = None


OF_PROTOCOL: dict[str, tuple[str, ...]] = {
    "smpp": ("default_alphabet", "packed_gsm", "distribution_lists"),
    "mm7": ("refuse_with", "refuse_as", "services", "media_only", "other_requests", "unproven"),
}
"""The keys of a route that only one protocol has a use for."""


def carrier_names(route: RouteTable) -> list[str]:
    """The carriers of a route as logs, metrics and the journal call them: their addresses."""
    return [carrier.address for carrier in route.carrier]
