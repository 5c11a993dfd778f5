"""Events that the official Python client reads: by execution, in lists, and their values."""

import contextlib
from urllib.parse import quote

from galerne import completed, progress, scenario
from mistralai.client.errors import SDKError
from official_client import OfficialClientTest

ROOT = "document-review-7f3a"
CHILD = "fact-check-91bd"


class Events(OfficialClientTest):
    def test_of_every_type_arrive_as_they_were_published(self):
        with self.events.get_stream_events() as stream:
            items = [next(stream) for _ in scenario()]
        self.assertEqual(len({item.data.data.event_type for item in items}), 17)
        for item, event in zip(items, self.log.events):
            arrived = item.data.data.model_dump(mode="json", by_alias=True)
            self.assert_holds(arrived, event)
            self.assertEqual(item.data.data.event_timestamp, event["event_timestamp"])

    def assert_holds(self, arrived, published):
        """Asserts that all published members arrived. The server and the client may add missing ones."""
        if isinstance(published, dict):
            for name, value in published.items():
                self.assert_holds(arrived[name], value)
        else:
            self.assertEqual(arrived, published)

    def test_keep_numbers_that_a_double_cannot_represent(self):
        value = [1234567890123456789, -9223372036854775808, 2**64 + 1, 1e-7, 0.1, 1.5e300, 5e-324]
        event = progress("numbers", value)
        self.log.publish(event, metadata={"ticket": 9007199254740993})
        with self.events.get_stream_events(workflow_exec_id="numbers") as stream:
            data = next(self.read(stream)).data
        self.assertEqual(data.data.attributes.payload.value, value)
        self.assertEqual(data.data.event_timestamp, event["event_timestamp"])
        self.assertEqual(data.metadata, {"ticket": 9007199254740993})
        listed = self.events.get_workflow_events(workflow_exec_id="numbers").events
        self.assertEqual(listed[0].attributes.payload.value, value)

    def test_are_readable_up_to_the_limits_of_publishing(self):
        lists, maps = 1, 1
        for _ in range(147):
            lists, maps = [lists], {"a": maps}
        values = [lists, maps, int("7" * 1000), "\ud83d and \udc00", ["\u00e9" * 300_000]]
        self.log.publish(*(progress("limits", value) for value in values))
        values[3] = "\ufffd and \ufffd"
        listed = self.events.get_workflow_events(workflow_exec_id="limits").events
        self.assertEqual([event.attributes.payload.value for event in listed], values)
        with self.executions.stream(execution_id="limits", event_source="DATABASE") as stream:
            streamed = [item.data.data.attributes.payload.value for item in self.read(stream)]
        self.assertEqual(streamed, values)
        with self.events.get_stream_events(workflow_exec_id="limits") as stream:
            items = self.read(stream)
            streamed = [next(items).data.data.attributes.payload.value for _ in values]
        self.assertEqual(streamed, values)
        for event in listed:
            event.model_dump_json()

    def test_keep_members_that_the_server_does_not_know(self):
        self.log.publish(progress("chained", 1, chain_run_id="chain-1"))
        self.log.publish(progress("chained", 2))
        first, second = self.events.get_workflow_events(workflow_exec_id="chained").events
        self.assertEqual(first.chain_run_id, "chain-1")
        self.assertFalse(second.chain_run_id)

    def stream_ids(self, execution_id, **request):
        escaped = quote(execution_id, safe="")
        with self.executions.stream(execution_id=escaped, **request) as stream:
            return [item.data.data.event_id for item in self.read(stream)]

    def test_of_ended_executions_are_complete_and_the_stream_ends(self):
        for execution_id in (ROOT, CHILD, "invoice.export/2026 #3", "nightly-sync-00"):
            wanted = self.log.ids(lambda event: event["workflow_exec_id"] == execution_id)
            for request in ({}, {"event_source": "DATABASE"}, {"event_source": "HYBRID"}):
                with self.subTest(execution_id, **request):
                    self.assertEqual(self.stream_ids(execution_id, **request), wanted)

    def test_of_executions_need_an_escaped_id(self):
        """Known fault of mistralai 3.7.0: it puts the id into the path unescaped."""
        with self.assertRaises(SDKError) as raised:
            self.executions.stream(execution_id="invoice.export/2026 #3")
        self.assertEqual(raised.exception.status_code, 404)
        self.assertEqual(raised.exception.raw_response.request.url.path[-5:], "2026 ")

    def test_of_executions_resume_after_last_event_id(self):
        with self.executions.stream(execution_id=CHILD) as stream:
            items = list(self.read(stream))
        ids = [item.data.data.event_id for item in items]
        for at in (0, 4, len(items) - 1):
            rest = self.stream_ids(CHILD, last_event_id=items[at].id)
            self.assertEqual(rest, ids[at + 1 :])

    def test_of_running_executions_are_followed_to_the_end(self):
        before = [progress("under-way", at) for at in range(3)]
        since = [progress("under-way", 3), completed("under-way")]
        self.log.publish(*before)
        with contextlib.ExitStack() as streams:
            live, hybrid = (
                streams.enter_context(
                    self.executions.stream(execution_id="under-way", event_source=source)
                )
                for source in ("LIVE", "HYBRID")
            )
            self.log.publish(*since)
            for stream, wanted in ((live, since), (hybrid, before + since)):
                ids = [item.data.data.event_id for item in self.read(stream)]
                self.assertEqual(ids, [event["event_id"] for event in wanted])

    def pages(self, **query):
        page = self.events.get_workflow_events(**query)
        yield page
        while page.next_cursor:
            page = self.events.get_workflow_events(**query, cursor=page.next_cursor)
            yield page

    def test_are_listed_once_each_over_all_pages(self):
        for limit in (1, 7, 50, 1000):
            with self.subTest(limit=limit):
                pages = list(self.pages(limit=limit))
                ids = [event.event_id for page in pages for event in page.events]
                self.assertEqual(ids, self.log.ids())
                self.assertEqual(len(pages), -(-len(self.log.events) // limit))

    def test_are_listed_by_query(self):
        run = "163d1415-b368-5996-9e77-8bc181d87028"
        for query in (
            {"root_workflow_exec_id": ROOT},
            {"workflow_exec_id": CHILD},
            {"workflow_run_id": run},
            {"workflow_exec_id": CHILD, "workflow_run_id": run},
        ):
            with self.subTest(**query):
                ids = [e.event_id for page in self.pages(**query, limit=4) for e in page.events]
                self.assertEqual(ids, self.log.ids(lambda e: query.items() <= e.items()))
