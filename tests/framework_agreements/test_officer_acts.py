"""What the officer changes after the first day: each act is a row, an event and a sentence; a suspension has its reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from framework_agreements.models import Adjudication, AgreementLot
from marketplace.kernel.errors import sentence_for
from marketplace.registry.places import cantons_of
from tests.answers import is_on_sale, said, screens_of, sentence

screens = screens_of("framework_agreements")

PERIOD = {"valid_from": "01/01/2026", "valid_until": "30/06/2028"}


def panel(agreement) -> str:
    return reverse("framework_agreements:agreement-panel", args=[agreement.code])


# ---------------------------------------------------------------- changes


def test_an_agreement_is_extended_and_keeps_its_code(screens, told, agreement_factory):
    agreement = agreement_factory(code="CM-2026-08", name="Papel")

    response = screens(
        "agreement-edit", agreement.code, code="CM-1", name="Papelería", purpose="Oficinas", legal_basis="", **PERIOD
    )

    assert (response.url, said(response)) == (
        panel(agreement),
        sentence("The changes to {agreement} are saved.", agreement="CM-2026-08"),
    )
    agreement.refresh_from_db()
    assert (agreement.code, agreement.name, agreement.purpose) == ("CM-2026-08", "Papelería", "Oficinas")
    assert (agreement.valid_from, agreement.valid_until) == (date(2026, 1, 1), date(2028, 7, 1))
    assert told(agreement) == [("agreement.changed", {})]


def test_a_lot_gets_another_ceiling_and_other_cantons(screens, told, lot_factory, limit_factory):
    lot = lot_factory(number=3, ceiling=limit_factory(limit=Decimal(1000), taken=Decimal(700)))

    response = screens(
        "lot-edit", lot.agreement.code, 3, number="4", name="Cartón", ceiling="700,00", provinces="11", cantons="0101"
    )

    assert (response.url, said(response)) == (
        panel(lot.agreement),
        sentence("The changes to the lot «{lot}» are saved.", lot="Cartón"),
    )
    lot = AgreementLot.objects.select_related("ceiling").get()
    assert (lot.number, lot.name, lot.ceiling.limit, lot.ceiling.taken) == (4, "Cartón", 700, 700)
    assert lot.delivery_cantons == ["0101", *sorted(cantons_of("11"))]
    assert told(lot) == [("lot.changed", {})]


def test_an_adjudication_gets_other_days(screens, told, adjudication_factory):
    award = adjudication_factory()

    response = screens("adjudication-edit", award.id_public, valid_from="01/02/2026", valid_until="31/10/2027")

    assert response.url == reverse("framework_agreements:adjudication", args=[award.id_public])
    assert said(response) == sentence("The days of the adjudication are saved.")
    award.refresh_from_db()
    assert (award.valid_from, award.valid_until) == (date(2026, 2, 1), date(2027, 11, 1))
    assert told(award) == [("adjudication.changed", {})]


def test_an_item_gets_another_ceiling_price(screens, told, item_factory):
    item = item_factory()

    response = screens("item-edit", item.adjudication.id_public, item.product.code, ceiling_price="3,123456")

    assert response.url == reverse("framework_agreements:adjudication", args=[item.adjudication.id_public])
    assert said(response) == sentence("The ceiling price of {product} is saved.", product=item.product.title)
    item.refresh_from_db()
    assert item.ceiling_price.amount == Decimal("3.123456")
    assert told(item) == [("item.changed", {})]


# ---------------------------------------------------------------- suspended and resumed


def suspendable(what: str, listing) -> tuple[AgreementLot | Adjudication, tuple]:
    """The lot or the adjudication of a listing, and where its screens are."""
    if what == "lot":
        return listing.lot, (listing.agreement.code, listing.lot.number)
    award = listing.adjudicated_item.adjudication
    return award, (award.id_public,)


@pytest.mark.feature("FA-4")
@pytest.mark.parametrize(
    ("what", "suspended", "resumed"),
    [
        ("lot", "The lot «{lot}» is suspended: its offers are off sale.", "The lot «{lot}» sells again."),
        ("adjudication", "{supplier} sells nothing under this lot now.", "{supplier} sells under this lot again."),
    ],
    ids=["lot", "adjudication"],
)
def test_suspended_and_resumed_it_says_why(screens, told, listing_factory, what, suspended, resumed):
    listing = listing_factory()
    row, key = suspendable(what, listing)
    words = {"lot": listing.lot.name, "supplier": listing.supplier.name}

    response = screens(f"{what}-suspend", *key, reason="Reclamo en trámite")
    row.refresh_from_db()
    assert (row.status, row.status_reason, is_on_sale(listing)) == ("suspended", "Reclamo en trámite", False)
    assert said(response) == sentence(suspended, **words)

    response = screens(f"{what}-resume", *key, reason="Reclamo resuelto")
    row.refresh_from_db()
    assert (row.status, row.status_reason, is_on_sale(listing)) == ("active", "Reclamo resuelto", True)
    assert said(response)[1:] == sentence(resumed, **words)
    assert told(row) == [
        (f"{what}.suspended", {"reason": "Reclamo en trámite"}),
        (f"{what}.resumed", {"reason": "Reclamo resuelto"}),
    ]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301], ids=["none", "blanks", "too long"])
@pytest.mark.parametrize("what", ["lot", "adjudication"])
def test_without_a_proper_reason_nothing_is_suspended(screens, told, listing_factory, what, reason):
    listing = listing_factory()
    row, key = suspendable(what, listing)

    response = screens(f"{what}-suspend", *key, reason=reason)

    assert (response.status_code, len(said(response))) == (302, 1)
    row.refresh_from_db()
    assert (row.status, row.status_reason, is_on_sale(listing)) == ("active", "", True)
    assert told(row) == []


@pytest.mark.parametrize("what", ["lot", "adjudication"])
def test_what_sells_is_not_resumed(screens, told, listing_factory, what):
    row, key = suspendable(what, listing_factory())

    response = screens(f"{what}-resume", *key, reason="Por si acaso")

    assert said(response) == [sentence_for("illegal_move", status=row.get_status_display())]
    row.refresh_from_db()
    assert (row.status, row.status_reason, told(row)) == ("active", "", [])
