"""The officer decides: what comes to be for an accepted proposal, what stays open and why, what is rejected."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from catalog_import.deciding import proposal_reject, proposals_accept
from catalog_import.models import Proposal, ProposalDecision
from framework_agreements.models import AdjudicatedItem, Adjudication
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.conftest import ENGLISH, text_of

HEADER = (*ENGLISH, "product_code", "pack_factor")


@pytest.fixture
def accept(officer, noon):
    def accept(proposals, **options):
        return proposals_accept(proposal_ids=[each.pk for each in proposals], actor=officer, at=noon, **options)

    return accept


def codes_kept(decided) -> list[str]:
    return [broken.code for reasons in decided.kept.values() for broken in reasons]


def test_a_proposal_keeps_the_terms_of_its_row(apply, market):
    proposal = apply(text_of({"sku": "CJ", "unit": "XBX", "pack_factor": "12", "price": "10.00"}, header=HEADER)).proposals.get()

    assert (proposal.status, proposal.lot, proposal.cpc_code, proposal.category.name) == (
        "open", market.lot, "452700014", "Tecnología",
    )  # fmt: skip
    assert (proposal.gtin, proposal.sales_unit, proposal.pack_factor, proposal.base_unit) == ("07861000000017", "XBX", 12, "C62")
    assert (proposal.price, proposal.base_price) == (10, Decimal("0.833334"))
    assert (proposal.product, proposal.line, proposal.stock, proposal.vat_category) == (None, 2, 100, "S")


@pytest.mark.feature("CI-5")
def test_accepting_makes_all_that_is_missing_and_puts_it_on_sale(apply, accept, market, officer, noon):
    run = apply(text_of({"name": "Pañal  niño", "sku": "CJ", "unit": "XBX", "pack_factor": "12", "price": "10.00"}, header=HEADER))

    decided = accept(run.proposals.all())

    assert (decided.accepted, decided.kept) == (1, {})
    sheet = Product.objects.get()
    assert (sheet.title, sheet.slug, sheet.sort_key, sheet.folded_title) == (
        "Pañal niño",
        "panal-nino",
        "panzzal ninzzo",
        "panal nino",
    )
    assert (sheet.base_unit, sheet.cpc_code, sheet.brand, sheet.product_class.slug) == ("C62", "452700014", "Copylaser", "bien")
    assert [shelf.name for shelf in sheet.categories.all()] == ["Tecnología"]
    award = Adjudication.objects.get()
    assert (award.lot, award.supplier, award.status) == (market.lot, market.supplier, "active")
    assert (award.valid_from, award.valid_until) == (date(2026, 11, 23), date(2028, 1, 1))
    listing = StockRecord.objects.on_sale(noon.date()).get()
    assert (listing.price, listing.base_price, listing.pack_factor) == (10, Decimal("0.833333"), 12)
    assert listing.adjudicated_item.ceiling_price.amount == Decimal("0.833334")  # up: the price itself never passes it
    decision = ProposalDecision.objects.get()
    assert (decision.status, decision.product, decision.decided_by, decision.at) == ("accepted", sheet, officer, noon)
    event = Event.objects.get(kind="proposal.accepted")
    assert (event.subject_id, event.membership_id, event.payload) == (run.pk, officer.pk, {"proposals": [decision.proposal_id]})


def test_the_officer_may_set_another_ceiling(apply, accept):
    run = apply(text_of({"price": "3.12"}))

    accept(run.proposals.all(), ceiling_price=Decimal("3.50"))

    assert AdjudicatedItem.objects.get().ceiling_price.amount == Decimal("3.50")


def test_a_ceiling_below_the_price_is_refused_and_nothing_written(apply, accept):
    run = apply(text_of({"price": "3.12"}))

    with pytest.raises(RuleBroken) as refusal:
        accept(run.proposals.all(), ceiling_price=Decimal("3.11"))

    assert refusal.value.codes == ["ceiling_below_offer"]
    assert refusal.value.broken[0].values == {"offered": Decimal("3.12")}
    assert (Product.objects.count(), Adjudication.objects.count(), ProposalDecision.objects.count()) == (0, 0, 0)


def test_what_stands_is_not_made_again(apply, accept, market, product_factory, adjudication_factory):
    sheet = product_factory(gtin="07861000000017", base_unit="C62")
    award = adjudication_factory(lot=market.lot, supplier=market.supplier)
    run = apply(text_of({}))
    assert run.proposals.get().product == sheet

    accept(run.proposals.all())

    listing = StockRecord.objects.get()
    assert (listing.product, listing.adjudicated_item.adjudication) == (sheet, award)
    assert Product.objects.count() == 1


@pytest.mark.feature("CI-7")
def test_two_offers_of_one_gtin_share_the_sheet(apply, accept):
    run = apply(text_of({"sku": "A", "price": "3.00"}, {"sku": "B", "price": "3.50"}))

    assert accept(run.proposals.all()).accepted == 2

    assert Product.objects.count() == 1
    item = AdjudicatedItem.objects.get()
    assert item.ceiling_price.amount == Decimal("3.50")  # both prices were accepted
    assert item.listings.count() == 2


@pytest.mark.feature("CI-7")
def test_accepted_one_after_the_other_the_second_meets_the_firsts_sheet(apply, accept, supplier_factory):
    first, second = apply(text_of({})), apply(text_of({"name": "Con otro nombre"}), supplier_factory())
    assert second.proposals.get().product is None

    accept(first.proposals.all())
    accept(second.proposals.all())

    assert Product.objects.get().title == "Resma de papel bond A4"
    assert set(ProposalDecision.objects.values_list("product__gtin", flat=True)) == {"07861000000017"}
    assert StockRecord.objects.count() == 2


def test_without_a_gtin_each_has_its_own_sheet(apply, accept):
    run = apply(text_of({"sku": "A", "gtin": ""}, {"sku": "B", "gtin": ""}))

    accept(run.proposals.all())

    assert list(Product.objects.values_list("gtin", flat=True)) == [None, None]


def test_one_that_cannot_be_accepted_stays_open_and_says_why(apply, accept):
    """Both are of one GTIN; the sheet that the first makes counts single units, the second sells boxes of unknown content."""
    run = apply(text_of({"sku": "A"}, {"sku": "B", "unit": "XBX"}))

    decided = accept(run.proposals.all())

    assert (decided.accepted, codes_kept(decided)) == (1, ["pack_factor_needed"])
    assert [each.sku for each in Proposal.objects.open()] == ["B"]
    assert list(StockRecord.objects.values_list("partner_sku", flat=True)) == ["A"]


def test_a_box_that_says_it_holds_one_is_a_box_of_one(apply, accept):
    run = apply(text_of({"sku": "A"}, {"sku": "B", "unit": "XBX", "pack_factor": "1"}, header=HEADER))

    assert accept(run.proposals.all()).accepted == 2


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        ("supplier", "suspended", "import_supplier_suspended"),
        ("agreement", "closed", "import_agreement_not_in_force"),
        ("lot", "suspended", "lot_suspended_now"),
    ],
)
def test_nothing_is_accepted_of_what_was_suspended_meanwhile(apply, accept, market, what, status, code):
    run = apply(text_of({}))
    subject = getattr(market, what)
    subject.status = status
    subject.save()

    decided = accept(run.proposals.all())

    assert (decided.accepted, codes_kept(decided)) == (0, [code])
    assert (Product.objects.count(), Adjudication.objects.count()) == (0, 0)


def test_an_item_adjudicated_meanwhile_keeps_its_ceiling(
    apply, accept, market, adjudication_factory, item_factory, product_factory
):
    run = apply(text_of({"sku": "A", "price": "3.00"}, {"sku": "B", "price": "3.20"}))
    award = adjudication_factory(lot=market.lot, supplier=market.supplier)
    item = item_factory(
        adjudication=award, product=product_factory(gtin="07861000000017", base_unit="C62"), ceiling_price=Decimal("3.10")
    )

    decided = accept(run.proposals.all())

    assert (decided.accepted, codes_kept(decided)) == (1, ["price_over_ceiling"])
    item.refresh_from_db()
    assert item.ceiling_price.amount == Decimal("3.10")


def test_accepting_again_changes_nothing(apply, accept):
    run = apply(text_of({}))
    accept(run.proposals.all())

    decided = accept(run.proposals.all())

    assert (decided.accepted, codes_kept(decided)) == (0, ["proposal_decided"])
    assert StockRecord.objects.count() == 1


def test_proposals_of_several_suppliers_at_once(apply, accept, supplier_factory):
    apply(text_of({"sku": "A"}))
    apply(text_of({"sku": "A"}), supplier_factory())

    assert accept(Proposal.objects.open()).accepted == 2
    assert (Product.objects.count(), Adjudication.objects.count()) == (1, 2)


def test_an_accepted_product_is_unchanged_in_the_next_import(apply, accept):
    accept(apply(text_of({})).proposals.all())

    run = apply(text_of({}))

    assert (run.unchanged, run.proposed) == (1, 0)


@pytest.mark.feature("CI-8")
def test_rejecting_gives_the_reason(apply, officer, noon):
    proposal = apply(text_of({})).proposals.get()

    proposal_reject(proposal=proposal, reason="Ya existe como FN-000123-4.", actor=officer, at=noon)

    proposal = Proposal.objects.select_related("decision").get()
    assert (proposal.status, proposal.decision.reason, proposal.decision.decided_by) == (
        "rejected", "Ya existe como FN-000123-4.", officer,
    )  # fmt: skip
    assert Event.objects.get(kind="proposal.rejected").payload == {"reason": "Ya existe como FN-000123-4."}


def test_a_decided_proposal_is_not_rejected(apply, accept, officer, noon):
    run = apply(text_of({}))
    accept(run.proposals.all())

    with pytest.raises(RuleBroken) as refusal:
        proposal_reject(proposal=run.proposals.get(), reason="tarde", actor=officer, at=noon)

    assert refusal.value.codes == ["proposal_decided"]
    assert ProposalDecision.objects.get().status == "accepted"


def test_the_database_holds_what_a_decision_is(apply, officer, noon):
    proposal = apply(text_of({})).proposals.get()
    for values in ({"status": "open"}, {"status": "rejected", "reason": ""}, {"status": "accepted"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposalDecision.objects.create(proposal=proposal, decided_by=officer, at=noon, **values)
    with pytest.raises(ProgrammingError, match="only grows"), transaction.atomic():
        Proposal.objects.update(price=1)
