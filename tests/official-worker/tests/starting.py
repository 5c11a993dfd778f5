"""A proxy that handles the official client's request to start a workflow, which Galerne does not."""

import http.client
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from processes import DEADLINE_SECONDS, eventually

EXECUTE = re.compile(r"/v1/workflows/([^/]+)/execute")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Starting:
    """Starts workflows on Temporal and forwards all other requests to Galerne unchanged.

    `start` receives the workflow's name and the request's body and starts it on Temporal."""

    def __init__(self, server, start):
        self._address, self._start = server.url.removeprefix("http://"), start
        self.passed_on = []
        starting = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                starting._handle(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def stop(self):
        self._http.shutdown()
        self._http.server_close()

    def _handle(self, request):
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        execute = request.command == "POST" and EXECUTE.fullmatch(request.path)
        if execute:
            status, headers, answer = self._execute(execute[1], json.loads(body), request.headers)
        else:
            self.passed_on.append(f"{request.command} {request.path}")
            status, headers, answer = self._galerne(
                request.command, request.path, body, request.headers
            )
        request.send_response_only(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP | {"content-length"}:
                request.send_header(name, value)
        request.send_header("content-length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)

    def _execute(self, workflow, body, headers):
        """Starts the workflow and returns Galerne's run after the first event is stored."""
        self._start(workflow, body)
        path = "/v1/workflows/executions/" + body["execution_id"]

        def known():
            answer = self._galerne("GET", path, b"", {"authorization": headers["authorization"]})
            return answer if answer[0] == 200 else None

        return eventually(known, "the first event")

    def _galerne(self, method, path, body, headers):
        connection = http.client.HTTPConnection(self._address, timeout=DEADLINE_SECONDS)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()
