from decimal import Decimal

import pytest

from marketplace.kernel.errors import RuleBroken
from marketplace.shop.basket.services import basket_add
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.services import Need, requisition_submit


@pytest.fixture
def send(requester, approver, certificate_factory, noon):
    """Put listings into the requester's cart and send it to approval."""

    def send(*lines, canton="1101", money="100000.00"):
        for listing, quantity in lines:
            found = StockRecord.objects.with_terms().with_refusal(noon.date()).get(pk=listing.pk)
            basket_add(listing=found, quantity=quantity, actor=requester, at=noon)
        certificate = certificate_factory(entity=requester.entity, money=Decimal(money))
        need = Need("Papel", "Reposición", canton, "Bodega central", "R. Maldonado", certificate)
        return requisition_submit(need=need, actor=requester, at=noon)

    return send


@pytest.mark.feature("OR-4")
def test_gives_one_order_per_supplier_and_agreement(send, listing_factory, approver, noon):
    listings = [listing_factory(price=Decimal(price)) for price in ("3.333333", "0.335", "12.5")]
    requisition = send(*((listing, 3) for listing in listings))

    orders = requisition_approve(requisition_id=requisition.pk, gross_seen=requisition.gross.amount, actor=approver, at=noon)

    assert len(orders) == 3
    assert sum(order.total_excl_tax for order in orders) == requisition.net.amount == Decimal("48.51")
    assert sum(order.total_incl_tax for order in orders) == requisition.gross.amount
    for listing in listings:
        listing.stock.refresh_from_db()
        assert listing.stock.taken == 3
    requisition.certificate.amount.refresh_from_db()
    assert requisition.certificate.amount.taken == requisition.gross.amount


@pytest.mark.threat("O10")
def test_nobody_approves_their_own_need(send, listing_factory, membership_factory, requester, noon):
    requisition = send((listing_factory(), 1))
    same_person = membership_factory(user=requester.user, role="approver", entity=requester.entity)

    with pytest.raises(RuleBroken) as refusal:
        requisition_approve(requisition_id=requisition.pk, gross_seen=requisition.gross.amount, actor=same_person, at=noon)

    assert refusal.value.codes == ["own_need"]
    requisition.refresh_from_db()
    assert requisition.status == "in_approval"
    assert not requisition.orders.exists()
