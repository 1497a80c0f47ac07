"""Takes the pictures of the README from a running demo: `python -m deploy.screenshots http://127.0.0.1:8000`.

Reads `manage.py facts` for codes and sign-ins, so it runs where the demo runs. Letters are drawn with the Chinese
font that paper is set with, whatever the machine has, so that the pictures look alike wherever they are taken.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local import browser
from kit import typeset

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{folder}</dir>
<cachedir>{cache}</cachedir>
</fontconfig>"""

PUBLIC = [("public-stall", "/s/{stall}"), ("public-voucher", "/v/{voucher}"), ("public-batch", "/b/{batch}")]
DESKS = [
    ("wholesaler", "wholesaler-today", "/desk/wholesale", PHONE),
    ("wholesaler", "wholesaler-sell", "/desk/wholesale/sell", PHONE),
    ("market_manager", "gate", "/desk/market/gate", PHONE),
    ("market_manager", "gate-desktop", "/desk/market/gate", DESKTOP),
    ("vendor", "vendor-today", "/desk/stall", PHONE),
    ("vendor", "vendor-on-sale", "/desk/stall/on-sale", PHONE),
]


def main(base_url: str) -> None:
    facts = json.loads(subprocess.check_output([sys.executable, "manage.py", "facts"], cwd=ROOT))
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser.ensure(), args=ARGUMENTS, env={**os.environ, "FONTCONFIG_FILE": fonts(Path(folder))}
        )
        take(new_page(chromium, PHONE), f"{base_url}/tour", "tour")
        codes = codes_of_the_tour(new_page(chromium, PHONE), base_url)
        for name, path in PUBLIC:
            take(new_page(chromium, PHONE), base_url + path.format(**codes), name)
        for role, name, path, size in DESKS:
            take(signed_in(chromium, base_url, facts["logins"][role][0], size), base_url + path, name)
        chromium.close()


def fonts(folder: Path) -> str:
    """A fontconfig file that knows the machine's fonts and the one that paper is set with."""
    path, _index = typeset.font_file()
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(folder=Path(path).parent, cache=folder), encoding="utf-8")
    return str(config)


def codes_of_the_tour(page: Page, base_url: str) -> dict[str, str]:
    """The batch, slip and stall of one product, so that the pictures tell one story."""
    page.goto(f"{base_url}/tour")
    found = {}
    for kind, letter in {"batch": "b", "voucher": "v", "stall": "s"}.items():
        address = page.locator(f".chain a[href^='/{letter}/']").first.get_attribute("href")
        if address is None:
            raise SystemExit("The tour has no goods yet: let the demo play a day first.")
        found[kind] = address.rpartition("/")[2]
    page.context.close()
    return found


def new_page(chromium: Browser, size: dict) -> Page:
    return chromium.new_context(viewport=size, locale="zh-CN", device_scale_factor=2).new_page()


def signed_in(chromium: Browser, base_url: str, person: dict, size: dict) -> Page:
    page = new_page(chromium, size)
    page.goto(f"{base_url}/signin")
    page.locator("input[name=username]").first.fill(person["username"])
    page.locator("input[name=password]").first.fill(person["password"])
    page.locator("input[name=password]").first.press("Enter")
    page.wait_for_url("**/desk/**")
    return page


def take(page: Page, url: str, name: str) -> None:
    answer = page.goto(url, wait_until="networkidle")
    if answer is None or answer.status >= 400:
        raise SystemExit(f"{url} answered {answer and answer.status}")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=IMAGES / f"{name}.png")
    page.context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
