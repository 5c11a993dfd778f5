"""The tests' shared fixture: three workers with different encryption that have run their workflows."""

import functools
import json
import subprocess

from processes import GALERNE, Galerne, Temporal, Worker, Workflows, scratch_folder

ENCRYPTION_KEY = "ab" * 32

COMPLETED, FAILED = "COMPLETED", "FAILED"
INPUT = {"name": "Zoé 😀"}


def workflow(name, end_status, id=None, **more):
    return {"workflow": name, "id": id or name, "input": INPUT, **more}, end_status


WORKFLOWS = [
    workflow("tour", COMPLETED),
    workflow("emoji", COMPLETED),
    workflow("parent", COMPLETED),
    workflow("rounds", COMPLETED, input={"left": 2}),
    workflow("doomed", FAILED, attempts=3),
    workflow("parallel", COMPLETED),
    workflow("large", COMPLETED),
    workflow("sleeper", "CANCELED", id="canceled", end="cancel"),
    workflow("sleeper", "TERMINATED", id="terminated", end="terminate"),
]
ENCRYPTED = [workflow(name, COMPLETED) for name in ("tour", "emoji")]


class Trial:
    def __init__(self):
        self.folder = scratch_folder()
        temporal = Temporal(self.folder)
        self.key = add_key(self.folder, "acme")
        options = ["--keys", str(self.folder / "keys.json"), "--temporal", temporal.address()]
        self.server = Galerne(self.folder, *options)
        self.workers = {
            name: Worker(self.folder, name, self.server, self.key, **encryption(mode))
            for name, mode in [("plain", None), ("full", "full"), ("partial", "partial")]
        }
        for worker in self.workers.values():
            worker.wait_until_it_polls()
        self.wanted, runs = {}, []
        for name, worker in self.workers.items():
            workflows = WORKFLOWS if name == "plain" else ENCRYPTED
            own = [{**wanted, "id": f"{name}/{wanted['id']}"} for wanted, _ in workflows]
            statuses = [status for _, status in workflows]
            self.wanted |= {run["id"]: status for run, status in zip(own, statuses)}
            runs.append(Workflows(self.folder, temporal, worker, own))
        self.ends = {}
        for run in runs:
            self.ends |= run.ends()
        for process in [*self.workers.values(), temporal]:
            process.stop()


def encryption(mode):
    if mode is None:
        return {}
    return {
        "TEMPORAL_PAYLOAD_ENCRYPTION": json.dumps({"mode": mode, "main_key": ENCRYPTION_KEY}),
    }


def add_key(folder, namespace):
    options = ["--namespace", namespace, "--may", "read,publish", "--keys", str(folder / "keys.json")]
    added = subprocess.run(
        [GALERNE, "keys", "add", *options], check=True, capture_output=True, text=True
    )
    return added.stdout.strip()


@functools.cache
def trial():
    return Trial()
