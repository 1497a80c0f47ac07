"""Takes the pictures of the README from a running demo: `python -m deploy.screenshots http://127.0.0.1:8000`.

Reads `manage.py facts` for codes and sign-ins, so it runs where the demo runs.
"""

import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.local import browser

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]

PUBLIC = {"public-stall": "/s/{stall}", "public-voucher": "/v/{voucher}", "public-batch": "/b/{batch}", "tour": "/tour"}
DESKS = [
    ("wholesaler", "wholesaler-today", "/desk/wholesale", PHONE),
    ("wholesaler", "wholesaler-sell", "/desk/wholesale/sell", PHONE),
    ("market_manager", "gate", "/desk/market/gate", PHONE),
    ("market_manager", "gate-desktop", "/desk/market/gate", DESKTOP),
    ("vendor", "vendor-today", "/desk/stall", PHONE),
    ("vendor", "vendor-on-sale", "/desk/stall/on-sale", PHONE),
    ("district_officer", "oversight", "/desk/oversight", DESKTOP),
]


def main(base_url: str) -> None:
    facts = json.loads(subprocess.check_output([sys.executable, "manage.py", "facts"], cwd=ROOT))
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.ensure(), args=ARGUMENTS)
        codes = {kind: tokens[0] for kind, tokens in facts["codes"].items() if tokens}
        for name, path in PUBLIC.items():
            take(new_page(chromium, PHONE), base_url + path.format(**codes), name)
        for role, name, path, size in DESKS:
            take(signed_in(chromium, base_url, facts["logins"][role][0], size), base_url + path, name)
        chromium.close()


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
    page.screenshot(path=IMAGES / f"{name}.png")
    page.context.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
