"""The officer corrects where a proposal would stand, before deciding on it: its sheet, lot, CPC code or shelf."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from framework_agreements.models import AgreementLot
from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.sets import passing_table
from marketplace.registry.models import Membership
from marketplace.shop.catalogue.models import Category, Product

from .deciding import NO_SHEETS, reasons_not_open
from .facts import World
from .holding import suppliers_hold
from .judging import judge_proposals, reasons_not_acceptable
from .models import Proposal, ProposalDecision


@dataclass(frozen=True)
class Place:
    """Where a proposal stands once it is accepted. `product`: the sheet that it is the same as; none for a new one."""

    product: Product | None
    lot: AgreementLot
    cpc_code: str
    category: Category


PLACE = ("product", "lot", "cpc_code", "category")
OWN = ("id", "id_public", "corrects", *PLACE)  # what a corrected proposal does not take from the first


@transaction.atomic
def proposal_correct(*, proposal: Proposal, place: Place, actor: Membership, at: datetime) -> Proposal:
    """Put a proposal with the same terms and another place in the stead of this one, which stays as the supplier's row made it.

    It is judged as offers are. Raises RuleBroken (``proposal_decided``, ``proposal_as_it_was``, ``mapping_lot_elsewhere``,
    ``proposal_gtin_has_sheet``, and each rule of an offer that it would break only when corrected so); then nothing is written.
    """
    suppliers_hold([proposal.supplier_id])
    refuse(reasons_not_open(proposal))
    refuse(_reasons_not_a_place(proposal, place))
    known = {broken.code for broken in _reasons_against(proposal, at)}
    corrected = _put_in_its_stead(proposal, place, actor, at)
    refuse(_at_its_field(broken) for broken in _reasons_against(corrected, at) if broken.code not in known)
    record("proposal.corrected", corrected, actor=actor, at=at, was=_written(place_of(proposal)), now=_written(place))
    return corrected


def place_of(proposal: Proposal) -> Place:
    return Place(proposal.product, proposal.lot, proposal.cpc_code, proposal.category)


def _reasons_not_a_place(proposal: Proposal, place: Place) -> list[Broken]:
    if place.lot.agreement_id != proposal.agreement_id:
        return [Broken("mapping_lot_elsewhere", agreement=proposal.agreement.code)]
    if place == place_of(proposal):
        return [Broken("proposal_as_it_was")]
    same = Product.objects.filter(gtin=proposal.gtin, gtin__isnull=False).first() if place.product is None else None
    return [Broken("proposal_gtin_has_sheet", name=same.title, code=same.code)] if same else []


def _reasons_against(proposal: Proposal, at: datetime) -> list[Broken]:
    """Why it could not be accepted now."""
    passing_table("new_sheets", NO_SHEETS)
    judge_proposals(World(proposal.supplier_id, proposal.agreement_id, localdate(at)), [proposal.pk])
    return reasons_not_acceptable().get(proposal.pk, [])


def _put_in_its_stead(proposal: Proposal, place: Place, actor: Membership, at: datetime) -> Proposal:
    ProposalDecision.objects.create(proposal=proposal, status=Proposal.Status.CORRECTED, decided_by=actor, at=at)
    fields = [field for field in Proposal._meta.concrete_fields if field.name not in OWN]
    terms = {field.attname: getattr(proposal, field.attname) for field in fields}
    return Proposal.objects.create(**terms, **vars(place), corrects=proposal)


def _at_its_field(broken: Broken) -> Broken:
    """The lot decides whether one may sell in it; whatever else an offer breaks, it breaks with its sheet."""
    return Broken(broken.code, field="lot" if broken.field == "category" else "product", **broken.values)


def _written(place: Place) -> dict[str, Any]:
    sheet = place.product.code if place.product else None
    return {"sheet": sheet, "lot": place.lot.number, "cpc_code": place.cpc_code, "category": place.category.slug}
