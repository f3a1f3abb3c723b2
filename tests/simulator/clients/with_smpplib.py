"""A client as the README of smpplib suggests one: bind, send, read what comes, connect again when it ends."""

import sys
import time

from smpplib.client import Client
from smpplib.exceptions import PDUError

host, port = sys.argv[1], int(sys.argv[2])
while True:
    client = Client(host, port, timeout=5, allow_unknown_opt_params=True)
    try:
        client.connect()
        client.bind_transceiver(system_id="smpplib", password="secret")
        while True:
            client.send_message(source_addr="15551230001", destination_addr="15559870001", short_message=b"hello")
            client.read_once()
            time.sleep(0.1)
    except PDUError as error:
        print("refused:", error, flush=True)
    except Exception as error:  # what it does not know it raises
        print("again:", repr(error), flush=True)
    client.disconnect()
    time.sleep(1)
