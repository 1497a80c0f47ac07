"""The field app stays within the budgets of a slow phone on a slow line (deploy/field_budget.py)."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

from deploy import field_budget
from inspections.models import ChecklistItem
from tests.factories.registry import PASSWORD
from tests.inspections.visits import taken

pytestmark = pytest.mark.django_db(transaction=True)
ITEMS = 12


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def compressing_site(tmp_path) -> Iterator[str]:
    """The platform with compressed answers, as it is served to people."""
    middleware = [
        "django.middleware.gzip.GZipMiddleware",
        *(each for each in django_settings.MIDDLEWARE if "zeal" not in each),
    ]
    with override_settings(MIDDLEWARE=middleware, MEDIA_ROOT=tmp_path / "media"):
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def claim():
    made = taken()
    checklist = made.task.checklist
    for position in range(checklist.items.count() + 1, ITEMS + 1):
        ChecklistItem.objects.create(
            district_id=checklist.district_id, checklist=checklist, position=position, code=f"X{position}",
            text=f"第 {position} 项",
        )  # fmt: skip
    return made


def test_within_every_budget(chromium, compressing_site, claim, tmp_path):
    page = field_budget.phone(chromium)
    account = claim.coordinator.account
    figures = field_budget.measure(page, compressing_site, account.username, PASSWORD, tmp_path)
    page.context.close()
    assert all(figure.within for figure in figures), "\n" + field_budget.table(figures)
