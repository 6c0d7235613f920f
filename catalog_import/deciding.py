"""The officer decides on proposals: one, several, or all of a run. What is missing for an accepted one comes to be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from framework_agreements.bulk import items_adjudicate
from framework_agreements.models import AgreementLot, FrameworkAgreement
from framework_agreements.services import adjudication_create
from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.sets import execute, fetch, in_thousands, next_id, passing_table
from marketplace.registry.models import Membership, Supplier
from marketplace.shop.catalogue.bulk import sheets_create, sheets_hold
from marketplace.shop.partner.bulk import listings_apply, listings_hold
from marketplace.shop.partner.services import partner_of

from .facts import World, sheet_of
from .holding import suppliers_hold, terms_hold
from .judging import judge_proposals, reasons_not_acceptable
from .models import ImportRun, Proposal, ProposalDecision
from .models.proposal import UNIT
from .rules import reasons_not_importable


@dataclass
class Decided:
    """How many proposals were accepted, and why the others stay open (by their keys)."""

    accepted: int = 0
    kept: dict[int, list[Broken]] = field(default_factory=dict)


@transaction.atomic
def proposals_accept(
    *, proposal_ids: Iterable[int], actor: Membership | None, at: datetime, ceiling_price: Decimal | None = None
) -> Decided:
    """Put proposals on sale: sheets, adjudications and adjudicated items that are missing come to be.

    The ceiling of a new item is the price offered, or `ceiling_price` (USD per base unit, net) when the officer sets one.
    Each is judged anew; one that cannot be accepted stays open and says why. Raises RuleBroken (``ceiling_below_offer``)
    and then accepts none.
    """
    ids = list(proposal_ids)
    suppliers_hold(key for (key,) in fetch("SELECT DISTINCT supplier_id FROM catalog_import_proposal WHERE id = ANY(%s)", [ids]))
    sheets_hold()
    decided = Decided()
    for world, keys in _open_by_world(ids, at, decided).items():
        terms_hold(world)
        _accept(world, keys, actor, at, ceiling_price, decided)
    return decided


@transaction.atomic
def proposal_reject(*, proposal: Proposal, reason: str, actor: Membership, at: datetime) -> ProposalDecision:
    """Raises RuleBroken (``proposal_decided``) for one that is decided already."""
    suppliers_hold([proposal.supplier_id])
    refuse(reasons_not_open(proposal))
    decision = ProposalDecision.objects.create(
        proposal=proposal, status=Proposal.Status.REJECTED, reason=reason, decided_by=actor, at=at
    )
    record("proposal.rejected", proposal, actor=actor, at=at, reason=reason)
    return decision


def reasons_not_open(proposal: Proposal) -> list[Broken]:
    """Read anew; nobody else decides while its supplier is held."""
    decisions = ProposalDecision.objects.filter(proposal=proposal)
    return [_decided_already(decision.status) for decision in decisions]


def _decided_already(status: str) -> Broken:
    return Broken("proposal_decided", status=str(Proposal.Status(status).label))


# ---------------------------------------------------------------- accepting


def _open_by_world(ids: list[int], at: datetime, decided: Decided) -> dict[World, list[int]]:
    """The open ones, by supplier and agreement; nobody else decides on them while their suppliers are held."""
    worlds = defaultdict(list)
    for key, supplier, agreement, status in fetch(_ASKED, [ids]):
        if status is None:
            worlds[World(supplier, agreement, localdate(at))].append(key)
        else:
            decided.kept[key] = [_decided_already(status)]
    return worlds


def _accept(
    world: World, keys: list[int], actor: Membership | None, at: datetime, ceiling: Decimal | None, decided: Decided
) -> None:
    supplier, agreement = Supplier.objects.get(pk=world.supplier_id), FrameworkAgreement.objects.get(pk=world.agreement_id)
    broken = reasons_not_importable(supplier, agreement, world.on)
    if broken:
        decided.kept |= dict.fromkeys(keys, broken)
        return
    listings_hold(_LISTED, {"proposals": keys})
    passing_table("new_sheets", NO_SHEETS)
    judge_proposals(world, keys)
    if _sheets_make(at):
        judge_proposals(world, keys)
    _refuse_low(ceiling)
    _adjudicate(supplier, agreement, world, actor, ceiling)
    judge_proposals(world, keys)
    decided.kept |= reasons_not_acceptable()
    listings_apply(_ACCEPTED, partner=partner_of(supplier), at=at, actor=actor)
    decided.accepted += _close(actor, at)


def _sheets_make(at: datetime) -> int:
    """A sheet for each proposal that meets none; those of one GTIN share it. How many."""
    passing_table("new_sheets", _NEW_SHEETS)
    return sheets_create("new_sheets", at=at)


def _refuse_low(ceiling: Decimal | None) -> None:
    """A ceiling below the price that is accepted with it makes no sense."""
    if ceiling is None:
        return
    offered = fetch(f"SELECT max({_BASE_PRICE}) FROM proposal_facts f WHERE NOT f.is_refused AND f.item_id IS NULL")[0][0]
    if offered is not None and ceiling < offered:
        refuse([Broken("ceiling_below_offer", offered=offered)])


def _adjudicate(
    supplier: Supplier, agreement: FrameworkAgreement, world: World, actor: Membership | None, ceiling: Decimal | None
) -> None:
    """The adjudications and items that are missing."""
    lots = [key for (key,) in fetch(_LOTS_TO_ADJUDICATE)]
    for lot in AgreementLot.objects.select_related("agreement").filter(pk__in=lots).order_by("pk"):
        adjudication_create(lot=lot, supplier=supplier, valid_from=world.on, valid_until=agreement.valid_until, actor=actor)
    passing_table("new_items", _NEW_ITEMS, {"supplier": supplier.pk, "ceiling": ceiling})
    items_adjudicate("new_items", actor=actor)


def _close(actor: Membership | None, at: datetime) -> int:
    """Write down the decisions. How many."""
    accepted = execute(_CLOSE, {"at": at, "actor": actor and actor.pk})
    keys = defaultdict(list)
    for run, proposal in fetch("SELECT run_id, key FROM proposal_facts WHERE NOT is_refused ORDER BY key"):
        keys[run].append(proposal)
    for run in ImportRun.objects.filter(pk__in=keys).order_by("pk"):
        for proposals in in_thousands(keys[run.pk]):
            record("proposal.accepted", run, actor=actor, at=at, proposals=proposals)
    return accepted


NO_SHEETS = "SELECT NULL::text AS sheet_of, NULL::bigint AS product_id WHERE false"  # that were just made for proposals
_BASE_PRICE = "ceil(f.price / f.pack_factor * 1000000) / 1000000"  # rounded up: the price itself never passes it
_ASKED = """
SELECT p.id, p.supplier_id, p.agreement_id, d.status
FROM catalog_import_proposal p LEFT JOIN catalog_import_proposaldecision d ON d.proposal_id = p.id
WHERE p.id = ANY(%s) ORDER BY p.id
"""
_LISTED = """
SELECT s.id FROM catalog_import_proposal p
JOIN partner_partner t ON t.supplier_id = p.supplier_id
JOIN partner_stockrecord s ON s.partner_id = t.id AND s.partner_sku = p.sku
WHERE p.id = ANY(%(proposals)s)
"""
_SHEET_OF = sheet_of("f.gtin", "f.key")
_NEW_SHEETS = f"""
SELECT {next_id("catalogue_product")} AS product_id, s.* FROM (
    SELECT DISTINCT ON ({_SHEET_OF}) {_SHEET_OF} AS sheet_of, f.name AS title, f.description, f.brand, f.gtin, f.cpc_code,
        CASE WHEN f.pack_factor > 1 THEN '{UNIT}' ELSE f.sales_unit END AS base_unit, f.category_id
    FROM proposal_facts f WHERE NOT f.is_refused AND f.product_id IS NULL
    ORDER BY {_SHEET_OF}, f.key
) s
"""
_LOTS_TO_ADJUDICATE = """
SELECT DISTINCT target_lot_id FROM proposal_facts WHERE NOT is_refused AND item_id IS NULL AND adjudication_id IS NULL
"""
_NEW_ITEMS = f"""
SELECT a.id AS adjudication_id, f.product_id, coalesce(%(ceiling)s::numeric, max({_BASE_PRICE})) AS ceiling_price
FROM proposal_facts f
JOIN framework_agreements_adjudication a ON a.lot_id = f.target_lot_id AND a.supplier_id = %(supplier)s
WHERE NOT f.is_refused AND f.item_id IS NULL
GROUP BY a.id, f.product_id
"""
_ACCEPTED = "(SELECT * FROM proposal_facts WHERE NOT is_refused)"
_CLOSE = f"""
INSERT INTO catalog_import_proposaldecision (proposal_id, status, product_id, decided_by_id, reason, at)
SELECT key, '{Proposal.Status.ACCEPTED}', product_id, %(actor)s, '', %(at)s
FROM proposal_facts WHERE NOT is_refused ORDER BY key
"""
