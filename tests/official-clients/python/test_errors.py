"""Errors that the official Python client raises."""

import json
import unittest

import galerne
from galerne import Galerne, Publisher, progress
from mistralai.client.errors import HTTPValidationError, SDKError
from official_client import client_of


class Errors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        file = galerne.scratch_folder() / "keys.json"
        cls.read = galerne.add_key(file, "acme", "read")
        cls.publish = galerne.add_key(file, "acme", "publish")
        cls.other = galerne.add_key(file, "umbra", "read", "publish")
        cls.guarded = Galerne("--keys", str(file))
        cls.addClassCleanup(cls.guarded.stop)

    def calls(self, api_key):
        workflows = client_of(self.guarded, api_key).workflows
        return (
            workflows.events.get_stream_events,
            lambda: workflows.executions.stream(execution_id="document-review-7f3a"),
            workflows.events.get_workflow_events,
        )

    def test_have_their_status(self):
        for api_key, status in ((None, 401), ("unknown", 401), (self.publish, 403)):
            for call in self.calls(api_key):
                with self.subTest(status=status), self.assertRaises(SDKError) as raised:
                    call()
                self.assertEqual(raised.exception.status_code, status)
                self.assertRegex(json.loads(raised.exception.body)["code"], r"^WF_\d{4}$")

    def test_of_validation_list_every_fault(self):
        reading = client_of(self.guarded, self.read).workflows.events
        with self.assertRaises(HTTPValidationError) as raised:
            reading.get_workflow_events(limit=0, cursor="x")
        detail = raised.exception.data.detail
        self.assertEqual([fault.loc for fault in detail], [["query", "limit"], ["query", "cursor"]])
        with self.assertRaises(HTTPValidationError) as raised:
            reading.get_stream_events(last_event_id="yesterday")
        detail = raised.exception.data.detail
        self.assertEqual([fault.loc for fault in detail], [["header", "last-event-id"]])

    def test_do_not_occur_in_the_keys_own_namespace(self):
        event = progress("same", 1)
        Publisher(self.guarded, self.publish).publish(event)
        Publisher(self.guarded, self.other).publish({**event, "workflow_name": "other"})
        for api_key, name in ((self.read, "report"), (self.other, "other")):
            mine = client_of(self.guarded, api_key).workflows.events
            self.assertEqual([e.workflow_name for e in mine.get_workflow_events().events], [name])
            with mine.get_stream_events() as stream:
                self.assertEqual(next(stream).data.data.workflow_name, name)
