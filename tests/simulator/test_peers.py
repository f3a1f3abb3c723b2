"""The simulator and what others wrote: smpplib and node-smpp as clients, Wireshark's dissector as judge."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from smpplib import smpp
from smpplib.client import Client as Smpplib

from proxy.simulator.running import Running
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address
from tests.simulator.esme import Client

HERE = Path(__file__).parent


def exercise_by_node(smsc: Running) -> dict[str, object]:
    node, module = shutil.which("node"), Path(sys.prefix) / "node" / "node_modules" / "smpp"
    if node is None or not module.exists():
        pytest.skip("needs node, of Debian's nodejs, and the package smpp of npm")
    command = [node, str(HERE / "exercise.js"), str(module), str(smsc.port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_node_smpp_does_all_that_it_can(smsc: Running) -> None:
    said = exercise_by_node(smsc)
    commands = "bind_transceiver enquire_link submit_sm data_sm submit_multi query_sm replace_sm cancel_sm unbind"
    assert {command: said[command] for command in commands.split()} == dict.fromkeys(commands.split(), 0)
    assert (said["version"], said["state"], said["receipt"]) == (0x50, 1, True)


def test_smpplib_does_all_that_it_can(smsc: Running) -> None:
    client = Smpplib(smsc.host, smsc.port, timeout=20, allow_unknown_opt_params=True)
    client.connect()
    heard: list[bytes] = []
    client.set_message_received_handler(lambda pdu: heard.append(pdu.short_message))
    assert client.bind_transceiver(system_id="python", password="secret").status == 0
    sent = client.send_message(
        source_addr="15551230001",
        destination_addr="15559870001",
        short_message=b"hello",
        registered_delivery=1,
    )
    while not heard or sent is None:
        client.read_once(auto_send_enquire_link=False)
    assert b"stat:DELIVRD" in heard[0]
    (message,) = smsc.smsc.stored.values()
    client.query_message(message_id=message.id, source_addr="15551230001", source_addr_ton=0, source_addr_npi=0)
    answer = client.read_pdu()
    assert (answer.command, answer.status, answer.message_state) == ("query_sm_resp", 0, 2)
    client.send_pdu(smpp.make_pdu("enquire_link", client=client))
    assert client.read_pdu().command == "enquire_link_resp"
    client.unbind()
    client.disconnect()


def test_wireshark_finds_nothing_malformed(smsc: Running, client: Client, tmp_path: Path) -> None:
    tshark, text2pcap = shutil.which("tshark"), shutil.which("text2pcap")
    if not tshark or not text2pcap:
        pytest.skip("needs tshark and text2pcap, of Debian's tshark")
    exercise_by_node(smsc)
    everything(client)
    dump = tmp_path / "pdus.txt"
    dump.write_text("".join(f"000000 {seen.frame.hex(' ')}\n" for seen in smsc.smsc.pdus))
    capture = tmp_path / "pdus.pcap"
    subprocess.run([text2pcap, "-q", "-T", "40000,2775", str(dump), str(capture)], check=True, capture_output=True)
    fields = ["-e", "smpp.command_id", "-e", "_ws.malformed", "-e", "_ws.expert.message"]
    command = [tshark, "-r", str(capture), "-d", "tcp.port==2775,smpp", "-T", "fields", *fields]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(shown) == len(smsc.smsc.pdus)
    seen = set()
    for line, pdu in zip(shown, smsc.smsc.pdus, strict=True):
        command_id, malformed, expert = line.split("\t")
        if pdu.command == "unknown":
            continue  # the client's, on purpose
        assert int(command_id, 16) == int.from_bytes(pdu.frame[4:8], "big"), pdu
        assert malformed == "", pdu
        assert "smpp" not in expert.lower(), pdu
        seen.add(pdu.command)
    assert len(seen) >= 20, seen


def everything(client: Client) -> None:
    """What node-smpp has not done: the other direction, TLVs, refusals."""
    given = {"source_addr": "15551230001", "destination_addr": "15559870001", "short_message": b"x"}
    client.call("submit_sm", given, (Tlv(0x1405, b"abc"),))
    client.submit_with(destination_addr=b"")
    client.submit_with(registered_delivery=0x11, schedule_delivery_time=b"000000000000000R")
    client.take_delivery()
    client.call("submit_multi", {"source_addr": "1555", "dest_address": [Address(1, 1, b"")], "short_message": b"x"})
    client.send(bytes.fromhex("00000010 00000abc 00000000 00000063"))
    assert client.get().name == "generic_nack"
