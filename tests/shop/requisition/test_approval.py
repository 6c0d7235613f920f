from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from framework_agreements.services import lot_suspend
from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.limits.services import set_limit
from marketplace.registry.services import supplier_suspend
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice, listing_withdraw
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.models import Requisition


@pytest.fixture
def approve(approver, noon):
    def approve(requisition, *, gross=None, actor=approver):
        seen = requisition.gross.amount if gross is None else gross
        return requisition_approve(requisition_id=requisition.pk, gross_seen=seen, actor=actor, at=noon)

    return approve


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    assert not Order.objects.exists()
    assert Requisition.objects.get().status == "in_approval"
    return refusal.value.codes


@pytest.mark.feature("OR-4")
def test_gives_one_order_per_supplier_and_agreement(send, approve, listing_factory, left):
    listings = [listing_factory(price=Decimal(price)) for price in ("3.333333", "0.335", "12.5")]
    requisition = send(*((listing, 3) for listing in listings))

    orders = approve(requisition)

    # 10.00 + 1.01 + 37.50, each with its own VAT at 15 %: 1.50, 0.15 and 5.63 (5.625 half up)
    assert sorted(order.total_excl_tax for order in orders) == [Decimal("1.01"), Decimal("10.00"), Decimal("37.50")]
    assert sorted(order.total_incl_tax for order in orders) == [Decimal("1.16"), Decimal("11.50"), Decimal("43.13")]
    requisition.refresh_from_db()
    assert (requisition.net.amount, requisition.vat.amount, requisition.gross.amount) == (
        Decimal("48.51"),
        Decimal("7.28"),
        Decimal("55.79"),
    )
    assert [left(listing.stock) for listing in listings] == [97, 97, 97]
    assert left(requisition.certificate.amount) == Decimal("100000.00") - Decimal("55.79")
    assert Event.objects.filter(kind="order.issued").count() == 3


def test_two_agreements_of_one_supplier_are_two_orders(
    send, approve, listing_factory, supplier_factory, adjudication_factory, item_factory
):
    supplier = supplier_factory()
    listings = [
        listing_factory(adjudicated_item=item_factory(adjudication=adjudication_factory(supplier=supplier))) for _ in range(2)
    ]

    orders = approve(send(*((listing, 1) for listing in listings)))

    assert {order.supplier for order in orders} == {supplier}
    assert len({order.agreement_id for order in orders}) == 2


def test_order_lines_are_those_of_the_requisition(send, approve, listing_factory):
    requisition = send((listing_factory(price=Decimal("0.335")), 3))

    order = approve(requisition)[0]

    asked, ordered = requisition.lines.get(), order.lines.get()
    assert (ordered.quantity, ordered.unit_price_excl_tax, ordered.line_price_excl_tax) == (3, Decimal("0.335"), Decimal("1.01"))
    assert (ordered.title, ordered.upc, ordered.partner_sku) == (asked.product_title, asked.product_code, asked.partner_sku)
    assert ordered.requisition_line == asked


@pytest.mark.threat("O10")
def test_nobody_approves_their_own_need(send, approve, listing_factory, membership_factory, requester):
    requisition = send((listing_factory(), 1))
    same_person = membership_factory(user=requester.user, role="approver", entity=requester.entity)

    assert refused(lambda: approve(requisition, actor=same_person)) == ["own_need"]


@pytest.mark.threat("O10")
def test_the_database_holds_the_four_eyes_rule_too(send, listing_factory):
    requisition = send((listing_factory(), 1))

    with pytest.raises(IntegrityError, match="requisition_four_eyes"), transaction.atomic():
        Requisition.objects.filter(pk=requisition.pk).update(decider=requisition.requester)


def test_is_approved_once(send, approve, listing_factory, left):
    listing = listing_factory()
    requisition = send((listing, 1))
    approve(requisition)

    with pytest.raises(RuleBroken) as refusal:
        approve(requisition)

    assert refusal.value.codes == ["already_decided"]
    assert left(listing.stock) == 99


@pytest.mark.threat("O5")
def test_a_lower_price_is_taken_when_the_approver_has_seen_it(send, approve, listing_factory, requester, noon, left):
    listing = listing_factory(price=Decimal("3.00"))
    requisition = send((listing, 10))  # 30.00 + 4.50
    listing_reprice(listing_id=listing.pk, price=Decimal("2.50"), actor=requester, at=noon)  # 25.00 + 3.75

    assert refused(lambda: approve(requisition)) == ["amount_changed"]
    order = approve(requisition, gross=Decimal("28.75"))[0]

    assert order.total_incl_tax == Decimal("28.75")
    requisition.refresh_from_db()
    assert requisition.gross.amount == Decimal("28.75")
    assert requisition.lines.get().unit_price.amount == Decimal("2.50")
    assert left(requisition.certificate.amount) == Decimal("100000.00") - Decimal("28.75")


@pytest.mark.threat("O6")
def test_what_happened_meanwhile_is_refused_in_words(send, approve, listing_factory, officer, noon):
    gone, suspended, lot_off = listing_factory(), listing_factory(), listing_factory()
    requisition = send((gone, 1), (suspended, 1), (lot_off, 1))
    listing_withdraw(listing_id=gone.pk, actor=officer, at=noon)
    supplier_suspend(supplier_id=suspended.supplier.pk, reason="RUC suspendido", actor=officer, at=noon)
    lot_suspend(lot_id=lot_off.lot.pk, reason="Reclamo", actor=officer, at=noon)

    assert sorted(refused(lambda: approve(requisition))) == ["listing_not_published", "lot_suspended", "supplier_suspended"]


@pytest.mark.threat("O6")
def test_an_agreement_that_has_expired_is_refused(send, approve, listing_factory):
    listing = listing_factory()
    requisition = send((listing, 1))
    agreement = listing.agreement
    agreement.valid_until = date(2026, 11, 23)
    agreement.save()

    assert refused(lambda: approve(requisition)) == ["agreement_not_in_force"]


def test_all_or_none_when_one_stock_is_short(send, approve, listing_factory, left):
    plenty, scarce = listing_factory(), listing_factory(stock_left=Decimal(5))
    requisition = send((plenty, 5), (scarce, 5))
    set_limit(scarce.stock, 4)

    assert refused(lambda: approve(requisition)) == ["not_enough_stock"]
    assert (left(plenty.stock), left(scarce.stock)) == (100, 4)


@pytest.mark.feature("FA-7")
def test_a_ceiling_stops_what_would_pass_it(send, approve, listing_factory, left):
    listing = listing_factory(price=Decimal("10.00"), adjudicated_item__ceiling_price=Decimal("10.00"))
    requisition = send((listing, 9))  # 90.00 + 13.50
    set_limit(listing.lot.ceiling, Decimal("103.49"))

    assert refused(lambda: approve(requisition)) == ["ceiling_short"]

    set_limit(listing.lot.ceiling, Decimal("103.50"))
    approve(requisition)
    assert left(listing.lot.ceiling) == 0
