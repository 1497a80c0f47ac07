"""Test items, methods and limits: what is in force, what is coming, what was; and the district's additions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import export
from kit.templatetags.show import moment
from registry.models import Product, ProductCategory
from registry.permissions import VERBS
from registry.selectors.products import find_products
from registry.templatetags.places import named
from registry.web.doors import desk, see_other
from registry.web.lists import asked, carried_out, export_url, form_page, page_of, select, today
from traceability.models import TestItem, TestLimit, TestMethod
from traceability.models.test_standards import Versioned
from traceability.selectors import standard_versions as selectors
from traceability.selectors.standards import limits_in_force
from traceability.services import standards
from traceability.web import standard_words as words
from traceability.web.forms_standards import ItemForm, LimitForm, MethodForm, NewItemForm, VersionForm

reading = desk("view_tests")
managing = desk("manage_test_standards")
SHOWN = ("name", "name_en", "group", "banned", "active")


@require_safe
@reading
def index(request: HttpRequest) -> HttpResponse:
    """The items; asked for by a product, those meant for it, each with the limit in force for it."""
    items, product = asked_for(request)
    page = page_of(request, items)
    context = {
        "page": page,
        "count": page.paginator.count,
        "product": product,
        "limits": limits_in_force(product, today()) if product else {},
        "categories": {category.code: named(category) for category in ProductCategory.objects.all()},
        "selects": [select(request, "group", _("All groups"), words.GROUPS)],
        "export_url": export_url(request, "standards_export"),
        "searched": any(request.GET.get(name) for name in ("q", "group")),
        "may_manage": manages(request),
    }
    return render(request, "traceability/standards/index.html", context)


def asked_for(request: HttpRequest) -> tuple:
    """What was typed is looked for among the items first; when it is none of them, it is a product."""
    q, group = asked(request, "q"), asked(request, "group", words.GROUPS)
    items = selectors.items_for_editing(q=q, group=group)
    if not q or items.exists():
        return items, None
    product: Product | None = next(iter(find_products(q, limit=1)), None)
    return (selectors.items_for_editing(product=product, group=group), product) if product else (items, None)


def manages(request: HttpRequest) -> bool:
    return request.actor.has_role(*VERBS["manage_test_standards"])


@require_safe
@reading
def export_csv(request: HttpRequest) -> HttpResponse:
    """Every version of every method and limit of the items asked for, a line each."""
    header = [_("Item"), _("Name"), _("Group"), _("What"), _("Goods"), _("Method number"), _("Limit or limit of "
              "detection"), _("State"), _("In force from"), _("Rests on"), _("Compared with the text")]  # fmt: skip
    return export.csv_response("test-standards.csv", header, lines(request))


def lines(request: HttpRequest) -> Iterator[list[object]]:
    items = list(asked_for(request)[0])
    for chain in selectors.methods_of(items, today()):
        for row, state in chain.rows():
            lod = words.quantity(row.lod, row.unit) if row.lod is not None else ""
            yield [*of(row.item), _("Method"), row.title, row.method_no, lod, *ends(row, state)]
    for chain in selectors.limits_of(items, today()):
        for row, state in chain.rows():
            yield [*of(row.item), _("Limit"), words.goods_of(row), "", words.limit_said(row), *ends(row, state)]


def of(item: TestItem) -> list[object]:
    return [item.code, named(item), words.GROUPS[item.group]]


def ends(row: Versioned, state: str) -> list[object]:
    return [words.STATES[state], row.effective_from, row.source, _("compared") if row.verified else ""]


@require_safe
@reading
def item(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.item_called(code)
    context = {
        "item": found,
        "group": words.GROUPS[found.group],
        "categories": ", ".join(
            named(each) for each in ProductCategory.objects.filter(code__in=found.categories)
        ),
        "methods": selectors.methods_of([found], today()),
        "limits": selectors.limits_of([found], today(), q=asked(request, "q")),
        "q": asked(request, "q"),
        "may_manage": manages(request),
    }  # fmt: skip
    return render(request, "traceability/standards/item.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new_item(request: HttpRequest) -> HttpResponse:
    form = NewItemForm(request.POST or None)
    made = carried_out(form, lambda data: standards.add_item(
        request.actor, code=data["code"], details=standards.ItemDetails(**form.facts())
    ))  # fmt: skip
    if made:
        messages.success(request, _("%(name)s is entered. Add its method and limits now.") % {"name": made.name})
        return see_other("standard", made.code)
    return form_page(request, "registry/form.html", form, title=_("A further item"), up=reverse("standards"))


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def edit_item(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.item_called(code)
    initial = {name: getattr(found, name) for name in SHOWN} | {"categories": found.categories}
    form = ItemForm(request.POST or None, initial=initial)
    done = carried_out(form, lambda data: standards.change_item(
        request.actor, item=found, details=standards.ItemDetails(**form.facts())
    ))  # fmt: skip
    if done:
        messages.success(request, _("Kept."))
        return see_other("standard", found.code)
    return form_page(
        request, "registry/form.html", form, title=_("What is said of it"), kicker=named(found),
        up=reverse("standard", args=[found.code]),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new_method(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.item_called(code)
    form = MethodForm(request.POST or None, initial=copied(request, TestMethod, found))
    return added(request, found, form, _("A method, or a new version of one"), lambda data: standards.add_method(
        request.actor, item=found, details=standards.MethodDetails(**form.details()),
        version=standards.From(**form.version()), client_key=data["client_key"],
    ))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def new_limit(request: HttpRequest, code: str) -> HttpResponse:
    found = selectors.item_called(code)
    form = LimitForm(request.POST or None, initial=copied(request, TestLimit, found))
    return added(request, found, form, _("A limit, or a new version of one"), lambda data: standards.add_limit(
        request.actor, item=found, details=standards.LimitDetails(**form.details()),
        version=standards.From(**form.version()), client_key=data["client_key"],
    ))  # fmt: skip


def copied(request: HttpRequest, kind: type[Versioned], found: TestItem) -> dict[str, object]:
    """What a new version starts from: the one named by `?of=`."""
    wanted = request.GET.get("of", "")
    row = next((row for row in kind.objects.filter(item=found) if str(row.pk) == wanted), None)
    if row is None:
        return {}
    if isinstance(row, TestMethod):
        return {name: getattr(row, name) for name in ("method_no", "title", "principle", "lod", "unit")}
    kept = {"category": row.category_id, "product": row.product.name if row.product else ""}
    return kept | {name: getattr(row, name) for name in ("kind", "value", "unit")}


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def retire_method(request: HttpRequest, code: str, version_id: uuid.UUID) -> HttpResponse:
    return retired(request, TestMethod, code, version_id)


@require_http_methods(["GET", "HEAD", "POST"])
@managing
def retire_limit(request: HttpRequest, code: str, version_id: uuid.UUID) -> HttpResponse:
    return retired(request, TestLimit, code, version_id)


def retired(request: HttpRequest, kind: type[Versioned], code: str, version_id: uuid.UUID) -> HttpResponse:
    found = selectors.item_called(code)
    row = selectors.version_called(kind, found, version_id)
    form = VersionForm(request.POST or None)
    what = row.method_no if isinstance(row, TestMethod) else f"{words.goods_of(row)} {words.limit_said(row)}"
    return added(request, found, form, _("%(what)s ends") % {"what": what}, lambda data: standards.retire(
        request.actor, version=row, at=standards.From(**form.version()), client_key=data["client_key"]
    ), lede=_("Tests of the days before keep it."))  # fmt: skip


def added(request: HttpRequest, found: TestItem, form, title: str, act: Callable, **more: str) -> HttpResponse:
    made = carried_out(form, act)
    if made:
        messages.success(request, _("Entered. It counts from %(day)s on.") % {"day": moment(made.effective_from)})
        return see_other("standard", found.code)
    up = reverse("standard", args=[found.code])
    return form_page(request, "registry/form.html", form, title=title, kicker=named(found), up=up, **more)
