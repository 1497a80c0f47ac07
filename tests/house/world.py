"""A tiny world: one of everything of ours, and of others, for the role matrix.

Ours lies in one market of one town of the district. The others hold the same roles elsewhere: at
another stall or store, in another market and town, or in another district. Neighbours are as near as
can be without being ours.
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field, replace
from functools import cached_property

from PIL import Image

from inspections.models import Claim, Coordinator, Task, VisitPhoto
from kit import photos
from kit.ids import uuid7
from kit.images import StoredImage, reencode
from registry.models import Account, Base, Device, Grant, Market, Notice, Place, Region, Supplier
from registry.roles import BUSINESS_ROLES, Role
from registry.selectors.actors import actor_for
from registry.services.bases import FOLDER
from registry.services.notices import notify
from tests.factories import cases
from tests.factories.inspections import ClaimFactory, TaskFactory
from tests.factories.registry import (
    AccountFactory,
    BaseFactory,
    DeviceFactory,
    ElsewhereFactory,
    GrantFactory,
    MarketFactory,
    OtherTownFactory,
    StallFactory,
    StoreFactory,
    SupplierFactory,
    TownFactory,
)
from tests.factories.testing import TestKitFactory, TestLimitFactory, TestMethodFactory, point_at
from tests.factories.traceability import (
    PROOF,
    SLIP,
    BatchFactory,
    DeclarationFactory,
    HoldFactory,
    IntakeFactory,
    VoucherFactory,
)
from traceability.models import (
    Batch,
    Declaration,
    Hold,
    Intake,
    Paper,
    PointInstrument,
    PointStaff,
    PositiveCase,
    TestKit,
    TestLimit,
    TestMethod,
    TestPoint,
    Voucher,
)
from traceability.services import points

NEIGHBOURS = (*sorted(BUSINESS_ROLES), Role.MARKET_MANAGER, Role.TESTER, Role.COORDINATOR, Role.REVIEWER)
WHOLE_DISTRICT = frozenset({Role.DISTRICT_OFFICER, Role.FINANCE, Role.AUDITOR, Role.SUPPORT})


@dataclass
class Side:
    """A town with a market, its stalls, a store, and somebody in every role."""

    town: Region
    market: Market
    stall: Place
    wholesale_stall: Place
    store: Place
    people: dict[Role, Account] = field(default_factory=dict)

    def place_of(self, role: Role) -> Place:
        return {Role.WHOLESALER: self.wholesale_stall, Role.VENDOR: self.stall, Role.STORE_MANAGER: self.store}[role]


@dataclass
class World:
    ours: Side
    theirs: Side
    neighbours: dict[Role, Account]
    """At another stall of our market, at another store or market of our town."""

    helper: Account
    """Works at our retail stall beside its keeper."""

    notice: Notice
    """Told to the keeper of our retail stall."""

    supplier: Supplier
    """Of our wholesaler, like the base, the scale, the declaration at the gate and the batch."""

    base: Base
    scale: Device
    declaration: Declaration
    photographed: Paper
    """Of the declaration, with its photo."""

    entered_for_us: Declaration
    """By another clerk of the market; nobody has looked at it since."""

    batch: Batch
    voucher: Voucher
    """Sold to our retail stall, which took it in."""

    intake: Intake
    hold: Hold
    """On the wholesaler's batch."""

    case: PositiveCase
    """A positive on another batch of his, sealed, with a photo of the seal."""
    method: TestMethod
    limit: TestLimit
    point: TestPoint
    """Of our store, with its tester, an instrument and a kit."""

    staff: PointStaff
    placed: PointInstrument
    kit: TestKit

    @cached_property
    def coordinator(self) -> Coordinator:
        """Ours, of our town."""
        return Coordinator.objects.create(
            district_id=self.ours.town.code[:6], account=self.ours.people[Role.COORDINATOR], kind="coordinator",
            level=3, town=self.ours.town, joined_on=dt.date(2026, 1, 1),
        )  # fmt: skip

    @cached_property
    def claim(self) -> Claim:
        """Of our coordinator, at our store."""
        return ClaimFactory(task=TaskFactory(place=self.ours.store), coordinator=self.coordinator)

    @cached_property
    def promotion_claim(self) -> Claim:
        """Of our coordinator, at our store, about a talk with a checklist."""
        task = TaskFactory(place=self.ours.store, kind__code="PROMO", kind__group="promotion")
        return ClaimFactory(task=task, coordinator=self.coordinator)

    @cached_property
    def visit_photo(self) -> VisitPhoto:
        """Taken under our coordinator's claim."""
        claim = self.promotion_claim
        return VisitPhoto.objects.create(
            district_id=claim.district_id, claim=claim, sha256="0" * 64, image=photos.keep(photo(), "visits"),
            taken_at=claim.claimed_at, received_at=claim.claimed_at,
        )  # fmt: skip

    @cached_property
    def given_task(self) -> Task:
        """Assigned to our coordinator, to accept or refuse."""
        return TaskFactory(place=self.ours.store, assigned_to=self.coordinator)

    @property
    def helpers_grant(self) -> Grant:
        return self.helper.grants.get()


def make_world() -> World:
    ours = make_side(TownFactory(), whole_district=TownFactory())
    theirs = make_side(OtherTownFactory(), whole_district=ElsewhereFactory())
    helper = GrantFactory(role=Role.VENDOR, place=ours.stall, title="帮工").account
    keeper = ours.people[Role.VENDOR]
    notify(
        [keeper],
        district_id=ours.market.district_id,
        kind="role_given",
        once_key="world",
        data={"role": "vendor"},
        url="/desk/me",
    )
    return World(
        ours=ours,
        theirs=theirs,
        neighbours=neighbours_of(ours),
        helper=helper,
        notice=keeper.notices.get(),
        **goods_of(ours),
        **testing_of(ours),
    )


def neighbours_of(side: Side) -> dict[Role, Account]:
    market = MarketFactory(town=side.town, kind=Market.Kind.MIXED)
    scopes = {role: {"market": market} for role in NEIGHBOURS} | {
        Role.WHOLESALER: {"place": StallFactory(market=side.market)},
        Role.VENDOR: {"place": StallFactory(market=side.market)},
        Role.STORE_MANAGER: {"place": StoreFactory(town=side.town)},
    }
    return {role: GrantFactory(role=role, **scope).account for role, scope in scopes.items()}


def goods_of(side: Side) -> dict[str, object]:
    """What our wholesaler brought in and our retail stall bought."""
    place = side.wholesale_stall
    wholesaler = actor_for(side.people[Role.WHOLESALER])
    batch = BatchFactory(place=place, actor=wholesaler)
    voucher = VoucherFactory(batch=batch, actor=wholesaler, buyer=side.stall)
    intake = IntakeFactory(voucher=voucher, actor=actor_for(side.people[Role.VENDOR]))
    batch.refresh_from_db()
    declaration = DeclarationFactory(place=place, actor=wholesaler, papers=(SLIP, replace(PROOF, photo=photo())))
    return {
        "supplier": SupplierFactory(organisation=place.organisation),
        "base": BaseFactory(organisation=place.organisation, contract_image=photos.keep(photo(), FOLDER)),
        "scale": DeviceFactory(place=place),
        "declaration": declaration,
        "photographed": declaration.papers.exclude(image="").get(),
        "entered_for_us": DeclarationFactory(place=place, on_behalf=True),
        "batch": batch,
        "voucher": voucher,
        "intake": intake,
        "hold": HoldFactory(batches=[batch]),
        "case": cases.sealed(cases.objected(cases.positive(BatchFactory(place=place, actor=wholesaler)))),
    }


def testing_of(side: Side) -> dict[str, object]:
    """What our store tests with."""
    keeper = actor_for(side.people[Role.STORE_MANAGER])
    point = point_at(side.store)
    method = TestMethodFactory(item__code="CARBO")
    training = points.Training(trained_on=dt.date(2026, 1, 1), trained_until=dt.date(2099, 1, 1))
    return {
        "method": method,
        "limit": TestLimitFactory(item=method.item),
        "point": point,
        "staff": points.add_staff(
            keeper, point=point, account=side.people[Role.STORE_MANAGER], training=training, client_key=uuid7()
        ),
        "placed": points.place_instrument(
            keeper, point=point, device=DeviceFactory(place=side.store, kind="instrument"), client_key=uuid7()
        ),
        "kit": TestKitFactory(point=point, item=method.item),
    }


def photo() -> StoredImage:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(file, "JPEG")
    file.seek(0)
    return reencode(file)


def make_side(town: Region, *, whole_district: Region) -> Side:
    market = MarketFactory(town=town, kind=Market.Kind.MIXED)
    side = Side(
        town=town,
        market=market,
        stall=StallFactory(market=market),
        wholesale_stall=StallFactory(market=market, occupancy__agreement_signed_on=dt.date(2026, 1, 1)),
        store=StoreFactory(town=town),
    )
    for role in Role:
        person = AccountFactory(name=role.label[:8])
        side.people[role] = GrantFactory(account=person, role=role, **scope(side, role, whole_district)).account
    return side


def scope(side: Side, role: Role, whole_district: Region) -> dict[str, object]:
    if role in BUSINESS_ROLES:
        return {"place": side.place_of(role)}
    if role in WHOLE_DISTRICT:
        return {"district_id": whole_district.code[:6]}
    if role is Role.TOWN_OFFICER:
        return {"town": side.town}
    return {"market": side.market}
