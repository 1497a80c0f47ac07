"""Measures the field app against its budgets: `python -m deploy.field_budget http://127.0.0.1:8000 USERNAME PASSWORD`.

Signs in as a coordinator with a task in hand, on a phone four times slower than this machine, over a line of
400 kbit/s and 400 ms, and prints a table. The visit is filled in item by item and not sent.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Page, Response, sync_playwright

from deploy.local import browser

PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
SLOWER = 4
KB = 1024
PATIENCE = 30_000
PHOTO = """async () => new Promise((resolve) => { const asked = indexedDB.open("field"); asked.onsuccess = () => {
  const all = asked.result.transaction("photos").objectStore("photos").getAll();
  all.onsuccess = async () => { const row = all.result.at(-1);
    const picture = await createImageBitmap(new Blob([row.bytes], { type: row.type }));
    resolve({ bytes: row.bytes.byteLength, edge: Math.max(picture.width, picture.height),
      exif: new TextDecoder("latin1").decode(row.bytes.slice(0, 4096)).includes("Exif") }); }; }; })"""

TICK = """() => {
  window.ticked = null;
  addEventListener('change', () => { window.changed = performance.now(); }, { capture: true, once: true });
  const seen = () => { window.ticked ??= performance.now() - window.changed; };
  new MutationObserver(seen).observe(document.getElementById('saved'), { childList: true });
}"""


@dataclass(frozen=True)
class Figure:
    """`limit` is what it may be at most."""

    name: str
    value: float
    unit: str
    limit: float

    @property
    def within(self) -> bool:
        return self.value <= self.limit

    def __str__(self) -> str:
        kept = "yes" if self.within else "NO"
        return f"{self.name:<52}{self.value:>10.2f} {self.unit:<8}{self.limit:>10.2f}   {kept}"


@contextmanager
def weighed(page: Page) -> Iterator[list[int]]:
    """The compressed bodies of what the page fetches meanwhile, in bytes; what the phone already has weighs nothing."""
    weights: list[int] = []
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    page.on("response", note)
    yield weights
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", note)
    fetched = (each for each in answers if each.ok and not each.from_service_worker)
    weights.extend(len(gzip.compress(each.body())) for each in fetched if each.url.startswith("http"))


class Visit:
    """One coordinator's phone, counting taps."""

    def __init__(self, page: Page, base_url: str, folder: Path) -> None:
        self.page, self.base_url, self.folder, self.taps = page, base_url, folder, 0
        self.pictures = 0

    def sign_in(self, username: str, password: str) -> None:
        self.page.goto(f"{self.base_url}/signin?next=/desk/me")
        self.page.locator("input[name=username]").first.fill(username)
        self.page.locator("input[name=password]").first.fill(password)
        self.page.locator("input[name=password]").first.press("Enter")
        self.page.wait_for_url("**/desk/me")

    def open(self, where: str = "") -> None:
        self.page.goto(f"{self.base_url}/desk/field/{where}")
        self.page.locator("body[data-open]").wait_for(timeout=PATIENCE)

    def tap(self, selector: str) -> None:
        self.page.locator(f"{selector} >> visible=true").first.tap()
        self.taps += 1

    def to(self, screen: str, selector: str) -> None:
        self.tap(selector)
        self.page.locator(f"body[data-screen={screen}]").wait_for(timeout=PATIENCE)

    def photograph(self) -> float:
        """Seconds from the shutter until the photo is on the phone."""
        self.pictures += 1
        path = self.folder / f"{self.pictures}.jpg"
        Image.effect_noise((2400, 3200), 30 + self.pictures).convert("RGB").save(path, quality=60)
        shown = self.page.locator("[data-photos] .photo")
        before, start = shown.count(), time.perf_counter()
        self.page.locator("[data-camera]").set_input_files(path)
        shown.nth(before).wait_for(timeout=PATIENCE)
        self.taps += 2
        return time.perf_counter() - start

    def ticked(self, act: Callable[[], None]) -> float:
        """Milliseconds until the phone says that it has saved it."""
        self.page.evaluate("document.getElementById('saved').replaceChildren()")
        self.page.evaluate(TICK)
        act()
        self.page.wait_for_function("() => window.ticked !== null")
        return self.page.evaluate("window.ticked")


def measure(page: Page, base_url: str, username: str, password: str, folder: Path) -> list[Figure]:
    visit = Visit(page, base_url, folder)
    visit.sign_in(username, password)
    line = slow_down(page)
    line.send("Network.clearBrowserCache")
    found = [*loads(visit), *a_visit(visit)]
    line.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    return [*found, *screens(visit)]


def slow_down(page: Page) -> CDPSession:
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return line


def loads(visit: Visit) -> Iterator[Figure]:
    page = visit.page
    with weighed(page) as first:
        start = time.perf_counter()
        visit.open()
        interactive = time.perf_counter() - start
    yield Figure("first load, compressed", sum(first) / KB, "KB", 60)
    yield Figure("first load until one can begin", interactive, "s", 3)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=PATIENCE)
    with weighed(page) as again:
        start = time.perf_counter()
        visit.open()
        interactive = time.perf_counter() - start
    worker = gzip.compress(page.request.get(f"{visit.base_url}/desk/field/sw.js").body())
    yield Figure("repeat load with the worker's check, compressed", (sum(again) + len(worker)) / KB, "KB", 5)
    yield Figure("repeat load until one can begin", interactive, "s", 3)


def a_visit(visit: Visit) -> Iterator[Figure]:
    """Every item looked at on its own screen, four photos, the end; not sent, so that it can be measured again."""
    page, start, ticks = visit.page, time.perf_counter(), []
    visit.taps = 0
    visit.to("task", "#screen .rows a.title")
    visit.to("arrive", ".actions .primary")
    visit.to("task", ".actions .primary")
    visit.tap(".actions .primary")
    page.locator("[data-form=item]").wait_for(timeout=PATIENCE)
    shots, items = [], 0
    while page.locator("[data-form=item]").count():
        ticks.append(visit.ticked(lambda: visit.tap("label.tile:has([value=pass])")))
        items += 1
        if items <= 3:
            shots.append(visit.photograph())
        where = page.url
        visit.tap(".actions .primary")
        page.wait_for_function("where => location.href !== where", arg=where)
        page.wait_for_function("() => document.body.dataset.screen === location.hash.split('/')[1]")
    shots.append(visit.photograph())
    visit.taps += 2  # the name of who signs, and sending it
    photo = page.evaluate(PHOTO)
    yield Figure(f"visit of {items} items and {len(shots)} photos", visit.taps, "taps", 40)
    yield Figure("the same, by script, on the slow phone", time.perf_counter() - start, "s", 300)
    yield Figure("tick after a change, median", statistics.median(ticks), "ms", 100)
    yield Figure("tick after a change, slowest, while photos are sent", max(ticks), "ms", 100 * SLOWER)
    yield Figure("photo until it is on the phone, slowest", max(shots), "s", 8)
    yield Figure("photo, long edge", photo["edge"], "px", 1600)
    yield Figure("photo, size", photo["bytes"] / KB, "KB", 300)
    yield Figure("photo, sent at 400 kbit/s", photo["bytes"] / LINE["uploadThroughput"], "s", 8)
    yield Figure("photo, EXIF in it", float(photo["exif"]), "photos", 0)


def screens(visit: Visit) -> Iterator[Figure]:
    claim = visit.page.url.split("#")[1].split("/")[0]
    for name, where in (
        ("list", ""),
        ("task", f"#{claim}"),
        ("arrive", f"#{claim}/arrive"),
        ("finish", f"#{claim}/finish"),
    ):
        visit.open(where)
        serious = [
            each for each in Axe().run(visit.page).response["violations"] if each["impact"] in ("serious", "critical")
        ]
        yield Figure(f"axe, serious, screen of the {name}", len(serious), "findings", 0)


def phone(chromium: Browser) -> Page:
    return chromium.new_context(
        viewport=PHONE, locale="zh-CN", has_touch=True, is_mobile=True,
        geolocation={"latitude": 23.155, "longitude": 112.896, "accuracy": 15}, permissions=["geolocation"],
    ).new_page()  # fmt: skip


def table(figures: list[Figure]) -> str:
    head = f"{'field app':<52}{'measured':>10} {'':<8}{'at most':>10}   within"
    return "\n".join([head, "-" * len(head), *map(str, figures)])


def main(base_url: str, username: str, password: str) -> int:
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=browser.ensure(), args=ARGUMENTS)
        figures = measure(phone(chromium), base_url.rstrip("/"), username, password, Path(folder))
        chromium.close()
    print(table(figures))
    return 0 if all(figure.within for figure in figures) else 1


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("python -m deploy.field_budget BASE_URL USERNAME PASSWORD")
    sys.exit(main(*sys.argv[1:]))
