"""A signed-in person's door to a scanned thing: what may I do with it (contract: /desk/open/<token>)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kit import codes, public_codes
from kit.models import PublicCode
from kit.qr_photos import decode_photo
from registry.models import Place
from registry.permissions import may
from registry.roles import BUSINESS_ROLES, Role
from registry.web.doors import desk, places_of_work
from traceability.models import Batch, Voucher


@dataclass(frozen=True)
class Action:
    label: str
    url: str
    icon: str = "next"


@require_safe
@desk()
def open_code(request, token):
    """What this person may do with this thing; the only thing there is to do is done at once."""
    code = public_codes.look_up(token)
    if code is None or code.target_id is None:
        return redirect(f"/{code.kind}/{code.token}" if code else reverse("code_page", args=[token]))
    if code.state == PublicCode.State.REPLACED:
        messages.info(request, _("This plate has been replaced; here is the present page."))
    thing, title, actions = _ABOUT[code.kind](request, code)
    if len(actions) == 1 and not request.GET.get("stay"):
        return HttpResponseRedirect(actions[0].url)
    public = Action(_("What the public sees"), f"/{code.kind}/{code.token}", "eye")
    context = {"thing": thing, "title": title, "code": code, "actions": actions, "public": public}
    return render(request, "traceability/open.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk()
def scan(request):
    """Type a code, paste an address, or send a photo of a code; a phone's own camera opens codes by itself."""
    text = request.GET.get("q", "").strip()
    wrong = ""
    if request.method == "POST" and request.FILES.get("photo"):
        found = decode_photo(request.FILES["photo"].read(12_000_000))
        text = found[0] if found else ""
        wrong = "" if found else _("No code can be read in this photo. Come closer, hold still, avoid glare.")
    if label := sample_label(text):
        return redirect("sample", label)
    if text:
        token = codes.read_token(text.rstrip("/").rsplit("/", 1)[-1])
        code = public_codes.look_up(token) if token else public_codes.look_up_typed(text)
        if code:
            return redirect("open", token=code.token)
        wrong = _("This is not a code of ours. Check the characters under the picture, or scan it again.")
    return render(request, "traceability/scan.html", {"wrong": wrong, "text": text}, status=422 if wrong else 200)


def sample_label(text: str) -> str | None:
    """The label in the address a sample's label carries."""
    before, _slash, last = text.rstrip("/").rpartition("/")
    return codes.read_typed_code(last) if before.lower().endswith("/desk/samples") else None


def _batch(request, code):
    actor = request.actor
    batch = Batch.objects.select_related("place__market", "product").get(
        district_id=code.district_id, pk=code.target_id
    )
    actions = []
    if Batch.objects.visible_to(actor).filter(pk=batch.pk).exists():
        actions.append(Action(_("Open the batch"), reverse("batch", args=[batch.id]), "stock"))
    if may(actor, "sell", place=batch.place):
        actions.append(Action(_("Sell from it"), _with(reverse("sell"), batch=batch.id, place=batch.place_id), "sell"))
    if may(actor, "record_test", place=batch.place):
        actions.append(Action(_("Record a rapid test"), _with(reverse("test_new"), batch=batch.token), "test"))
    if may(actor, "place_hold", place=batch.place):
        actions.append(Action(_("Pause its sale"), _with(reverse("hold_new"), batch=batch.token), "flag"))
    return batch, f"{batch.product.name} · {batch.place}", actions


def _voucher(request, code):
    actor = request.actor
    voucher = Voucher.objects.select_related("place__market").get(district_id=code.district_id, pk=code.target_id)
    buying = _buyer_place(request, voucher)
    actions = []
    if buying:
        actions.append(
            Action(_("Take the goods in"), _with(reverse("take_in", args=[voucher.token]), place=buying.id), "take-in")
        )
    if Voucher.objects.visible_to(actor).filter(pk=voucher.pk).exists() and not buying:
        actions.append(Action(_("Open the voucher"), reverse("voucher", args=[voucher.id]), "ledger"))
    return voucher, _("Voucher of %(seller)s") % {"seller": voucher.seller_name}, actions


def _buyer_place(request, voucher):
    """The place at which this person may take the voucher in: the one it names, or, of a walk-in, the one at work."""
    mine = [place for place in places_of_work(request, *BUSINESS_ROLES) if place.pk != voucher.place_id]
    if voucher.buyer_place_id is None:
        at_work = request.place
        return at_work if at_work in mine else None
    mine = [place for place in mine if place.organisation_id == voucher.buyer_organisation_id]
    named = (place for place in mine if place.pk == voucher.buyer_place_id)
    return next(named, mine[0] if mine else None)


def _place(request, code):
    actor = request.actor
    place = Place.objects.select_related("market").get(district_id=code.district_id, pk=code.target_id)
    actions = []
    own = any(scope.place_id == place.pk for scope in actor.with_role(*BUSINESS_ROLES))
    if own:
        home = "wholesale_home" if actor.has_role(Role.WHOLESALER) else "stall_home"
        actions.append(Action(_("Go to my desk here"), _with(reverse(home), place=place.id), "home"))
    elif actor.has_role(Role.WHOLESALER):
        actions.append(Action(_("Sell to this buyer"), _with(reverse("sell"), buyer=place.token), "sell"))
    if may(actor, "record_test", place=place):
        actions.append(Action(_("Take samples here"), _with(reverse("sample_new"), place=place.id), "test"))
    if Place.objects.visible_to(actor).filter(pk=place.pk).exists() and not own:
        actions.append(Action(_("Open its record"), reverse("stall", args=[place.id]), "stall"))
    return place, str(place), actions


_ABOUT = {"b": _batch, "v": _voucher, "s": _place, "d": _place}


def _with(url, **query):
    return f"{url}?{urlencode(query)}"
