"""The field app in a coordinator's hand: taps, tunnels without network, tabs that are killed."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from inspections.models import Claim
from registry.models import Account
from tests.factories.registry import PASSWORD
from tests.inspections.visits import LATITUDE, LONGITUDE

POSITION = {
    "geolocation": {"latitude": LATITUDE, "longitude": LONGITUDE, "accuracy": 15},
    "permissions": ["geolocation"],
}
PATIENCE = 20_000
COUNTED = """async (store) => new Promise((resolve, reject) => {
  const asked = indexedDB.open("field");
  asked.onsuccess = () => { const all = asked.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { asked.result.close(); resolve(all.result.map(({ bytes, ...row }) => row)); }; };
  asked.onerror = () => reject(asked.error);
})"""


class FieldPhone:
    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.taps = 0

    def sign_in(self, account: Account) -> None:
        self.page.goto(f"{self.site}/signin?next=/desk/field/")
        self.page.locator("input[name=username]").first.fill(account.username)
        self.page.locator("input[name=password]").first.fill(PASSWORD)
        self.page.locator("form[action='/signin'] button.primary").click()
        self.page.wait_for_url("**/desk/field/*")
        self.ready()

    def ready(self) -> None:
        self.page.locator("body[data-open]").wait_for(timeout=PATIENCE)

    def settle(self) -> None:
        """Until the worker has everything that is needed without network."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        self.page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=PATIENCE)

    def open(self, where: str = "") -> None:
        self.page.goto(f"{self.site}/desk/field/{where}")
        self.ready()

    def offline(self, off: bool) -> None:  # noqa: FBT001
        self.page.context.set_offline(off)

    def kill(self) -> None:
        """The tab is gone at once; the app is opened anew."""
        context, where = self.page.context, self.page.url
        self.page.close()
        self.page = context.new_page()
        self.page.goto(where)
        self.ready()

    def tap(self, selector: str) -> None:
        place = self.page.locator(f"{selector} >> visible=true").first
        place.scroll_into_view_if_needed()
        place.tap()
        self.taps += 1

    def at(self, screen: str) -> None:
        expect(self.page.locator("body")).to_have_attribute("data-screen", screen, timeout=PATIENCE)

    def saved(self) -> None:
        """The tick: on this phone."""
        expect(self.page.locator("#saved .state.ok")).to_be_visible(timeout=PATIENCE)

    def choose(self, result: str) -> None:
        self.tap(f"label.tile:has(input[name=result][value={result}])")
        self.saved()

    def photograph(self, picture: Path) -> None:
        before = self.page.locator("[data-photos] .photo").count()
        self.page.locator("[data-camera]").set_input_files(picture)
        expect(self.page.locator("[data-photos] .photo")).to_have_count(before + 1, timeout=PATIENCE)
        self.taps += 2  # the camera, and its shutter

    def write(self, field: str, words: str) -> None:
        self.page.locator(f"[name={field}]").fill(words)
        self.page.locator(f"[name={field}]").blur()
        self.saved()

    def kept(self, store: str = "work") -> list[dict]:
        return self.page.evaluate(COUNTED, store)

    def forgotten(self, claim: Claim) -> None:
        """Nothing of a claim is on the phone any more."""
        for _ in range(PATIENCE // 100):
            if not any(row["claim"] == str(claim.pk) and row["state"] != "open" for row in self.kept()):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError([(row["state"], row.get("problem")) for row in self.kept()])


def photos(folder: Path, number: int) -> list[Path]:
    """As a phone takes them: large, no two alike."""
    made = []
    for place in range(number):
        path = folder / f"photo{place}.jpg"
        Image.effect_noise((900, 1200), 40 + place).convert("RGB").save(path, quality=70)
        made.append(path)
    return made
