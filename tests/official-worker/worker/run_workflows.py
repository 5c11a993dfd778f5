"""Runs workflows on Temporal and waits for their end: run_workflows.py ADDRESS TASK_QUEUE WORKFLOWS

WORKFLOWS is a JSON list of {"workflow", "id", "input", "attempts", "end"}. Optional are `attempts`, the
maximum of a retry policy, and `end`, "cancel" or "terminate". Prints {id: status}.
"""

import asyncio
import json
import os
import sys
from datetime import timedelta

from temporalio.client import Client, WorkflowFailureError
from temporalio.common import RawValue, RetryPolicy


async def run(client, task_queue, wanted):
    policy = None
    if "attempts" in wanted:
        short = timedelta(milliseconds=100)
        policy = RetryPolicy(initial_interval=short, maximum_attempts=wanted["attempts"])
    handle = await client.start_workflow(
        wanted["workflow"],
        wanted["input"],
        id=wanted["id"],
        task_queue=task_queue,
        retry_policy=policy,
        result_type=RawValue,  # the worker may have encrypted it
    )
    if "end" in wanted:
        await started(handle)
        await (handle.cancel() if wanted["end"] == "cancel" else handle.terminate())
    try:
        await handle.result()
    except WorkflowFailureError:
        pass  # the status shows it
    return (await client.get_workflow_handle(wanted["id"]).describe()).status.name


async def started(handle):
    """Waits until the workflow has started a timer."""
    while True:
        async for event in handle.fetch_history_events():
            if event.HasField("timer_started_event_attributes"):
                return
        await asyncio.sleep(0.1)


async def main(address, task_queue, workflows):
    client = await Client.connect(address)
    all_wanted = json.loads(workflows)
    ends = await asyncio.gather(*(run(client, task_queue, wanted) for wanted in all_wanted))
    print(json.dumps({wanted["id"]: end for wanted, end in zip(all_wanted, ends)}), flush=True)
    # Immediately, as Python sometimes crashes while it shuts down Temporal's native threads.
    os._exit(0)


asyncio.run(main(*sys.argv[1:]))
