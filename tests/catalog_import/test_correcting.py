"""An officer corrects where a proposal would stand, by the rules of offers, and only while it is open."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog_import.correcting import Place, place_of, proposal_correct
from catalog_import.deciding import proposal_reject, proposals_accept
from catalog_import.models import Proposal, ProposalDecision
from catalog_import.selectors import sheets_found
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.shop.catalogue.models import Product
from marketplace.shop.partner.models import StockRecord
from tests.catalog_import.conftest import ENGLISH, text_of
from tests.catalog_import.test_pages import url, words_of

HEADER = (*ENGLISH, "product_code", "pack_factor")


@pytest.fixture
def proposal(apply) -> Proposal:
    return apply(text_of({"gtin": ""})).proposals.get()


@pytest.fixture
def correct(officer, noon):
    """Correct what is named, and leave the rest of its place."""

    def correct(proposal: Proposal, **values) -> Proposal:
        place = Place(**vars(place_of(proposal)) | values)
        return proposal_correct(proposal=proposal, place=place, actor=officer, at=noon)

    return correct


def codes_of(refusal) -> list[tuple[str, str | None]]:
    return [(broken.code, broken.field) for broken in refusal.value.broken]


@pytest.mark.feature("CI-5")
def test_another_lot_code_and_shelf_take_its_place_and_the_first_stays(
    proposal, correct, market, lot_factory, category_factory, officer, noon
):
    lot, shelf = lot_factory(agreement=market.agreement), category_factory(name="Papelería")
    terms = Proposal.objects.filter(pk=proposal.pk).values("sku", "price", "stock", "run_id", "line", "supplier_id", "created_at")

    corrected = correct(proposal, lot=lot, cpc_code="321290012", category=shelf)

    assert (corrected.lot, corrected.cpc_code, corrected.category, corrected.corrects) == (lot, "321290012", shelf, proposal)
    assert terms.get() == terms.model.objects.filter(pk=corrected.pk).values(*terms.get()).get()
    first = Proposal.objects.get(pk=proposal.pk)
    assert (first.status, first.lot, first.cpc_code) == ("corrected", market.lot, "452700014")
    assert (first.decision.decided_by, first.decision.at) == (officer, noon)
    assert list(Proposal.objects.open()) == [corrected]
    event = Event.objects.get(kind="proposal.corrected")
    assert (event.subject_id, event.membership_id) == (corrected.pk, officer.pk)
    assert event.payload == {
        "was": {"sheet": None, "lot": market.lot.number, "cpc_code": "452700014", "category": proposal.category.slug},
        "now": {"sheet": None, "lot": lot.number, "cpc_code": "321290012", "category": shelf.slug},
    }


@pytest.mark.feature("CI-5")
def test_what_is_corrected_is_accepted_where_it_was_put(proposal, correct, market, lot_factory, category_factory, officer, noon):
    lot, shelf = lot_factory(agreement=market.agreement), category_factory(name="Papelería")
    corrected = correct(proposal, lot=lot, cpc_code="321290012", category=shelf)

    assert proposals_accept(proposal_ids=[corrected.pk], actor=officer, at=noon).accepted == 1

    sheet, listing = Product.objects.get(), StockRecord.objects.get()
    assert (sheet.cpc_code, [each.name for each in sheet.categories.all()]) == ("321290012", ["Papelería"])
    assert (listing.product, listing.adjudicated_item.adjudication.lot) == (sheet, lot)


@pytest.mark.feature("CI-5")
def test_tied_to_a_sheet_it_is_sold_under_that_one_and_no_other_comes_to_be(proposal, correct, product_factory, officer, noon):
    sheet = product_factory(title="Papel bond A4", base_unit="C62")

    corrected = correct(proposal, product=sheet)
    proposals_accept(proposal_ids=[corrected.pk], actor=officer, at=noon)

    assert StockRecord.objects.get().product == sheet
    assert Product.objects.count() == 1


def test_corrected_twice_the_last_word_holds(proposal, correct, category_factory):
    shelf = category_factory(name="Papelería")

    last = correct(correct(proposal, category=shelf), cpc_code="321290012")

    assert (last.category, last.cpc_code) == (shelf, "321290012")
    assert list(Proposal.objects.open()) == [last] == list(Proposal.objects.standing())


def test_a_later_import_of_the_code_replaces_the_corrected_one(proposal, correct, apply):
    corrected = correct(proposal, cpc_code="321290012")

    apply(text_of({"gtin": "", "price": "2.00"}))

    assert Proposal.objects.get(pk=corrected.pk).status == "superseded"
    assert Proposal.objects.open().get().cpc_code == "452700014"


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize("decide", ["reject", "accept", "correct"])
def test_what_is_decided_is_not_corrected(proposal, correct, officer, noon, decide):
    if decide == "reject":
        proposal_reject(proposal=proposal, reason="no", actor=officer, at=noon)
    elif decide == "accept":
        proposals_accept(proposal_ids=[proposal.pk], actor=officer, at=noon)
    else:
        correct(proposal, cpc_code="321290011")

    with pytest.raises(RuleBroken) as refusal:
        correct(proposal, cpc_code="321290012")

    assert codes_of(refusal) == [("proposal_decided", None)]
    assert not Proposal.objects.filter(cpc_code="321290012").exists()


def test_a_lot_of_another_agreement_is_refused(proposal, correct, lot_factory):
    with pytest.raises(RuleBroken) as refusal:
        correct(proposal, lot=lot_factory())

    assert codes_of(refusal) == [("mapping_lot_elsewhere", "lot")]


def test_a_correction_that_corrects_nothing_is_refused(proposal, correct):
    with pytest.raises(RuleBroken) as refusal:
        correct(proposal)

    assert codes_of(refusal) == [("proposal_as_it_was", None)]
    assert ProposalDecision.objects.count() == 0


def test_the_rules_of_offers_hold_for_the_sheet_and_the_lot(apply, correct, market, product_factory, lot_factory):
    proposal = apply(text_of({})).proposals.get()
    other_gtin = product_factory(gtin="04006381333931", base_unit="C62")
    by_the_box = product_factory(gtin=None, base_unit="BX")
    withdrawn = product_factory(gtin=None, base_unit="C62", is_public=False)
    suspended = lot_factory(agreement=market.agreement, status="suspended")

    for values, refused in (
        ({"product": other_gtin}, [("gtin_of_another_sheet", "product")]),
        ({"product": by_the_box}, [("pack_factor_needed", "product")]),
        ({"product": withdrawn}, [("sheet_withdrawn", "product")]),
        ({"lot": suspended}, [("lot_suspended_now", "lot")]),
    ):
        with pytest.raises(RuleBroken) as refusal:
            correct(proposal, **values)
        assert codes_of(refusal) == refused

    assert (Proposal.objects.count(), ProposalDecision.objects.count()) == (1, 0)


def test_what_was_wrong_before_does_not_hold_up_a_correction(proposal, correct, market):
    market.lot.status = "suspended"
    market.lot.save()

    assert correct(proposal, cpc_code="321290012").status == "open"


def test_a_new_sheet_beside_that_of_its_gtin_is_refused(apply, correct, product_factory):
    sheet = product_factory(gtin="07861000000017", base_unit="C62")
    proposal = apply(text_of({})).proposals.get()
    assert proposal.product == sheet

    with pytest.raises(RuleBroken) as refusal:
        correct(proposal, product=None)

    assert codes_of(refusal) == [("proposal_gtin_has_sheet", "product")]


# ---------------------------------------------------------------- finding the sheet


def test_sheets_are_found_by_code_gtin_and_words_and_without_asking_by_what_is_alike(apply, product_factory):
    alike = product_factory(title="Resma de Papel Ártico", gtin=None)
    same = product_factory(title="Hojas A4", gtin="07861000000017", base_unit="C62")
    other = product_factory(title="Marcador azul", gtin="04006381333931")
    product_factory(title="Resma de papel retirada", is_public=False, gtin=None)
    proposal = apply(text_of({})).proposals.get()

    assert proposal.product == same
    assert sheets_found("", proposal) == [same, alike]
    assert sheets_found("azul marca", proposal) == [same, other]
    assert sheets_found(other.code.lower(), proposal) == [same, other]
    assert sheets_found("4006381333931", proposal) == [same, other]
    assert sheets_found("?!", proposal) == [same, alike]
    assert sheets_found("nada", proposal) == [same]


# ---------------------------------------------------------------- on its page


@pytest.mark.feature("CI-5")
def test_the_officer_finds_a_sheet_ties_it_and_reads_what_it_was(as_, proposal, officer, product_factory):
    sheet = product_factory(title="Papel bond A4 blanco", base_unit="C62")
    client, page = as_(officer), url("proposal-correct", proposal)

    found = words_of(client.get(page, {"ficha": "bond blanco"}))
    assert "Papel bond A4 blanco" in found
    form = {"product": sheet.code, "lot": proposal.lot.number, "cpc_code": "452700014", "category": proposal.category.slug}
    answer = client.post(page, form)

    corrected = Proposal.objects.open().get()
    assert (answer.url, corrected.product) == (reverse("catalog_import:proposal", args=[corrected.id_public]), sheet)
    assert "Papel bond A4 blanco" in words_of(client.get(answer.url))
    assert str(officer.user) in words_of(client.get(answer.url))
    assert str(corrected.id_public) in words_of(client.get(url("proposal", proposal)))
    assert client.get(page).url == reverse("catalog_import:proposal", args=[proposal.id_public])


def test_a_page_that_is_sent_wrong_says_so_at_its_fields(as_, proposal, officer, lot_factory):
    form = {"product": "no", "lot": lot_factory().number + 50, "cpc_code": "12", "category": "no"}

    errors = as_(officer).post(url("proposal-correct", proposal), form).context["form"].errors

    assert set(errors) == {"product", "lot", "cpc_code", "category"}
    assert Proposal.objects.get().status == "open"


def test_the_supplier_sees_each_proposal_once(as_, proposal, correct, market, membership_factory):
    correct(proposal, cpc_code="321290012")
    manager = membership_factory(role="supplier_manager", supplier=market.supplier)

    rows = as_(manager).get(f"{url('run', proposal.run)}?ver=proposed").context["rows"]

    assert [row.cpc_code for row in rows] == ["321290012"]


def test_an_undone_import_takes_the_corrected_one_back(proposal, correct, market, membership_factory, noon):
    from catalog_import.undoing import run_undo

    corrected = correct(proposal, cpc_code="321290012")
    manager = membership_factory(role="supplier_manager", supplier=market.supplier)

    undone = run_undo(run_id=proposal.run_id, actor=manager, at=noon)

    assert (undone.undone, undone.kept) == (1, 0)
    assert Proposal.objects.get(pk=corrected.pk).status == "withdrawn"
    assert corrected.price == Decimal("3.12")
