"""No event is lost while the server restarts, with the settings that docs/workers.md recommends."""

import time
import unittest

from events import sent_events, stored_events
from processes import Galerne, Temporal, Worker, Workflows, eventually, scratch_folder
from trial import add_key

RETRIES = "5"

# With 5 retries, httpx retries after 0, 0.5, 1, 2 and 4 s. If a busy machine takes longer to restart the
# server, the attempt proves nothing about the worker.
LONGEST_OUTAGE_SECONDS = 6
ATTEMPTS = 5


class Restart(unittest.TestCase):
    def setUp(self):
        self.folder = scratch_folder()
        self.temporal = Temporal(self.folder)
        self.addCleanup(self.temporal.stop)
        self.key = add_key(self.folder, "acme")
        address = self.temporal.address()
        self.options = ["--keys", str(self.folder / "keys.json"), "--temporal", address]
        self.server = Galerne(self.folder, *self.options)
        self.addCleanup(lambda: self.server.stop())
        self.worker = Worker(
            self.folder,
            "restart",
            self.server,
            self.key,
            MISTRAL_WORKFLOWS_HTTP_RETRIES=RETRIES,
        )
        self.worker.wait_until_it_polls()
        self.addCleanup(self.worker.stop)

    def test_of_the_server_loses_no_event_of_a_running_worker(self):
        for attempt in range(ATTEMPTS):
            execution = f"long-{attempt}"
            outage = self.restart_during(execution)
            if outage < LONGEST_OUTAGE_SECONDS:
                self.assert_all_stored(execution)
                return
        self.fail(f"the server took longer than {LONGEST_OUTAGE_SECONDS} s each time")

    def restart_during(self, execution):
        end = self.folder / f"end-of-{execution}"
        wanted = [{"workflow": "long", "id": execution, "input": {"until": str(end)}}]
        workflows = Workflows(self.folder, self.temporal, self.worker, wanted)
        self.wait_for_more(execution)
        begin = time.monotonic()
        self.server.stop()
        self.server = Galerne(self.folder, *self.options, port=self.server.port)
        outage = time.monotonic() - begin
        self.wait_for_more(execution)
        end.touch()
        self.assertEqual(workflows.ends(), {execution: "COMPLETED"})
        return outage

    def wait_for_more(self, execution):
        """Waits until the server has stored more events of the worker."""
        before = self.stored(execution)
        eventually(lambda: len(self.stored(execution)) >= len(before) + 20, "more events")

    def assert_all_stored(self, execution):
        sent = {e.id: e for e in sent_events(self.worker) if e.execution == execution}
        stored = [event["event_id"] for event in self.stored(execution)]
        lost = [sent[id].request for id in sent if id not in stored]
        self.assertEqual([{**request, "body": None} for request in lost], [])
        self.assertEqual(sorted(stored), sorted(sent))
        counted = [
            int(event["attributes"]["payload"]["value"][0]["value"])
            for event in self.stored(execution)
            if event["event_type"] == "CUSTOM_TASK_IN_PROGRESS"
        ]
        self.assertEqual(counted, list(range(1, len(counted) + 1)))

    def stored(self, execution):
        return stored_events(self.server, self.key, workflow_exec_id=execution)
