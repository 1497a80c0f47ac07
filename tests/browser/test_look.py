"""The visual language, seen by a browser: light, dark, large type; a phone and a desk."""

from __future__ import annotations

import gzip
import itertools
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from PIL import Image
from playwright.sync_api import Browser, Page

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
LOOKS = [
    *itertools.product(["gallery"], ["light", "dark"], [""], [PHONE, DESK]),
    ("gallery", "light", "&care", PHONE),
    ("gallery", "dark", "&care", DESK),
    ("signin", "light", "", PHONE),
    ("signin", "dark", "&care", DESK),
]
PATIENT_MS = 120_000  # a busy machine draws slowly
LARGEST_PUBLIC_PAGE = 6 * 1024  # bytes, compressed


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Nothing: the browser says what failed."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The gallery behind the platform's own middleware; it asks no database."""
    options = django_settings.TEMPLATES[0]["OPTIONS"]
    processors = [each for each in options["context_processors"] if "frames" not in each]
    templates = [{**django_settings.TEMPLATES[0], "OPTIONS": {**options, "context_processors": processors}}]
    middleware = [each for each in django_settings.MIDDLEWARE if "zeal" not in each]
    with override_settings(ROOT_URLCONF="tests.browser.gallery", TEMPLATES=templates, MIDDLEWARE=middleware):
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
        server.daemon_threads = True
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that fails the test when the browser complains, such as about the content security policy."""
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(("name", "theme", "care", "viewport"), LOOKS)
def test_components_are_accessible_and_fit(page, site, name, theme, care, viewport):
    """No serious finding of axe, no sideways scrolling, targets of 48 px (60 px in large type), three text sizes."""
    page.set_viewport_size(viewport)
    page.goto(f"{site}/desk/show/{name}?theme={theme}{care}")
    if name == "gallery":
        page.wait_for_selector(".pad button")
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate(TOO_SMALL, 60 if care else 48) == []
    assert len(page.evaluate(SIZES)) <= 3


TOO_SMALL = """least => [...document.querySelectorAll(
    'button, .button, .chip, .tool, .nav a, .choice, .tile, select, input')]
  .filter(each => !['hidden', 'radio', 'checkbox'].includes(each.type))
  .filter(each => each.checkVisibility() && each.getBoundingClientRect().height < least - 0.5)
  .map(each => each.outerHTML.slice(0, 120))"""
SIZES = """() => [...new Set([...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(each => getComputedStyle(each).fontSize))]"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["scanned", "404", "429", "500"])
def test_public_page_is_one_small_accessible_request(page, site, name, theme):
    page.emulate_media(color_scheme=theme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto(f"{site}/show/{name}")
    assert answer.status == HTTPStatus.OK
    assert len(gzip.compress(answer.body())) <= LARGEST_PUBLIC_PAGE
    assert len(asked) == 1
    assert page.context.cookies() == []
    assert page.locator("script").count() == 0
    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="大字").or_(page.get_by_role("link", name="Large type")).click()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 22
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_dark_by_choice_and_dark_by_system_are_the_same(chromium, site):
    """The two blocks of tokens.css say the same."""
    seen = []
    for system, theme in (("light", "dark"), ("dark", "auto")):
        page = chromium.new_page(color_scheme=system)
        page.goto(f"{site}/desk/show/signin?theme={theme}")
        seen.append(page.evaluate(TOKENS))
        page.close()
    assert seen[0] == seen[1]


TOKENS = """() => {
  const names = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])
    .filter(rule => rule.selectorText === ':root').flatMap(rule => [...rule.style])
    .filter(name => name.startsWith('--'));
  const now = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map(name => [name, now.getPropertyValue(name)]));
}"""


def test_what_was_typed_is_kept_until_the_server_has_it(page, site):
    page.goto(f"{site}/desk/show/gallery")
    page.locator("#intake [name=supplier]").fill("27 号档 绿源")
    page.wait_for_timeout(400)
    page.reload()
    page.wait_for_selector("[data-draft-note]:visible")
    assert page.locator("#intake [name=supplier]").input_value() == "27 号档 绿源"
    assert page.evaluate(FORGET, "not sent") == 1
    page.locator("#intake [name=origin]").select_option("640422")
    page.locator("#intake [name=kind]").first.check()
    page.evaluate("document.getElementById('intake').addEventListener('submit', event => event.preventDefault())")
    page.locator("button[form=intake]").click()
    assert page.evaluate(FORGET, "sent") == 0


FORGET = """() => {
  document.dispatchEvent(new CustomEvent('draft-done', {detail: {value: 'gallery'}}));
  return Object.keys(localStorage).filter(key => key !== 'desk-owner').length;
}"""


def test_number_pad_and_tile_filter_help_a_thumb(page, site):
    page.goto(f"{site}/desk/show/gallery")
    weight = page.locator("#intake [name=weight_kg]")
    pad = page.locator("#intake [data-pad]")
    pad.get_by_role("button", name="+10").click()
    pad.get_by_role("button", name="5", exact=True).click()
    pad.get_by_role("button", name=".").click()
    pad.get_by_role("button", name="2", exact=True).click()
    assert weight.input_value() == "305.2"
    page.locator("[data-filter] input").fill("caoyu")
    assert page.locator(".tile:visible .name").all_inner_texts() == ["螺丝椒", "草鱼"]


@pytest.fixture
def photo(tmp_path):
    """Larger than is sent, with what a camera writes into it."""
    picture = Image.effect_noise((1800, 1000), 40).convert("RGB")
    exif = picture.getexif()
    exif[0x010F] = "Phone"
    picture.save(tmp_path / "paper.jpg", quality=90, exif=exif)
    return tmp_path / "paper.jpg"


def test_photo_leaves_the_phone_small_and_without_exif(page, site, photo):
    """Long edge 1600 px, 300 KB, JPEG without metadata."""
    assert photo.stat().st_size > 600 * 1024
    page.goto(f"{site}/desk/show/gallery")
    page.locator("#intake input[type=file]").set_input_files(photo)
    page.wait_for_selector("#intake .photo .frame img", timeout=PATIENT_MS)
    size, edge, marked = page.evaluate(SENT)
    assert size <= 300 * 1024
    assert edge <= 1600
    assert not marked


def test_photo_chosen_before_the_script_has_come_is_made_small_too(page, site, photo):
    waiting = []
    page.route("**/photo*.js", lambda route: waiting.append(route))
    page.goto(f"{site}/desk/show/gallery", wait_until="commit")
    page.locator("#intake input[type=file]").set_input_files(photo)
    page.wait_for_function("() => document.querySelector('#intake input[type=file]').files.length")
    while not waiting:
        page.wait_for_timeout(50)
    waiting[0].continue_()
    page.wait_for_selector("#intake .photo .frame img", timeout=PATIENT_MS)
    assert page.evaluate(SENT)[0] <= 300 * 1024


SENT = """async () => {
  const file = document.querySelector('#intake input[type=file]').files[0];
  const picture = await createImageBitmap(file);
  const bytes = new TextDecoder('latin1').decode(await file.arrayBuffer());
  return [file.size, Math.max(picture.width, picture.height), bytes.includes('Exif')];
}"""


def test_every_component_works_without_javascript(chromium, site):
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/desk/show/gallery")
    assert page.locator(".tile input").first.is_checked()
    assert page.locator("[data-copy]:visible, [data-print]:visible, [data-filter]:visible, .pad:visible").count() == 0
    page.locator(".nav .more summary").click()
    assert page.locator(".nav .sheet-up").is_visible()
    context.close()
