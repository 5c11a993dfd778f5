"""Runs that the official Python client lists, looks up, waits for and traces."""

import threading
import uuid
from datetime import datetime, timedelta, timezone

from galerne import an_event, completed
from mistralai.client.errors import HTTPValidationError, SDKError
from official_client import OfficialClientTest

ROOT = "document-review-7f3a"
CHILD = "fact-check-91bd"


def started(exec_id, **more):
    attributes = {
        "task_id": "1",
        "workflow_name": "report",
        "input": {"type": "json", "value": {}},
    }
    return an_event(exec_id, "WORKFLOW_EXECUTION_STARTED", attributes, **more)


class Runs(OfficialClientTest):
    def list(self, **request):
        """Returns the runs of all pages."""
        runs = []
        page = self.runs.list_runs(**request)
        while page is not None:
            runs += page.result.executions
            page = page.next()
        return runs

    def test_are_listed_over_all_pages_newest_first(self):
        name = str(uuid.uuid4())
        for i in range(7):
            self.log.publish(started(f"paged-{i}", workflow_name=name))
        for size in (1, 2, 7, 1000):
            listed = self.list(workflow_identifier=name, page_size=size)
            self.assertEqual([run.execution_id[-1] for run in listed], list("6543210"))
        listed = self.list(workflow_identifier=name, page_size=3, order="asc")
        self.assertEqual([run.execution_id[-1] for run in listed], list("0123456"))

    def test_are_selected_by_status_tree_and_time(self):
        tree = self.list(root_execution_id=ROOT)
        self.assertEqual([run.execution_id for run in tree], [CHILD, CHILD, ROOT])
        self.assertEqual(
            [run.status for run in tree], ["COMPLETED", "CONTINUED_AS_NEW", "COMPLETED"]
        )
        for status in ("COMPLETED", ["COMPLETED"], ["COMPLETED", "RUNNING"]):
            listed = self.list(root_execution_id=ROOT, status=status)
            self.assertEqual([run.execution_id for run in listed], [CHILD, ROOT])
        start = tree[1].start_time
        later = self.list(root_execution_id=ROOT, start_time_after=start + timedelta(microseconds=1))
        self.assertEqual(len(later), 1)
        ended = self.list(
            root_execution_id=ROOT,
            sort_by="end_time",
            end_time_before=datetime(2030, 1, 1, tzinfo=timezone.utc),
            include_internal=False,
        )
        self.assertEqual([run.execution_id for run in ended], [ROOT, CHILD, CHILD])

    def test_are_looked_up_by_id(self):
        run = self.list(root_execution_id=ROOT, workflow_identifier="document-review")[0]
        found = self.runs.get_run(run_id=run.run_id)
        self.assertEqual(found.result, {"approved": True})
        self.assertEqual(found.total_duration_ms, 1554)
        with self.assertRaises(SDKError) as raised:
            self.runs.get_run(run_id=str(uuid.uuid4()))
        self.assertEqual(raised.exception.status_code, 404)

    def test_report_unsupported_parameters(self):
        for request in (
            {"user_id": "current"},
            {"workflow_tags": ["a"]},
            {"deployment_name": "d"},
            {"search_key": ["k:v"]},
        ):
            with self.assertRaises(HTTPValidationError) as raised:
                self.runs.list_runs(**request)
            self.assertEqual(raised.exception.data.detail[0].loc, ["query", *request])

    def test_can_be_waited_for(self):
        execution = "awaited"
        self.log.publish(started(execution))
        with self.assertRaises(TimeoutError):
            self.workflows.wait_for_workflow_completion(execution, 0, max_attempts=2)
        end = threading.Timer(0.3, self.log.publish, [completed(execution)])
        end.start()
        final = self.workflows.wait_for_workflow_completion(execution, 0)
        end.join()
        self.assertEqual((final.status, final.result), ("COMPLETED", "done"))
        with self.assertRaises(RuntimeError):
            self.workflows.wait_for_workflow_completion("nightly-sync-00", 0)

    def test_cannot_be_started(self):
        with self.assertRaises(SDKError) as raised:
            self.workflows.execute_workflow_and_wait("report", input={}, execution_id="unstarted")
        self.assertEqual(raised.exception.status_code, 404)

    def test_count_as_failed_while_an_activity_is_retrying(self):
        failure = {"failure": {"message": "no such host"}, "attempt": 1}
        activity = {"task_id": "5", "activity_name": "fetch"}
        retrying = an_event("retrying", "ACTIVITY_TASK_RETRYING", {**activity, **failure})
        self.log.publish(started("retrying"), retrying)
        with self.assertRaisesRegex(RuntimeError, "RETRYING_AFTER_ERROR"):
            self.workflows.wait_for_workflow_completion("retrying", 0)
        result = {"result": {"type": "json", "value": 1}}
        done = an_event("retrying", "ACTIVITY_TASK_COMPLETED", {**activity, **result})
        self.log.publish(done, completed("retrying"))
        final = self.workflows.wait_for_workflow_completion("retrying", 0)
        self.assertEqual(final.result, "done")

    def test_have_traces(self):
        summary = self.executions.get_workflow_execution_trace_summary(execution_id=ROOT)
        names = [span.name for span in summary.span_tree.children]
        self.assertEqual(names, ["load_document", "summarize", "progress", "fact-check"])
        self.assertEqual(summary.span_tree.children[1].children[0].name, "token")
        self.assertEqual(summary.span_tree.attributes["broker_sequence"], 1)
        self.assertEqual(summary.span_tree.children[0].events[0].attributes["broker_sequence"], 2)
        merged = self.executions.get_workflow_execution_trace_events(
            execution_id=ROOT, merge_same_id_events=True, include_internal_events=True
        )
        self.assertEqual(merged.events[0].name, "document-review")
        info = self.executions.get_workflow_execution_trace_info(execution_id=ROOT)
        otel = self.executions.get_workflow_execution_trace_otel(execution_id=ROOT)
        self.assertTrue(info.has_trace_data)
        self.assertEqual(info.otel_trace_id, otel.otel_trace_id)
        spans = otel.otel_trace_data.batches[0].scope_spans[0].spans
        self.assertEqual({span.trace_id for span in spans}, {info.otel_trace_id})
        self.assertFalse(spans[0].parent_span_id)

    def test_are_counted(self):
        metrics = self.metrics.get_workflow_metrics(workflow_name="fact-check")
        self.assertEqual(metrics.execution_count.value, 2)
        self.assertEqual(metrics.success_count.value, 1)
        self.assertEqual(metrics.retry_rate.value, 0.5)
