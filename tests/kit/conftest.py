"""A message broker inside the test's own process."""

import queue
import socket

import pytest
from celery import current_app


class Broker:
    """Celery's in-memory transport, that can go away and come back."""

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch
        self.silent = socket.create_server(("127.0.0.1", 0))
        self.come_up()
        self.taken()

    def come_up(self):
        self._address("memory://localhost/")

    def go_down(self):
        self._address("redis://127.0.0.1:1/0")

    def fall_silent(self):
        self._address(f"redis://127.0.0.1:{self.silent.getsockname()[1]}/0")

    def taken(self):
        """The ids that were published since this was last asked."""
        ids = []
        with (
            current_app.connection_for_read() as link,
            link.SimpleQueue(current_app.conf.task_default_queue) as waiting,
        ):
            while True:
                try:
                    message = waiting.get_nowait()
                except queue.Empty:
                    return ids
                message.ack()
                ids += message.payload[0]

    def _address(self, url):
        self.monkeypatch.setitem(current_app.conf, "broker_url", url)


@pytest.fixture
def broker(monkeypatch):
    held = Broker(monkeypatch)
    yield held
    held.silent.close()
