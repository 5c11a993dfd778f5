"""Runs every command and sample of docs/workers.md, in order."""

import os
import re
import subprocess
import sys
import unittest

from processes import (
    DEADLINE_SECONDS,
    GALERNE,
    HERE,
    REPOSITORY,
    TEMPORAL,
    WORKER,
    WORKER_PYTHON,
    Process,
    scratch_folder,
)

PAGE = (REPOSITORY / "docs/workers.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"(?ms)^```(\w+)\n(.*?)^```$")

# Replaces the Temporal CLI, which no package registry has: `server start-dev` and `workflow execute`.
STAND_IN_FOR_TEMPORAL = """\
import json, os, sys
options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
if sys.argv[1:3] == ["server", "start-dev"]:
    name, _, kind = options.pop("--search-attribute").partition("=")
    assert kind == "Keyword" and not options, options
    os.execv({java!r}, {temporal!r} + [name])
assert sys.argv[1:3] == ["workflow", "execute"], sys.argv
workflow = {{
    "workflow": options.pop("--type"),
    "id": options.pop("--workflow-id"),
    "input": json.loads(options.pop("--input")),
}}
queue = options.pop("--task-queue")
assert not options, options
script = {script!r}
os.execv({python!r}, [{python!r}, script, os.environ["TEMPORAL_ADDRESS"], queue, json.dumps([workflow])])
"""

# Replaces Debian's Python, which is too old for the worker. The worker's Python has the package installed but
# cannot create virtual environments.
STAND_IN_FOR_PYTHON = """\
#!/bin/sh -e
[ "$1 $2" = "-m venv" ]
mkdir -p "$3/bin"
printf '#!/bin/sh\\nexec %s "$@"\\n' '{python}' >"$3/bin/python"
printf '#!/bin/sh\\nexec %s -m pip "$@"\\n' '{python}' >"$3/bin/pip"
chmod +x "$3/bin/python" "$3/bin/pip"
"""

RUNS_ON = [  # a command that keeps running, its output when it is ready, its default address
    ("temporal server", r"(?m)^(127\.0\.0\.1:\d+)$", "127.0.0.1:7233"),
    ("./galerne serve", r"listening on http://(127\.0\.0\.1:\d+)", "127.0.0.1:8080"),
    ("worker/bin/python", r"(Starting Temporal worker)", None),
]


class Page(unittest.TestCase):
    def setUp(self):
        self.folder = scratch_folder()
        tools = self.folder / "tools"
        tools.mkdir()
        (self.folder / "galerne").symlink_to(GALERNE)
        self.stand_in(
            tools / "temporal",
            f"#!{sys.executable}\n"
            + STAND_IN_FOR_TEMPORAL.format(
                java=TEMPORAL[0],
                temporal=TEMPORAL,
                script=str(WORKER / "run_workflows.py"),
                python=str(WORKER_PYTHON),
            ),
        )
        self.stand_in(tools / "python3", STAND_IN_FOR_PYTHON.format(python=WORKER_PYTHON))
        self.addresses = {}
        self.environment = {"PATH": f"{tools}:{os.environ['PATH']}", "GALERNE_PORT": "0"}

    @staticmethod
    def stand_in(file, text):
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def test_works_from_top_to_bottom(self):
        printed = []
        for language, code in BLOCK.findall(PAGE):
            for usual, actual in self.addresses.items():
                code = code.replace(usual, actual)
            printed.append(getattr(self, f"run_{language}")(code))
        execution, (tail_and_curl, python) = printed[-3], printed[-2:]
        self.assertIn("COMPLETED", execution)
        self.assertEqual(tail_and_curl.count('"WORKFLOW_EXECUTION_COMPLETED"'), 2)
        self.assertIn("Hello, Ada", tail_and_curl)
        self.assertIn("WORKFLOW_EXECUTION_COMPLETED", python)
        self.assertIn("{'result': 'Hello, Ada'}", python)

    def run_sh(self, code):
        for begin, ready, usual in RUNS_ON:
            if re.search(f"(?m)^{re.escape(begin)}", code):
                return self.start(code, ready, usual)
        return self.finish(["bash", "-e", "-c", code])

    def run_python(self, code):
        """Saves the worker's sample as a file, or runs the client's sample."""
        if "run_worker" in code:
            (self.folder / "hello.py").write_text(code, encoding="utf-8")
            return ""
        return self.finish([sys.executable, "-c", code])

    def start(self, code, ready, usual):
        process = Process(["bash", "-e", "-c", code], self.folder, **self.environment)
        self.addCleanup(process.stop)
        found = process.wait_for(ready)
        if usual:
            self.addresses[usual] = found
        if usual == "127.0.0.1:7233":
            self.environment["TEMPORAL_ADDRESS"] = found
        if usual == "127.0.0.1:8080":
            self.environment["GALERNE_URL"] = f"http://{found}"
        return process.output()

    def finish(self, command):
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
        )
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_names_the_tested_version(self):
        pinned = re.search(
            r"(?m)^(mistralai-workflows==\S+)", (HERE / "requirements.txt").read_text()
        )
        self.assertIn(f"pip install {pinned[1]}\n", PAGE)
