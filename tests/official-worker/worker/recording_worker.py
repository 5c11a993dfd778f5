"""Runs the unmodified official worker and records its requests: recording_worker.py FILE

Each line of the file is a request: its path, its body in base64, its begin and end by a monotonic
clock, and the status of the response or the error.
"""

import asyncio
import base64
import json
import sys
import time

import httpx


def record_requests(file):
    handle = httpx.AsyncHTTPTransport.handle_async_request

    async def recorded(transport, request):
        body = await request.aread()
        begin = time.monotonic_ns()
        outcome = {}
        try:
            response = await handle(transport, request)
            outcome["status"] = response.status_code
            return response
        except BaseException as error:
            outcome["error"] = repr(error)
            raise
        finally:
            line = {
                "path": request.url.path,
                "body": base64.b64encode(body).decode(),
                "begin": begin,
                "end": time.monotonic_ns(),
                **outcome,
            }
            file.write(json.dumps(line) + "\n")
            file.flush()

    httpx.AsyncHTTPTransport.handle_async_request = recorded


if __name__ == "__main__":
    with open(sys.argv[1], "a", encoding="utf-8") as file:
        record_requests(file)  # before the worker creates its clients

        import mistralai.workflows

        import workflows_under_test

        asyncio.run(mistralai.workflows.run_worker(workflows_under_test.ALL))
