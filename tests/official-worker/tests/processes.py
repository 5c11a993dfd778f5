"""The processes of a test: Temporal, our server and workers. None outlives the tests."""

import atexit
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parents[1]
REPOSITORY = HERE.parents[1]
GALERNE = os.environ.get("GALERNE_COMMAND", str(REPOSITORY / "galerne"))
JAVA = os.environ.get("JAVA", "java")
WORKER_PYTHON = HERE / ".installed/python3"
WORKER = HERE / "worker"
DEADLINE_SECONDS = 120  # for everything, on a busy machine

_registered = os.environ.get("GALERNE_TEST_PIDS")


def scratch_folder():
    """Creates a folder that is deleted after the tests."""
    folder = tempfile.mkdtemp(prefix="galerne-worker-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pathlib.Path(folder)


def eventually(condition, what):
    """Waits until the condition is true and returns its value."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (value := condition()):
        assert time.monotonic() < deadline, f"still waiting for {what}"
        time.sleep(0.05)
    return value


class Process:
    """A process that runs until `stop` or until the tests end."""

    def __init__(self, command, folder, **environment):
        self._output = folder / f"{pathlib.Path(command[0]).name}-{time.monotonic_ns()}.log"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                cwd=folder,  # the worker reads .env of its working directory
                env=_environment(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # in its own process group, so no child outlives the tests
            )
        self._record = _registered and pathlib.Path(_registered, str(self._process.pid))
        if self._record:
            self._record.touch()
        atexit.register(self._kill)

    def wait_for(self, pattern):
        """Waits until the output matches and returns the pattern's first group."""

        def line():
            found = re.search(pattern, self.output())
            assert found or self._process.poll() is None, f"the process exited:\n{self.output()}"
            return found

        return eventually(line, f"{pattern!r} in:\n{self.output()}")[1]

    def output(self):
        return self._output.read_text(encoding="utf-8", errors="replace")

    def stop(self):
        """Sends SIGTERM, waits for the exit and returns the status."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        """Waits for the exit and returns the status."""
        try:
            return self._process.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the process did not exit:\n{self.output()}") from None
        finally:
            self._kill()

    def _kill(self):
        atexit.unregister(self._kill)
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._record:
            self._record.unlink(missing_ok=True)


def _environment(more):
    """The tests' environment without variables that would change the worker's defaults."""
    ours = ("PYTHON", "MISTRAL", "TEMPORAL_", "OTEL_", "GALERNE_URL", "SERVER_URL", "DEPLOYMENT_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **more}


TEMPORAL = [
    JAVA,
    "--sun-misc-unsafe-memory-access=allow",
    "--enable-native-access=ALL-UNNAMED",
    "-cp",
    str(HERE / ".installed/temporal/*"),
    str(HERE / "TemporalServer.java"),
]


class Temporal(Process):
    def __init__(self, folder):
        super().__init__([*TEMPORAL, "OtelTraceId"], folder)

    def address(self):
        return self.wait_for(r"(?m)^(127\.0\.0\.1:\d+)$")


class Galerne(Process):
    """An event server on a data folder and, by default, a free port."""

    def __init__(self, folder, *options, port=0):
        command = [GALERNE, "serve", "--port", str(port), "--data", str(folder / "data"), *options]
        super().__init__(command, folder)
        self.url = self.wait_for(r"galerne is listening on (http://127\.0\.0\.1:\d+)\n")
        self.port = int(self.url.rpartition(":")[2])

    def stop(self):
        status = super().stop()
        assert status == 0, f"{status}:\n{self.output()}"
        assert " ERROR " not in self.output(), self.output()


class Worker(Process):
    """The official worker with its default settings, and a record of its requests."""

    def __init__(self, folder, name, server, key, **environment):
        self.deployment = name
        self._sent = folder / f"{name}.ndjson"
        self._sent.touch()
        super().__init__(
            [str(WORKER_PYTHON), str(WORKER / "recording_worker.py"), str(self._sent)],
            folder,
            PYTHONDONTWRITEBYTECODE="1",
            SERVER_URL=server.url,
            MISTRAL_API_KEY=key,
            DEPLOYMENT_NAME=name,
            OTEL_ENABLED="false",
            **environment,
        )

    def wait_until_it_polls(self):
        self.wait_for("(Starting Temporal worker)")

    def requests(self):
        with self._sent.open(encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.endswith("\n")]


class Workflows(Process):
    """Workflows that run concurrently on a worker's task queue."""

    def __init__(self, folder, temporal, worker, wanted):
        script = str(WORKER / "run_workflows.py")
        arguments = [temporal.address(), worker.deployment, json.dumps(wanted)]
        self._worker = worker
        super().__init__(
            [str(WORKER_PYTHON), script, *arguments], folder, PYTHONDONTWRITEBYTECODE="1"
        )

    def ends(self):
        """Waits until all have ended and returns {id: status}."""
        status = self.wait()
        assert status == 0, f"{status}:\n{self.output()}\n{self._worker.output()[-20_000:]}"
        return json.loads(self.output().splitlines()[-1])
