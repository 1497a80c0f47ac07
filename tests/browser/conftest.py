"""A phone and a desk in one Chromium, before the platform served as it is served to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from registry.models import Account
from tests.browser.chromium import launch
from tests.browser.phone import PHONE, Phone

DESK = {"width": 1280, "height": 800}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright's loop counts as running in this thread, where tests also speak to the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages of people who share no cookies; a script error or a broken content policy fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(viewport: dict[str, int] = PHONE, **options: object) -> Page:
        context = chromium.new_context(viewport=viewport, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [words for words in complaints if not words.startswith("Failed to load resource")] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A phone."""
    return open_page()


@pytest.fixture
def site(live_server, settings) -> str:
    """The address of the running platform."""
    settings.BASE_URL = live_server.url
    return live_server.url


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """What axe finds serious or critical on a page, one line each."""

    def serious(page: Page) -> list[str]:
        return [
            f"{each['id']}: {each['nodes'][0]['html'][:160]}"
            for each in Axe().run(page).response["violations"]
            if each["impact"] in ("serious", "critical")
        ]

    return serious


@pytest.fixture
def phone(open_page, site, axe):
    """`phone()` of a stranger, `phone(account)` of somebody who has signed in by hand."""

    def phone(account: Account | None = None) -> Phone:
        made = Phone(open_page(has_touch=True, is_mobile=True), site, axe)
        if account:
            made.open("/signin")
            made.sign_in(account)
        return made

    return phone
