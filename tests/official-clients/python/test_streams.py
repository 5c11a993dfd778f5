"""The event stream, as the official Python client requests it."""

import asyncio

from galerne import Galerne, Publisher, progress
from official_client import OfficialClientTest, client_of

ROOT = "document-review-7f3a"
CHILD = "fact-check-91bd"


class Streams(OfficialClientTest):
    def assert_delivers(self, matches, **filters):
        """Asserts that a stream delivers the matching stored events and the next one, no others."""
        stored = self.log.ids(matches)
        self.assertTrue(0 < len(stored) < len(self.log.events), "the filter matches some events")
        model = next(event for event in self.log.events if event["event_id"] == stored[-1])
        other = next(event for event in self.log.events if not matches(event))
        with self.events.get_stream_events(**filters) as stream:
            self.publish_like(other)
            last = self.publish_like(model)
            self.assertEqual(self.up_to(stream, last), [*stored, last["event_id"]])

    def publish_like(self, event):
        event = {**event, "event_id": progress("", 0)["event_id"]}
        self.log.publish(event)
        return event

    def test_deliver_the_events_that_match_a_filter(self):
        def is_child(event):
            return event["workflow_exec_id"] == CHILD

        def searches(event):
            return event["attributes"].get("activity_name") == "web_search"

        retrying = ["ACTIVITY_TASK_RETRYING", "WORKFLOW_TASK_FAILED"]
        for filters, matches in [
            ({"workflow_exec_id": CHILD}, is_child),
            ({"workflow_name": "fact-check"}, is_child),
            ({"parent_workflow_exec_id": ROOT}, is_child),
            ({"root_workflow_exec_id": ROOT}, lambda e: e["root_workflow_exec_id"] == ROOT),
            ({"scope": "workflow"}, lambda e: e["event_type"].startswith("WORKFLOW_")),
            ({"stream": "token"}, lambda e: e["attributes"].get("custom_task_type") == "token"),
            ({"activity_name": "web_search"}, searches),
            (
                {"activity_id": "5", "activity_name": "web_search"},
                lambda e: searches(e) and e["attributes"]["task_id"] == "5",
            ),
            ({"workflow_event_types": retrying}, lambda e: e["event_type"] in retrying),
            (
                {"scope": "activity", "workflow_exec_id": CHILD, "stream": "reasoning"},
                lambda e: is_child(e) and e["attributes"].get("custom_task_type") == "reasoning",
            ),
        ]:
            with self.subTest(**filters):
                self.assert_delivers(matches, **filters)

    def test_deliver_the_events_that_match_metadata_filters(self):
        tagged = [
            {"tenant": "acme", "shard": 7, "dry_run": True, "ratio": 0.25},
            {"tenant": "acme", "shard": 70, "dry_run": False},
            {"tenant": "Acme", "shard": "7"},
            {"tenant": "été & Co.", "cost centre/€": "R&D=1", "shard": None},
        ]
        steps = [progress("tagged", at) for at in range(len(tagged))]
        for event, metadata in zip(steps, tagged):
            self.log.publish(event, metadata=metadata)
        for filters, wanted in [
            ({"tenant": "acme"}, [0, 1]),
            ({"tenant": "acme", "shard": 7}, [0]),
            ({"shard": "7"}, [0, 2]),
            ({"dry_run": True}, [0]),
            ({"dry_run": False}, [1]),
            ({"ratio": 0.25}, [0]),
            ({"tenant": "été & Co.", "cost centre/€": "R&D=1"}, [3]),
        ]:
            with self.subTest(**filters):
                with self.events.get_stream_events(metadata_filters=filters) as stream:
                    last = progress("tagged", "last")
                    self.log.publish(last, metadata=filters)
                    ids = self.up_to(stream, last)
                    self.assertEqual(ids[: len(wanted)], [steps[at]["event_id"] for at in wanted])

    def test_start_at_start_seq_or_after_last_event_id(self):
        with self.events.get_stream_events() as stream:
            items = [next(stream) for _ in range(50)]
        for item, following in (items[:2], items[16:18], items[48:]):
            for begin, wanted in [
                ({"start_seq": item.data.broker_sequence}, item),
                ({"last_event_id": item.id}, following),
                ({"last_event_id": item.id, "start_seq": 1}, following),
                ({"last_event_id": item.id, "start_seq": -1}, following),
            ]:
                with self.subTest(**begin), self.events.get_stream_events(**begin) as stream:
                    self.assertEqual(next(self.read(stream)).data, wanted.data)

    def test_deliver_only_new_events_with_a_negative_start_seq(self):
        with self.events.get_stream_events(start_seq=-1) as stream:
            event = progress("new", 1)
            self.log.publish(event)
            self.assertEqual(self.up_to(stream, event), [event["event_id"]])

    def test_deliver_the_same_events_asynchronously(self):
        async def read(count):
            stream = await self.events.get_stream_events_async(workflow_exec_id=CHILD)
            async with stream:
                return [(await anext(stream)).data.data.event_id for _ in range(count)]

        wanted = self.log.ids(lambda event: event["workflow_exec_id"] == CHILD)
        self.assertEqual(asyncio.run(read(len(wanted))), wanted)

    def test_hide_keep_alives(self):
        silent = Galerne("--keep-alive", "1s")
        self.addCleanup(silent.stop)
        open_stream = client_of(silent).workflows.events.get_stream_events
        with open_stream() as stream, open_stream() as beside:
            raw = beside.response.iter_bytes()
            self.assertTrue(next(raw).startswith(b":"))
            self.assertTrue(next(raw).startswith(b":"))
            event = progress("silent", 1)
            Publisher(silent).publish(event)
            item = next(self.read(stream))
            self.assertEqual(item.data.data.event_id, event["event_id"])
            self.assertEqual(type(item.retry), int)
