"""OpenTelemetry traces, parsed as OpenTelemetry's own messages."""

import base64
import json
from urllib.request import urlopen

from galerne import PATIENCE_SECONDS, an_event
from google.protobuf.json_format import ParseDict
from official_client import OfficialClientTest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status, TracesData

PATH = "/v1/workflows/executions/traced/trace/otel"
START = 1_774_864_800_037_001_003  # a double cannot represent it
IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def a_run():
    """A run with an activity, a retry, a custom task and a child that fails."""

    def happened(seconds, event_type, attributes, **more):
        time = START + seconds * 1_000_000_000
        attributes = {"task_id": "1", **attributes}
        return an_event("traced", event_type, attributes, event_timestamp=time, **more)

    value = {"type": "json", "value": {"city": "Brest"}}
    activity = {"task_id": "5", "activity_name": "fetch"}
    task = {"custom_task_id": "t-1", "custom_task_type": "progress"}
    child = {
        "workflow_exec_id": "traced-child",
        "workflow_run_id": "traced-child-run-1",
        "parent_workflow_exec_id": "traced",
        "workflow_name": "fact-check",
    }
    started = {"workflow_name": "report", "input": value}
    failure = {"failure": {"message": "no such host"}}
    retrying = {**activity, **failure, "attempt": 1}
    return [
        happened(0, "WORKFLOW_EXECUTION_STARTED", started),
        happened(1, "ACTIVITY_TASK_STARTED", {**activity, "input": value}),
        happened(2, "ACTIVITY_TASK_RETRYING", retrying),
        happened(3, "CUSTOM_TASK_STARTED", {**task, "payload": value}),
        happened(4, "WORKFLOW_EXECUTION_STARTED", started, **child),
        happened(5, "CUSTOM_TASK_COMPLETED", {**task, "payload": value}),
        happened(6, "ACTIVITY_TASK_COMPLETED", {**activity, "result": value}),
        happened(7, "WORKFLOW_EXECUTION_FAILED", failure, **child),
    ]


class OpenTelemetryTraces(OfficialClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log.publish(*a_run())
        cls.answer = cls.executions.get_workflow_execution_trace_otel(execution_id="traced")

    def read(self):
        """Returns the spans by name, as a strict OTLP/JSON parser reads them."""
        with urlopen(self.server.url + PATH, timeout=PATIENCE_SECONDS) as response:
            batches = json.load(response)["otel_trace_data"]["batches"]
        traces = ParseDict({"resourceSpans": self.in_base64(batches)}, TracesData())
        (resource,) = traces.resource_spans
        self.assertEqual(resource.resource.attributes[0].key, "service.name")
        self.assertEqual(resource.resource.attributes[0].value.string_value, "report")
        (scope,) = resource.scope_spans
        self.assertEqual(scope.scope.name, "galerne")
        return {span.name: span for span in scope.spans}

    def in_base64(self, value):
        """Converts ids from hexadecimal, as in OTLP/JSON, to base64, as this parser expects."""
        if isinstance(value, list):
            return [self.in_base64(item) for item in value]
        if not isinstance(value, dict):
            self.assertIsNotNone(value, "OTLP receivers reject null")
            return value
        converted = {}
        for name, member in value.items():
            converted[name] = self.in_base64(member)
            if name in IDS:
                id_bytes = bytes.fromhex(member)
                self.assertEqual(len(id_bytes), IDS[name], name)
                converted[name] = base64.b64encode(id_bytes).decode()
        return converted

    def test_are_the_tree_of_the_run(self):
        spans = self.read()
        parents = {"report": None, "fetch": "report", "progress": "fetch", "fact-check": "report"}
        self.assertEqual(set(spans), set(parents))
        for name, parent in parents.items():
            expected = spans[parent].span_id if parent else b""
            self.assertEqual(spans[name].parent_span_id, expected, name)
        traces = {span.trace_id.hex() for span in spans.values()}
        self.assertEqual(traces, {self.answer.otel_trace_id})

    def test_have_times_kinds_and_statuses(self):
        second = 1_000_000_000
        expected = {
            "report": (0, 7, Span.SPAN_KIND_SERVER, Status.STATUS_CODE_UNSET, ""),
            "fetch": (1, 6, Span.SPAN_KIND_INTERNAL, Status.STATUS_CODE_OK, ""),
            "progress": (3, 5, Span.SPAN_KIND_INTERNAL, Status.STATUS_CODE_OK, ""),
            "fact-check": (4, 7, Span.SPAN_KIND_SERVER, Status.STATUS_CODE_ERROR, "no such host"),
        }
        for name, span in self.read().items():
            start, end, *rest = expected[name]
            self.assertEqual(span.start_time_unix_nano, START + start * second, name)
            self.assertEqual(span.end_time_unix_nano, START + end * second, name)
            self.assertEqual([span.kind, span.status.code, span.status.message], rest, name)

    def test_have_retries_as_events(self):
        fetch = self.read()["fetch"]
        names = [event.name for event in fetch.events]
        self.assertEqual(
            names, ["ACTIVITY_TASK_STARTED", "ACTIVITY_TASK_RETRYING", "ACTIVITY_TASK_COMPLETED"]
        )
        retrying = fetch.events[1]
        self.assertEqual(retrying.time_unix_nano, START + 2_000_000_000)
        attributes = {each.key: each.value for each in retrying.attributes}
        self.assertEqual(attributes["error"].string_value, "no such host")
        self.assertEqual(attributes["attempt"].int_value, 1)
        attributes = {each.key: each.value for each in fetch.attributes}
        self.assertEqual(attributes["result"].string_value, '{"city":"Brest"}')

    def test_are_read_by_the_official_client(self):
        (batch,) = self.answer.otel_trace_data.batches
        spans = batch.scope_spans[0].spans
        read = [span.span_id.hex() for span in self.read().values()]
        self.assertEqual([span.span_id for span in spans], read)
        self.assertFalse(spans[0].parent_span_id)
