"""Load over loopback: a few connections that each ask, wait for the answer, and ask again."""

import math
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

REQUEST = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Mozilla/5.0 (Linux; Android 14) MicroMessenger/8\r\n"
    "Accept: text/html\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-CN\r\n\r\n"
)
TIMEOUT_S = 30


@dataclass
class Answers:
    """How long each good answer took, in seconds; `failed` counts the others by status."""

    seconds: list[float] = field(default_factory=list)
    failed: Counter[int] = field(default_factory=Counter)
    spent: float = 0.0

    @property
    def rate(self) -> float:
        return len(self.seconds) / self.spent

    def percentile_ms(self, share: float) -> float:
        return sorted(self.seconds)[math.ceil(len(self.seconds) * share) - 1] * 1000


class Connection:
    """Kept open between requests; a server that recycled its worker closed it, so a closed one is opened again."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def get(self, path: str) -> int:
        """The status of the answer, read to its end."""
        request = REQUEST.format(path=path).encode()
        try:
            return self.ask(request)
        except ConnectionError:
            self.close()
            return self.ask(request)

    def ask(self, request: bytes) -> int:
        peer = self.opened()
        peer.sendall(request)
        answer = received(peer)
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += received(peer)
        head = answer[:end].lower()
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(answer) < end + 4 + length:
            answer += received(peer)
        if b"connection: close" in head:
            self.close()
        return int(head[9:12])

    def opened(self) -> socket.socket:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket = None


def received(peer: socket.socket) -> bytes:
    more = peer.recv(65536)
    if not more:
        raise ConnectionResetError
    return more


def drive(port: int, paths: Iterator[str], answers: Answers, *, connections: int, seconds: float = math.inf) -> None:
    """Ask for `paths` until they or the time are at an end; what came of it is added to `answers`."""
    started = time.perf_counter()

    def work() -> None:
        connection = Connection(port)
        for path in paths:
            before = time.perf_counter()
            if before - started > seconds:
                break
            status = connection.get(path)
            if status == 200:
                answers.seconds.append(time.perf_counter() - before)
            else:
                answers.failed[status] += 1
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(connections)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    answers.spent += time.perf_counter() - started
