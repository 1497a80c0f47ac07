"""A network cable between a scale and the platform, which can be pulled and can lose answers."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.carry("GET")

    def do_POST(self):
        self.carry("POST")

    def log_message(self, *args):
        """Quiet."""

    def carry(self, method):
        cable = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = cable.faults.pop(0) if cable.faults else None
        if cable.pulled or fault == "drop":
            return
        far = urlsplit(cable.far)
        line = http.client.HTTPConnection(far.hostname, far.port, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        line.request(method, self.path, body=body or None, headers=headers)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        cable.carried.append((method, self.path, answer.status))
        if fault == "lose_answer":
            return
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if fault == "cut" else content)


class Cable(ThreadingHTTPServer):
    """`url` is this end, `far` the platform. `faults` are used up one a request: drop, lose_answer, cut."""

    daemon_threads = True

    def __init__(self, far: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.far = far
        self.pulled = False
        self.faults: list[str] = []
        self.carried: list[tuple[str, str, int]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()
