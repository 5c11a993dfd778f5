"""The unmodified official client and a server for it."""

import faulthandler
import json
import unittest

from mistralai.client import Mistral

from galerne import Galerne, Publisher, scenario

SILENCE_MS = 10_000  # shorter than the server's keep-alive interval, so a test cannot hang
MOST_SECONDS = 300  # for all tests

faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)


def client_of(server, api_key=None):
    return Mistral(api_key=api_key, server_url=server.url, timeout_ms=SILENCE_MS)


class Log:
    """All published events, in order, starting with the scenario."""

    def __init__(self, server):
        self._publisher = Publisher(server)
        self.events = [json.loads(body)["event"] for body in scenario()]
        for body in scenario():
            self._publisher.publish_text(body)

    def publish(self, *events, **beside):
        for event in events:
            self._publisher.publish(event, **beside)
            self.events.append(event)

    def ids(self, matches=lambda event: True):
        return [event["event_id"] for event in self.events if matches(event)]


class OfficialClientTest(unittest.TestCase):
    """The tests of a class share a server."""

    @classmethod
    def setUpClass(cls):
        server = Galerne()
        cls.addClassCleanup(server.stop)
        cls.server = server
        cls.log = Log(server)
        workflows = client_of(server).workflows
        cls.workflows, cls.runs, cls.metrics = workflows, workflows.runs, workflows.metrics
        cls.events, cls.executions = workflows.events, workflows.executions

    def read(self, stream):
        """Yields the items of a stream and checks what holds for every stream of this server."""
        last = 0
        for item in stream:
            self.assertIsNone(item.event, item)
            self.assertIsNotNone(item.data, item)
            self.assertEqual(item.id, str(item.data.broker_sequence))
            self.assertGreater(item.data.broker_sequence, last)
            last = item.data.broker_sequence
            yield item

    def up_to(self, stream, event):
        ids = []
        for item in self.read(stream):
            ids.append(item.data.data.event_id)
            if ids[-1] == event["event_id"]:
                return ids
        self.fail(f"the stream ended after {ids}")
