"""Every event that the official worker sends is stored unaltered and can be read."""

import asyncio
import base64
import json
import re
import unittest

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from mistralai.client import Mistral
from mistralai.extra.workflows.encoding import (
    PayloadEncryptionConfig,
    WorkflowEncodingConfig,
    configure_workflow_encoding,
)

from processes import REPOSITORY
from events import sent_events, stored_events, without_added
from trial import ENCRYPTION_KEY, trial

READ_SECONDS = 60

HEARTBEAT = "/v1/workflows/workers/heartbeat"

# Worker 3.16.0 never sends the other 5 of the 17 types.
SENT_TYPES = {
    "WORKFLOW_EXECUTION_STARTED",
    "WORKFLOW_EXECUTION_COMPLETED",
    "WORKFLOW_EXECUTION_FAILED",
    "WORKFLOW_EXECUTION_CANCELED",
    "CUSTOM_TASK_STARTED",
    "CUSTOM_TASK_IN_PROGRESS",
    "CUSTOM_TASK_COMPLETED",
    "CUSTOM_TASK_FAILED",
    "ACTIVITY_TASK_STARTED",
    "ACTIVITY_TASK_COMPLETED",
    "ACTIVITY_TASK_FAILED",
    "ACTIVITY_TASK_RETRYING",
}


class WorkerTest(unittest.TestCase):
    maxDiff = 2_000

    @classmethod
    def setUpClass(cls):
        cls.trial = trial()
        cls.sent = {name: sent_events(worker) for name, worker in cls.trial.workers.items()}
        cls.all_sent = [sent for events in cls.sent.values() for sent in events]
        cls.stored = stored_events(cls.trial.server, cls.trial.key)

    def client(self, mode=None):
        client = Mistral(
            api_key=self.trial.key,
            server_url=self.trial.server.url,
            timeout_ms=READ_SECONDS * 1000,
        )
        if mode:
            encryption = PayloadEncryptionConfig(mode=mode, main_key=ENCRYPTION_KEY)
            config = WorkflowEncodingConfig(payload_encryption=encryption)
            asyncio.run(configure_workflow_encoding(config, client=client, namespace="acme"))
        return client


class Requests(WorkerTest):
    def test_workflows_end_as_expected(self):
        self.assertEqual(self.trial.ends, self.trial.wanted)

    def test_use_the_default_route_and_all_succeed(self):
        for worker in self.trial.workers.values():
            requests = worker.requests()
            self.assertEqual({request.get("status") for request in requests}, {200})
            self.assertEqual(
                {request["path"] for request in requests} - {HEARTBEAT},  # every 10 s
                {
                    "/v1/workflows/workers/whoami",
                    "/v1/workflows/register",
                    "/v1/workflows/executions/register",
                    "/v2/workflows/workers/event-route-token",
                    "/v2/workflows/events",
                    "/v2/workflows/events/batch",
                },
            )


class Stored(WorkerTest):
    def test_is_each_sent_event_once_and_no_other(self):
        ids = sorted(event["event_id"] for event in self.stored)
        self.assertEqual(ids, sorted(sent.id for sent in self.all_sent))

    def test_is_each_event_unaltered(self):
        stored = {event["event_id"]: event for event in self.stored}
        for sent in self.all_sent:
            self.assertEqual(without_added(stored[sent.id], sent.event), sent.event)

    def test_are_events_of_an_execution_in_the_order_sent(self):
        place = {event["event_id"]: place for place, event in enumerate(self.stored)}
        by_execution = {}
        for sent in self.all_sent:
            by_execution.setdefault(sent.execution, []).append(sent)
        for execution, events in by_execution.items():
            in_log_order = sorted(events, key=lambda sent: place[sent.id])
            for at, later in enumerate(in_log_order):
                for earlier in in_log_order[:at]:
                    self.assertFalse(later.before(earlier), f"{execution}: {later.id}")

    def test_are_all_types_that_the_worker_can_send(self):
        self.assertEqual({event["event_type"] for event in self.stored}, SENT_TYPES)

    def test_are_no_types_that_the_page_says_are_never_sent(self):
        page = (REPOSITORY / "docs/workers.md").read_text(encoding="utf-8")
        named = set(re.findall(r"(?m)^\| `((?:WORKFLOW|CUSTOM|ACTIVITY)_[A-Z_]+)` \|", page))
        self.assertEqual(len(named), 5)
        self.assertEqual(len(named | SENT_TYPES), 17)

    def test_are_the_runs_and_children_of_the_workflows(self):
        def of(execution, event_type):
            return [
                event
                for event in self.stored
                if event["workflow_exec_id"] == execution and event["event_type"] == event_type
            ]

        def runs(execution, event_type):
            return len({event["workflow_run_id"] for event in of(execution, event_type)})

        self.assertEqual(runs("plain/doomed", "WORKFLOW_EXECUTION_FAILED"), 3)
        self.assertEqual(runs("plain/rounds", "WORKFLOW_EXECUTION_STARTED"), 3)
        self.assertEqual(runs("plain/rounds", "WORKFLOW_EXECUTION_COMPLETED"), 1)
        self.assertEqual(runs("plain/terminated", "WORKFLOW_EXECUTION_STARTED"), 1)
        children = [e for e in self.stored if e["parent_workflow_exec_id"] == "plain/parent"]
        self.assertEqual(
            {event["workflow_exec_id"] for event in children},
            {"plain/parent/élève", "plain/parent/enfant"},
        )
        large = of("plain/large", "WORKFLOW_EXECUTION_COMPLETED")[0]
        self.assertEqual(large["attributes"]["result"]["value"], (("result", "é" * 750_000),))

    def test_are_lone_surrogates_only_if_the_worker_encrypts_them(self):
        """Otherwise the worker cannot encode them and drops all custom tasks of the activity."""
        published = {
            name: [
                event["attributes"]["payload"]["value"]
                for event in self.stored
                if event["workflow_exec_id"] == f"{name}/emoji"
                and event["event_type"].startswith("CUSTOM_TASK_")
            ]
            for name in ("plain", "partial", "full")
        }
        self.assertEqual((published["plain"], published["partial"]), ([], []))
        cipher = AESGCM(bytes.fromhex(ENCRYPTION_KEY))
        decrypted = [
            json.loads(cipher.decrypt(value[:12], value[12:], None))
            for value in map(base64.b64decode, published["full"])
        ]
        self.assertEqual(decrypted[2], {"text": "before \ud83d"})
        self.assertEqual(decrypted[5], {"text": "before 😀"})


class OfficialClient(WorkerTest):
    def test_lists_all_events(self):
        client = self.client()
        for root in self.trial.wanted:
            ids, cursor = [], None
            while True:
                page = client.workflows.events.get_workflow_events(
                    root_workflow_exec_id=root, limit=50, cursor=cursor
                )
                ids += [event.event_id for event in page.events]
                cursor = page.next_cursor
                if not cursor:
                    break
            self.assertEqual(ids, self.ids_of(root))

    def test_streams_all_events(self):
        with self.client().workflows.events.get_stream_events() as stream:
            ids = [next(stream).data.data.event_id for _ in self.stored]
        self.assertEqual(ids, [event["event_id"] for event in self.stored])

    def test_streams_executions_over_all_runs_to_the_end(self):
        client = self.client()
        for execution in ("plain/tour", "plain/doomed", "plain/rounds", "plain/canceled"):
            with self.subTest(execution):
                # The client puts the id into the path unescaped.
                escaped = execution.replace("/", "%2F")
                with client.workflows.executions.stream(execution_id=escaped) as stream:
                    ids = [item.data.data.event_id for item in stream]
                self.assertEqual(ids, self.ids_of(execution, "workflow_exec_id"))

    def test_decrypts_a_list(self):
        for mode in ("full", "partial"):
            with self.subTest(mode):
                events = self.client(mode).workflows.events.get_workflow_events(
                    workflow_exec_id=f"{mode}/tour", limit=1000
                ).events
                self.assert_decrypted(events)

    def test_decrypts_a_stream(self):
        async def read(client, execution):
            stream = await client.workflows.events.get_stream_events_async(
                workflow_exec_id=execution
            )
            async with stream:
                return [(await anext(stream)).data.data for _ in self.ids_of(execution)]

        for mode in ("full", "partial"):
            with self.subTest(mode):
                self.assert_decrypted(asyncio.run(read(self.client(mode), f"{mode}/tour")))

    def ids_of(self, execution, member="root_workflow_exec_id"):
        return [event["event_id"] for event in self.stored if event[member] == execution]

    def assert_decrypted(self, events):
        """Asserts that the values equal those of the same workflow in plain text."""
        plain = self.client().workflows.events.get_workflow_events(
            workflow_exec_id="plain/tour", limit=1000
        )
        self.assertEqual(tasks(events), tasks(plain.events))
        self.assertIn("second, Zoé 😀", str(tasks(events)))


def tasks(events):
    """Returns the published values of custom tasks, by task type, in order."""
    published = {}
    for event in events:
        if event.event_type.startswith("CUSTOM_TASK_"):
            payload = event.attributes.payload.model_dump(mode="json", by_alias=True)
            values = published.setdefault(event.attributes.custom_task_type, [])
            values.append((event.event_type, payload["value"]))
    return published
