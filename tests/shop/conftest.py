from datetime import datetime
from decimal import Decimal

import pytest

from marketplace.registry.models import Membership
from marketplace.shop.basket.services import basket_add
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.requisition.models import BudgetCertificate, Requisition
from marketplace.shop.requisition.services import Need, requisition_submit


def put_in_cart(*lines, actor: Membership, at: datetime) -> None:
    """`lines`: (listing, quantity)."""
    for listing, quantity in lines:
        found = StockRecord.objects.with_terms().with_refusal(at.date()).get(pk=listing.pk)
        basket_add(listing=found, quantity=quantity, actor=actor, at=at)


def a_need(certificate: BudgetCertificate, canton: str = "1101") -> Need:
    return Need("Papel para diciembre", "Reposición de bodega", canton, "Bodega central", "R. Maldonado", certificate)


@pytest.fixture
def certificate(requester, certificate_factory) -> BudgetCertificate:
    return certificate_factory(entity=requester.entity)


@pytest.fixture
def send(requester, approver, certificate, noon):
    """Put listings into the requester's cart and send it to approval: at noon, or now, if a page is to be read."""

    def send(*lines, canton: str = "1101", money: BudgetCertificate | None = None, at: datetime = noon) -> Requisition:
        put_in_cart(*lines, actor=requester, at=at)
        return requisition_submit(need=a_need(money or certificate, canton), actor=requester, at=at)

    return send


@pytest.fixture
def left():
    """What is left of a limit, read anew."""

    def left(limit) -> Decimal:
        limit.refresh_from_db()
        return limit.left

    return left
