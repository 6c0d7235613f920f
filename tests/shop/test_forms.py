"""Forms whose values were changed on the way: the page's price, offer, quantity, certificate and total are never believed."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.html import escape
from django.utils.timezone import now

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import sentence_for
from marketplace.registry.services import supplier_suspend
from marketplace.shop.basket.models import Line
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.models import Requisition
from tests.answers import SIGN_IN, said

from .conftest import put_in_cart

pytestmark = pytest.mark.threat("O5")


@pytest.fixture
def as_person(client):
    def as_person(membership):
        client.force_login(membership.user, backend=SIGN_IN)
        return client

    return as_person


@pytest.fixture
def need(certificate) -> dict[str, str]:
    """What the form for a requisition sends."""
    return {
        "need": "Papel para diciembre",
        "justification": "Reposición de bodega",
        "delivery_canton": "1101",
        "delivery_address": "Bodega central",
        "delivery_contact": "R. Maldonado",
        "certificate": str(certificate.id_public),
    }


# ---------------------------------------------------------------- the cart
def test_a_price_in_the_form_is_not_heard(as_person, requester, listing_factory):
    listing = listing_factory(price=Decimal("3.12"))
    sent = {"listing": listing.id_public, "quantity": 2, "price": "0.01", "price_excl_tax": "0.01", "unit_price": "0.01"}

    as_person(requester).post(reverse("basket:add"), sent)

    assert Line.objects.get().price_excl_tax == Decimal("3.12")


def test_the_offer_alone_says_who_sells(as_person, requester, listing_factory, item_factory):
    ours, theirs = (listing_factory(adjudicated_item=item_factory(product=product)) for product in [listing_factory().product] * 2)
    sent = {"listing": ours.id_public, "quantity": 1, "supplier": theirs.supplier.ruc, "partner": theirs.partner_id}

    as_person(requester).post(reverse("basket:add"), sent)

    assert Line.objects.get().stockrecord == ours


@pytest.mark.parametrize("quantity", ["0", "-3", "1.5", "", "dos", "1000001", "9" * 400, "1e9", "\x00"])
def test_a_quantity_that_is_none_is_refused_in_words(as_person, requester, listing_factory, quantity):
    response = as_person(requester).post(reverse("basket:add"), {"listing": listing_factory().id_public, "quantity": quantity})

    assert response.status_code == 302
    assert len(said(response)) == 1
    assert not Line.objects.exists()


def test_more_than_there_is_is_refused_with_what_is_left(as_person, requester, listing_factory):
    listing = listing_factory(stock_left=Decimal(5))

    response = as_person(requester).post(reverse("basket:add"), {"listing": listing.id_public, "quantity": 6})

    words = {"left": 5, "asked": 6, "supplier": listing.supplier.name, "name": listing.product.title}
    assert said(response) == [sentence_for("not_enough_stock", **words)]
    assert not Line.objects.exists()


@pytest.mark.parametrize("listing", [uuid4(), "", "7", "'; DROP TABLE"])
def test_an_offer_that_is_not_there_is_a_missing_page(as_person, requester, listing):
    assert as_person(requester).post(reverse("basket:add"), {"listing": listing, "quantity": 1}).status_code == 404


def test_the_cart_of_another_is_out_of_reach(as_person, requester, approver, membership_factory, listing_factory, noon):
    listing = listing_factory()
    put_in_cart((listing, 3), actor=requester, at=noon)
    colleague = as_person(membership_factory(role="requester", entity=requester.entity))

    for name in ("line-set", "line-remove"):
        assert colleague.post(reverse(f"basket:{name}", args=[listing.id_public]), {"quantity": 1}).status_code == 404
    assert Line.objects.get().quantity == 3


# ---------------------------------------------------------------- the requisition
def test_the_certificate_of_another_entity_cannot_be_chosen(
    as_person, requester, approver, need, certificate_factory, listing_factory, noon
):
    put_in_cart((listing_factory(), 1), actor=requester, at=noon)
    other = certificate_factory()

    response = as_person(requester).post(reverse("requisition:requisition-create"), need | {"certificate": str(other.id_public)})

    assert list(response.context["form"].errors) == ["certificate"]
    assert not Requisition.objects.exists()
    other.amount.refresh_from_db()
    assert other.amount.taken == 0


@pytest.mark.parametrize("field, value", [("delivery_canton", "9999"), ("certificate", "x"), ("need", "x" * 201), ("need", "\x00")])
def test_a_value_that_no_control_offers_is_refused_at_its_field(
    as_person, requester, approver, need, listing_factory, noon, field, value
):
    put_in_cart((listing_factory(), 1), actor=requester, at=noon)

    response = as_person(requester).post(reverse("requisition:requisition-create"), need | {field: value})

    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert not Requisition.objects.exists()


def test_sends_what_the_offers_cost_and_not_what_the_form_says(as_person, requester, approver, need, listing_factory, noon):
    put_in_cart((listing_factory(price=Decimal("3.12")), 24), actor=requester, at=noon)

    as_person(requester).post(reverse("requisition:requisition-create"), need | {"gross": "1.00", "net": "1.00", "entity": "1"})

    sent = Requisition.objects.get()
    assert (sent.gross.amount, sent.entity) == (Decimal("86.11"), requester.entity)


def test_a_second_press_sends_once(as_person, requester, approver, need, listing_factory, noon):
    put_in_cart((listing_factory(), 1), actor=requester, at=noon)
    key = {"form_key": str(uuid4())}

    answers = [as_person(requester).post(reverse("requisition:requisition-create"), need | key) for _ in range(2)]

    assert answers[0].url == answers[1].url == Requisition.objects.get().get_absolute_url()


@pytest.mark.threat("O6")
def test_an_agreement_that_expired_in_the_cart_is_said(as_person, requester, approver, need, listing_factory, noon):
    listing = listing_factory()
    put_in_cart((listing, 1), actor=requester, at=noon)
    FrameworkAgreement.objects.update(valid_until=date(2026, 11, 1))

    cart = as_person(requester).get(reverse("basket:summary"))
    response = as_person(requester).post(reverse("requisition:requisition-create"), need)

    sentence = sentence_for("agreement_not_in_force", agreement=listing.agreement.code, name=listing.product.title)
    assert escape(sentence) in cart.content.decode()
    assert response.context["form"].non_field_errors() == [sentence]
    assert not Requisition.objects.exists()


# ---------------------------------------------------------------- the approval
def decision(requisition, **changed) -> dict[str, str]:
    return {"decision": "approve", "gross_seen": str(requisition.gross.amount), "comment": ""} | changed


@pytest.mark.parametrize(
    "changed, fields",
    [({"gross_seen": "0.01"}, ["__all__"]), ({"gross_seen": "NaN"}, ["gross_seen"]), ({"decision": "pay"}, ["decision"])],
)
def test_a_decision_on_another_amount_or_of_another_kind_is_refused(as_person, send, approver, listing_factory, changed, fields):
    requisition = send((listing_factory(), 1), at=now())

    response = as_person(approver).post(
        reverse("requisition:approval", args=[requisition.number]), decision(requisition, **changed)
    )

    assert list(response.context["form"].errors) == fields
    assert not Order.objects.exists()


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.long)])
def test_two_hundred_forged_decisions_order_nothing(as_person, send, approver, officer, listing_factory, noon, left, count):
    """The price has fallen since it was sent: what was true then is forged now, and so is all that is near the truth."""
    listing = listing_factory(price=Decimal("3.00"))
    requisition = send((listing, 10))  # 34.50
    listing_reprice(listing_id=listing.pk, price=Decimal("2.50"), actor=officer, at=noon)  # 28.75
    page, client = reverse("requisition:approval", args=[requisition.number]), as_person(approver)
    amounts = ["34.50", "0", "-28.75", "NaN", "Infinity", "1e400", "28,75 EUR", "", "28.750000000000001", "\x00"]
    amounts += [str(Decimal("28.75") + Decimal(n) / 100) for n in range(-count // 2, count // 2) if n][: count - len(amounts)]
    prices = {"price": "0.01", "unit_price": "0.01", "net": "0.01", "vat": "0", "gross": "0.01", "quantity": "999"}

    answers = {client.post(page, decision(requisition, gross_seen=amount) | prices).status_code for amount in amounts}

    assert (len(amounts), answers, Order.objects.count()) == (count, {200}, 0)
    assert left(requisition.certificate.amount) == Decimal("100000.00") - Decimal("34.50")
    client.post(page, decision(requisition, gross_seen="28.75") | prices)
    assert Order.objects.get().total_incl_tax == Decimal("28.75")
    assert Order.objects.get().lines.get().quantity == 10


@pytest.mark.threat("O6")
def test_the_approver_sees_what_changed_since_it_was_sent(as_person, send, approver, officer, listing_factory, noon):
    cheaper, gone = listing_factory(price=Decimal("3.00")), listing_factory()
    requisition = send((cheaper, 10), (gone, 1), at=now())
    listing_reprice(listing_id=cheaper.pk, price=Decimal("2.50"), actor=officer, at=now())
    supplier_suspend(supplier_id=gone.supplier.pk, reason="RUC suspendido", actor=officer, at=noon)
    page = reverse("requisition:approval", args=[requisition.number])

    read = as_person(approver).get(page)
    response = as_person(approver).post(page, decision(requisition, gross_seen=str(read.context["totals"].gross)))

    sentence = sentence_for("supplier_suspended", supplier=gone.supplier.name, name=gone.product.title)
    assert escape(sentence) in read.content.decode()
    moved = {each.line.listing: each.changes for group in read.context["groups"] for each in group.lines}
    assert [[change.tone for change in moved[each]] for each in (cheaper, gone)] == [["warn"], ["bad"]]
    assert "3,00" in read.content.decode() and "2,50" in read.content.decode()
    assert response.context["form"].non_field_errors() == [sentence]
    assert not Order.objects.exists()
