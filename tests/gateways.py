"""A mail server and a web gateway on this machine, as real as their sockets, for tests of what leaves the platform."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any


@dataclass
class Post:
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Gateway:
    """What came in. `answers` are given in turn, the last one for ever."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [204])
    posts: list[Post] = field(default_factory=list)

    def next_answer(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web_gateway(*answers: int) -> Iterator[Gateway]:
    gateway = Gateway(answers=list(answers) or [204])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.posts.append(Post(dict(self.headers), body))
            self.send_response(gateway.next_answer())
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing."""

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        gateway.port = port
        yield gateway


@dataclass
class Mailbox:
    """Letters that were taken. `answers` are given to RCPT TO in turn, the last one for ever."""

    port: int = 0
    answers: list[str] = field(default_factory=lambda: ["250 OK"])
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    def next_answer(self) -> str:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def mail_server(*answers: str) -> Iterator[Mailbox]:
    """The part of RFC 5321 that a client needs to hand over a letter."""
    mailbox = Mailbox(answers=list(answers) or ["250 OK"])

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline():
                verb = line.split(b" ")[0].strip().upper()
                if verb == b"QUIT":
                    return self.say("221 bye")
                self.say(self.answer(verb, line))
            return None

        def answer(self, verb: bytes, line: bytes) -> str:
            if verb == b"RCPT":
                answer = mailbox.next_answer()
                if answer.startswith("2"):
                    mailbox.recipients.append(line.decode().split("<")[1].split(">")[0])
                return answer
            if verb == b"DATA":
                self.say("354 go on")
                mailbox.letters.append(self.letter())
            return "250 OK"

        def letter(self) -> EmailMessage:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return message_from_bytes(b"".join(lines), policy=policy.default)

        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

    with running(ThreadingTCPServer(("127.0.0.1", 0), Handler)) as port:
        mailbox.port = port
        yield mailbox


@contextmanager
def running(server: ThreadingTCPServer) -> Iterator[int]:
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
