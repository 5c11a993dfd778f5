"""An event server in a separate process, events, and a publisher."""

import atexit
import json
import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
import uuid

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
COMMAND = os.environ.get("GALERNE_COMMAND", str(REPOSITORY / "galerne"))
SCENARIO = REPOSITORY / "server/src/test/resources/scenario.ndjson"
READY = re.compile(r"galerne is listening on (http://127\.0\.0\.1:\d+)\n")
START_SECONDS = 60
PATIENCE_SECONDS = 20

_registered = os.environ.get("GALERNE_TEST_PIDS")


def scratch_folder():
    """Creates a folder that is deleted after the tests."""
    folder = tempfile.mkdtemp(prefix="galerne-clients-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pathlib.Path(folder)


class Galerne:
    """An event server that runs until `stop` or until the tests end."""

    def __init__(self, *options):
        folder = scratch_folder()
        command = [COMMAND, "serve", "--port", "0", "--data", str(folder / "data"), *options]
        self._log = folder / "log"
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # in its own process group, so no child outlives the tests
            )
        self._record = _registered and pathlib.Path(_registered, str(self._process.pid))
        if self._record:
            self._record.touch()
        atexit.register(self._kill)
        self.url = self._ready()

    def _ready(self):
        lines = queue.Queue()
        reader = threading.Thread(target=lambda: lines.put(self._process.stdout.readline()))
        reader.daemon = True
        reader.start()
        try:
            line = lines.get(timeout=START_SECONDS)
        except queue.Empty:
            line = ""
        match = READY.fullmatch(line)
        if not match:
            self._kill()
            raise AssertionError(f"not ready: {line!r}\n{self._logged()}")
        return match[1]

    def stop(self):
        """Stops the server and asserts that it shuts down cleanly."""
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(PATIENCE_SECONDS)
        rest = self._process.stdout.read()
        self._kill()
        assert (status, rest) == (0, ""), f"{status}, {rest!r}\n{self._logged()}"
        assert " ERROR " not in self._logged(), self._logged()

    def _kill(self):
        atexit.unregister(self._kill)
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process.stdout.close()
        if self._record:
            self._record.unlink(missing_ok=True)

    def _logged(self):
        return self._log.read_text()


def add_key(file, namespace, *rights):
    """Adds a key to a key file and returns its secret."""
    options = ["--namespace", namespace, "--may", ",".join(rights), "--keys", str(file)]
    added = subprocess.run(
        [COMMAND, "keys", "add", *options], check=True, capture_output=True, text=True
    )
    return added.stdout.strip()


def scenario():
    """The scenario's request bodies: all 17 types, and numbers that a double cannot represent."""
    return SCENARIO.read_text(encoding="utf-8").splitlines()


def an_event(exec_id, event_type, attributes, **more):
    return {
        "event_id": str(uuid.uuid4()),
        "event_timestamp": time.time_ns(),
        "root_workflow_exec_id": exec_id,
        "parent_workflow_exec_id": None,
        "workflow_exec_id": exec_id,
        "workflow_run_id": f"{exec_id}-run-1",
        "workflow_name": "report",
        "event_type": event_type,
        "attributes": attributes,
        **more,
    }


def progress(exec_id, value, **more):
    payload = {"type": "json", "value": value}
    attributes = {
        "custom_task_id": "progress-1",
        "custom_task_type": "progress",
        "payload": payload,
    }
    return an_event(exec_id, "CUSTOM_TASK_IN_PROGRESS", attributes, **more)


def completed(exec_id):
    attributes = {"task_id": "9", "result": {"type": "json", "value": "done"}}
    return an_event(exec_id, "WORKFLOW_EXECUTION_COMPLETED", attributes)


class Publisher:
    """Publishes over plain HTTP, as the official clients only read."""

    def __init__(self, server, api_key=None):
        self._url = server.url + "/v1/workflows/events"
        self._headers = {"content-type": "application/json"}
        if api_key:
            self._headers["authorization"] = f"Bearer {api_key}"

    def publish(self, event, **beside):
        self.publish_text(json.dumps({"event": event, **beside}))

    def publish_all(self, events):
        for event in events:
            self.publish(event)

    def publish_text(self, body):
        request = urllib.request.Request(self._url, body.encode(), self._headers)
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
            assert json.load(response) == {"status": "success", "message": None}
