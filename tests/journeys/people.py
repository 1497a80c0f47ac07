"""People before a browser that knows no script: they read pages, follow links, fill in forms and press buttons.

Only what a page offers can be sent: a field that is not there, a choice that is not among the choices or a
form without a button fails the test, as it would fail the person.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

from django.test import Client

from registry.models import Account

BACKEND = "registry.backends.NameOrPhone"
TICKED = ("radio", "checkbox")
NO_VALUE = ("submit", "button", "reset", "image", "file")


@dataclass
class Form:
    """A form as its page shows it: what it holds already, and what may be put in."""

    id: str
    action: str
    method: str
    held: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)
    fields: set[str] = field(default_factory=set)
    buttons: list[list[str]] = field(default_factory=list)
    """Name, value and words of each."""

    def called(self, name: str) -> bool:
        """By its id; one without an id by the end of the address it goes to, or by a field."""
        return self.id == name if self.id else self.action.partition("?")[0].endswith(name) or name in self.fields

    def filled(self, changes: dict[str, Any], press: str) -> dict[str, Any]:
        for name, value in changes.items():
            assert name in self.fields, f"The form asks for {sorted(self.fields)}, not for {name}."
            offered = self.choices.get(name)
            for one in value if isinstance(value, list) else [value]:
                assert offered is None or str(one) in offered, f"{name}: {one} is not among {sorted(offered)}."
        pressed = next((button for button in self.buttons if press in button[2]), None)
        assert pressed, f"There is no button {press} among {[button[2] for button in self.buttons]}."
        return self.held | ({pressed[0]: pressed[1]} if pressed[0] else {}) | changes


class _Reader(HTMLParser):
    def __init__(self, markup: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[list[str]] = []
        self.words: list[str] = []
        self.controls: list[tuple[str, str | None, Form | None, dict[str, str | None]]] = []
        self.form: Form | None = None
        self.select: dict[str, Any] | None = None
        self.inside: list[list[str]] = []
        self.feed(markup)
        self._settle()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            action = urljoin(self.address, given.get("action") or "")
            self.form = Form(given.get("id", ""), action, given.get("method", "get").lower())
            self.forms.append(self.form)
        elif tag in ("input", "select", "textarea", "button"):
            self.controls.append((tag, given.get("form"), self.form, given))
        if tag == "select":
            self.select = given | {"options": []}
            self.controls[-1] = (*self.controls[-1][:3], self.select)
        elif tag == "option" and self.select is not None:
            self.select["options"].append((given.get("value", ""), "selected" in given))
        if tag in ("a", "button", "textarea"):
            given["words"] = []
            self.inside.append(given["words"])
        if tag == "a":
            self.links.append([urljoin(self.address, given.get("href", "")), given["words"]])

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag in ("a", "button", "textarea") and self.inside:
            self.inside.pop()

    def handle_data(self, data):
        if self.cdata_elem:  # a style or a script is not read
            return
        self.words.append(data)
        if self.inside:
            self.inside[-1].append(data)

    def _settle(self):
        by_id = {form.id: form for form in self.forms if form.id}
        for tag, owner, around, given in self.controls:
            form = by_id.get(owner) if owner else around
            if form is not None and "disabled" not in given:
                _put(form, tag, given)


def _put(form: Form, tag: str, given: dict[str, Any]) -> None:
    name, kind = given.get("name") or "", given.get("type", "text")
    if tag == "button" or kind == "submit":
        form.buttons.append([name, given.get("value") or "", "".join(given.get("words", []))])
        return
    if not name:
        return
    form.fields.add(name)
    if tag == "select":
        options = given["options"]
        form.choices[name] = {value for value, _chosen in options}
        form.held[name] = [value for value, chosen in options if chosen] or [value for value, _ in options[:1]]
    elif kind in TICKED:
        form.choices.setdefault(name, set()).add(given.get("value", "on"))
        if "checked" in given:
            form.held.setdefault(name, []).append(given.get("value", "on"))
    elif kind not in NO_VALUE:
        value = "".join(given.get("words", [])) if tag == "textarea" else given.get("value") or ""
        form.held.setdefault(name, []).append(value)


class Page:
    """What a person sees."""

    def __init__(self, person: Person, response) -> None:
        self.person, self.response = person, response
        self.address = response.request["PATH_INFO"]
        if response.request.get("QUERY_STRING"):
            self.address += f"?{response.request['QUERY_STRING']}"
        self.status = response.status_code
        self.markup = response.content.decode()
        self._read = _Reader(self.markup, self.address)
        self.text = " ".join("".join(self._read.words).split())

    def __contains__(self, words: object) -> bool:
        return html.unescape(str(words)) in self.text

    def links(self, part: str) -> list[str]:
        """Addresses the page leads to that contain `part`."""
        return [address for address, _words in self._read.links if part in address]

    def follow(self, part: str) -> Page:
        """Follow the first link whose address or words contain `part`."""
        for address, words in self._read.links:
            if part in address or part in "".join(words):
                return self.person.open(address)
        raise AssertionError(f"{self.address} has no link {part}: {self.text}")

    def offers(self, form: str) -> bool:
        return any(each.called(form) for each in self._read.forms)

    def form(self, name: str) -> Form:
        for form in self._read.forms:
            if form.called(name):
                return form
        raise AssertionError(f"{self.address} has no form {name}: {self.text}")

    def send(self, name: str, press: str = "", **changes: Any) -> Page:
        """Fill in a form and press its button (the first, or the one with these words)."""
        form = self.form(name)
        data = form.filled(changes, press)
        if form.method == "get":
            return self.person.open(f"{form.action.partition('?')[0]}?{urlencode(data, doseq=True)}")
        return self.person.seen(self.person.client.post(form.action, data, follow=True))


class Person:
    """Somebody with an account, or nobody in particular."""

    def __init__(self, account: Account | None = None) -> None:
        self.client = Client(enforce_csrf_checks=True)
        if account:
            self.client.force_login(account, backend=BACKEND)

    def open(self, address: str, status: int = 200) -> Page:
        page = self.seen(self.client.get(address, follow=True))
        assert page.status == status, f"{page.status} {page.address}: {page.text}"
        return page

    def seen(self, response) -> Page:
        assert response.status_code < 500
        return Page(self, response)

    def data(self, address: str) -> dict[str, Any]:
        """The same page as a program reads it."""
        response = self.client.get(f"{address}.json")
        assert response.status_code == 200, response.content
        asked = self.client.get(address, headers={"Accept": "application/json"})
        assert _without_time(asked.json()) == _without_time(response.json())
        return response.json()


def _without_time(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name != "drawn_at"}
