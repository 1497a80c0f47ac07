"""The browser of the tests, installed where there is none."""

from playwright.sync_api import Browser, Playwright

from deploy.local import browser

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=browser.ensure(), args=ARGUMENTS)
