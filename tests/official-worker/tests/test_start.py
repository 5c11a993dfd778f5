"""The official client starts workflows through a proxy and waits for their results."""

import asyncio
import unittest

from mistralai.client import Mistral

from processes import DEADLINE_SECONDS, Galerne, Temporal, Worker, Workflows, scratch_folder
from starting import Starting
from trial import add_key

# A worker wraps every result that is not an object.
GREETING = {"result": "Bonjour Ada, voilà l'été à Noël 😀 👩\u200d👩\u200d👧 日本 fin. Ada"}


class Start(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = scratch_folder()
        temporal = Temporal(folder)
        cls.addClassCleanup(temporal.stop)
        key = add_key(folder, "acme")
        options = ["--keys", str(folder / "keys.json"), "--temporal", temporal.address()]
        server = Galerne(folder, *options)
        cls.addClassCleanup(server.stop)
        worker = Worker(folder, "starting", server, key)
        worker.wait_until_it_polls()
        cls.addClassCleanup(worker.stop)
        cls.bodies, cls.runs = [], []

        def start(name, body):
            cls.bodies.append(body)
            wanted = {"workflow": name, "id": body["execution_id"], "input": body["input"]}
            cls.runs.append(Workflows(folder, temporal, worker, [wanted]))

        cls.starting = Starting(server, start)
        cls.addClassCleanup(cls.starting.stop)
        cls.workflows = Mistral(
            api_key=key, server_url=cls.starting.url, timeout_ms=DEADLINE_SECONDS * 1000
        ).workflows

    def setUp(self):
        self.starting.passed_on.clear()

    def tearDown(self):
        for run in self.runs:
            run.ends()
        self.runs.clear()

    def request(self, execution):
        return {
            "input": {"name": "Ada"},
            "execution_id": execution,
            "deployment_name": "starting",
            "polling_interval": 1,
        }

    def test_and_wait_return_the_result(self):
        result = self.workflows.execute_workflow_and_wait("greeting", **self.request("started"))
        self.assertEqual(result, GREETING)
        look_up = "GET /v1/workflows/executions/started?include_search_keys=false"
        self.assertEqual(set(self.starting.passed_on), {look_up})
        body = self.bodies[-1]
        self.assertRegex(body.pop("traceparent"), "^00-[0-9a-f]{32}-[0-9a-f]{16}-01$")
        self.assertEqual(
            body,
            {
                "execution_id": "started",
                "input": {"name": "Ada"},
                "wait_for_result": False,
                "force_new_trace": False,
                "deployment_name": "starting",
            },
        )

    def test_and_wait_without_blocking_return_the_result(self):
        waiting = self.workflows.execute_workflow_and_wait_async(
            "greeting", **self.request("started-async")
        )
        self.assertEqual(asyncio.run(waiting), GREETING)

    def test_and_wait_raise_an_error_if_the_workflow_fails(self):
        with self.assertRaisesRegex(RuntimeError, "FAILED"):
            self.workflows.execute_workflow_and_wait("doomed", **self.request("started-doomed"))
