"""What the entry gate says of a declaration as it stands: facts gathered, the table asked."""

from registry.models import Occupancy, Place
from registry.papers import PaperKind
from traceability import gate
from traceability.gate import GateAnswer, GateFacts, GrowerFact
from traceability.models import Paper
from traceability.selectors.upstream import confirms


def papers_of(declaration) -> list[Paper]:
    """The papers on file now; whoever decides reads them under the declaration's lock."""
    return list(Paper.objects.filter(district_id=declaration.district_id, declaration=declaration))


def ask(declaration) -> GateAnswer:
    """The gate's answer for a stored declaration with its papers."""
    return answer(declaration, papers_of(declaration))


def answer(declaration, papers: list[Paper]) -> GateAnswer:
    return gate.decide(facts_of(declaration, papers))


def facts_of(declaration, papers: list[Paper]) -> GateFacts:
    occupancy = Occupancy.objects.filter(
        district_id=declaration.district_id,
        place_id=declaration.place_id,
        organisation_id=declaration.organisation_id,
        ended_on__isnull=True,
    ).first()
    return GateFacts(
        entry_on=declaration.trade_day,
        vendor_active=bool(occupancy) and declaration.place.state == Place.State.ACTIVE,
        agreement_signed_on=occupancy.agreement_signed_on if occupancy else None,
        agreement_ends_on=occupancy.agreement_ends_on if occupancy else None,
        self_grown=declaration.self_grown,
        grower_facts=_grower_facts(declaration),
        papers=frozenset(PaperKind(paper.kind) for paper in papers),
        required_papers=frozenset(PaperKind(kind) for kind in declaration.product.required_papers),
        imported=declaration.imported,
        upstream_confirmed=confirms(declaration.upstream_code, declaration.product_id),
    )


def _grower_facts(declaration):
    """Product, quantity and day are columns that cannot be empty; the rest is the grower's own record."""
    known = {GrowerFact.PRODUCT, GrowerFact.QUANTITY, GrowerFact.DAY}
    grower = declaration.supplier
    if grower and grower.id_number:
        known.add(GrowerFact.ID_NUMBER)
    if grower and grower.phone:
        known.add(GrowerFact.PHONE)
    if grower and grower.address:
        known.add(GrowerFact.ADDRESS)
    return frozenset(known)
