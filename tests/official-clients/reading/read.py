"""Reads events from a server with the official client and prints the time taken in seconds.

python read.py URL EVENTS
"""

import math
import sys
import time

from mistralai.client import Mistral


def read(client, events):
    start = time.monotonic()
    last = 0
    count = 0
    with client.workflows.events.get_stream_events() as stream:
        for message in stream:
            sequence = message.data.broker_sequence
            if sequence <= last:
                raise RuntimeError(f"{sequence} came after {last}")
            last = sequence
            count += 1
            if count == events:
                return time.monotonic() - start
    raise RuntimeError(f"the stream ended after {count} events")


url, wanted = sys.argv[1], int(sys.argv[2])
client = Mistral(server_url=url, api_key="none")
read(client, math.ceil(wanted / 4))  # warms up
print(read(client, wanted))
