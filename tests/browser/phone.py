"""A phone in somebody's hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from registry.models import Account
from tests.factories.registry import PASSWORD

PHONE = {"width": 390, "height": 844}


class Phone:
    """A phone in somebody's hand. It counts the taps, and looks at every page it comes to."""

    def __init__(self, page: Page, site: str, axe: Callable[[Page], list[str]]) -> None:
        self.page, self.site, self.axe = page, site, axe
        self.taps = 0
        self.asked: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))

    def open(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else self.site + address)
        self.look()

    def sign_in(self, account: Account) -> None:
        self.page.locator("input[name=username]").first.fill(account.username)
        self.page.locator("input[name=password]").first.fill(PASSWORD)
        self.go(self.page.locator("form[action='/signin'] button.primary"))
        self.taps = 0

    def tap(self, what: str | Locator) -> None:
        place = self.page.locator(what).first if isinstance(what, str) else what.first
        place.scroll_into_view_if_needed()
        place.tap()
        self.taps += 1

    def go(self, what: str | Locator) -> None:
        """Tap, and look at the page it leads to."""
        with self.page.expect_navigation():
            self.tap(what)
        self.look()

    def look(self) -> None:
        """Nothing lies beside the screen, and axe finds nothing serious."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{self.page.url} is {width} px wide"
        assert self.axe(self.page) == [], self.page.url

    def photograph(self, field: str, paper: Path) -> None:
        self.page.locator(f"input[name='{field}']").set_input_files(paper)
        self.page.wait_for_selector(".photo .frame img")

    def sees(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(str(words))
