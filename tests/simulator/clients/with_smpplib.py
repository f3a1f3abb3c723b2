"""A client as the README of smpplib suggests one: bind, listen in a thread, send, connect again when it ends."""

import sys
import time
from threading import Thread

from smpplib.client import Client

host, port = sys.argv[1], int(sys.argv[2])
count = 0
while True:
    client = Client(host, port, timeout=5, allow_unknown_opt_params=True)
    try:
        client.connect()
        client.bind_transceiver(system_id="smpplib", password="secret")
        listening = Thread(target=client.listen, daemon=True)
        listening.start()
        while listening.is_alive():
            count += 1
            text = f"message {count}".encode()
            client.send_message(source_addr="15551230001", destination_addr="15559870001", short_message=text)
            time.sleep(0.1)
    except Exception as error:  # noqa: BLE001 - it comes back whatever it was
        print("again:", repr(error), flush=True)
    client.disconnect()
    time.sleep(1)
