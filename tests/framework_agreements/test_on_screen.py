"""The officer's screens: an agreement from its draft to its end, and what they refuse in words."""

from datetime import date
from decimal import Decimal

import pytest

from framework_agreements.models import AdjudicatedItem, Adjudication, AgreementLot, FrameworkAgreement
from marketplace.kernel.errors import sentence_for
from marketplace.kernel.events.models import Event
from tests.answers import errors_of, is_on_sale, said, screens_of

screens = screens_of("framework_agreements")

PERIOD = {"valid_from": "01/01/2026", "valid_until": "30/04/2028"}
LOT = {"number": "1", "name": "Papel", "ceiling": "1.200,50", "whole_country": "on"}


@pytest.mark.feature("FA-1")
def test_an_agreement_from_draft_to_end(screens, supplier_factory, product_factory, listing_factory):
    supplier, product = supplier_factory(), product_factory()
    screens("agreement-create", code="CM-2026-08", name="Papelería", purpose="", legal_basis="", **PERIOD)
    screens("cause-add", "CM-2026-08", text="Fuerza mayor", clause="7.2")
    screens("lot-create", "CM-2026-08", **LOT)
    screens("adjudication-create", "CM-2026-08", 1, supplier=supplier.ruc, **PERIOD)
    award = Adjudication.objects.get()
    screens("item-create", award.id_public, product_code=product.code.lower(), ceiling_price="10,5")
    screens("agreement-publish", "CM-2026-08")

    agreement, item = FrameworkAgreement.objects.get(), AdjudicatedItem.objects.get()
    assert (agreement.status, agreement.valid_from, agreement.valid_until) == ("published", date(2026, 1, 1), date(2028, 5, 1))
    assert AgreementLot.objects.get().ceiling.limit == Decimal("1200.50")
    assert (item.product, item.ceiling_price.amount) == (product, Decimal("10.50"))
    listing = listing_factory(adjudicated_item=item)
    assert is_on_sale(listing)

    screens("agreement-close", "CM-2026-08")

    assert not is_on_sale(listing)
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "agreement.created", "agreement.changed", "lot.created", "adjudication.created", "item.adjudicated", "agreement.published",
        "agreement.closed",
    ]  # fmt: skip


@pytest.mark.feature("FA-4")
@pytest.mark.parametrize("what", ["lot", "adjudication"])
def test_suspended_it_is_off_sale_and_resumed_it_is_back(screens, listing_factory, what):
    listing = listing_factory()
    of_lot = (listing.agreement.code, listing.lot.number)
    key = of_lot if what == "lot" else (listing.adjudicated_item.adjudication.id_public,)

    screens(f"{what}-suspend", *key, reason="Reclamo en trámite")
    assert not is_on_sale(listing)
    screens(f"{what}-resume", *key, reason="Reclamo resuelto")
    assert is_on_sale(listing)


def test_a_suspension_wants_its_reason(screens, listing_factory):
    listing = listing_factory()

    screens("lot-suspend", listing.agreement.code, listing.lot.number, reason="")

    assert is_on_sale(listing)


def test_an_unfinished_agreement_is_not_published(screens, agreement_factory):
    agreement = agreement_factory(status="draft")

    response = screens("agreement-publish", agreement.code)

    words = {"agreement": agreement.code}
    assert said(response) == [sentence_for(code, **words) for code in ("agreement_without_lots", "agreement_without_causes")]
    assert FrameworkAgreement.objects.get().status == "draft"


def test_a_code_is_used_once(screens, agreement_factory):
    agreement_factory(code="CM-2026-08")

    response = screens("agreement-create", code="CM-2026-08", name="Otra", **PERIOD)

    assert errors_of(response) == {"code": [sentence_for("agreement_known", code="CM-2026-08")]}


def test_the_last_day_is_not_before_the_first(screens, db):
    response = screens("agreement-create", code="CM-1", name="Otra", valid_from="02/01/2026", valid_until="01/01/2026")

    assert list(errors_of(response)) == ["valid_until"]
    assert (
        screens("agreement-create", code="CM-1", name="Un día", valid_from="02/01/2026", valid_until="02/01/2026").status_code
        == 302
    )


def test_a_ceiling_is_not_set_below_what_was_ordered(screens, lot_factory, limit_factory):
    lot = lot_factory(ceiling=limit_factory(limit=Decimal(1000), taken=Decimal("700.25")))

    response = screens("lot-edit", lot.agreement.code, lot.number, **LOT | {"ceiling": "700,24"})

    assert errors_of(response) == {"ceiling": [sentence_for("ceiling_below_taken", taken=Decimal("700.25"))]}
    lot.ceiling.refresh_from_db()
    assert lot.ceiling.limit == 1000


def test_a_lot_says_where_it_is_delivered(screens, agreement_factory):
    agreement = agreement_factory()

    response = screens("lot-create", agreement.code, number="1", name="Papel", ceiling="1000")
    screens("lot-create", agreement.code, number="1", name="Papel", ceiling="1000", provinces="11", cantons="0101")

    assert list(errors_of(response)) == ["whole_country"]
    codes = AgreementLot.objects.get().delivery_cantons
    assert "0101" in codes
    assert {code[:2] for code in codes} == {"01", "11"}


def test_an_adjudication_keeps_to_the_days_of_its_agreement(screens, lot_factory, supplier_factory):
    lot = lot_factory()

    response = screens(
        "adjudication-create",
        lot.agreement.code,
        lot.number,
        supplier=supplier_factory().ruc,
        valid_from="01/01/2026",
        valid_until="01/01/2028",
    )

    words = {"from_": date(2026, 1, 1), "until": date(2027, 12, 31)}
    assert errors_of(response) == {"valid_until": [sentence_for("adjudication_outside_agreement", **words)]}
    assert not Adjudication.objects.exists()


def test_a_sheet_that_is_not_there_is_not_adjudicated(screens, adjudication_factory):
    response = screens("item-create", adjudication_factory().id_public, product_code="FN-999999-9", ceiling_price="1")

    assert list(errors_of(response)) == ["product_code"]
    assert not AdjudicatedItem.objects.exists()
