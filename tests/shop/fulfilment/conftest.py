from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils.timezone import localdate
from PIL import Image

from marketplace.shop.fulfilment.facts import Brought
from marketplace.shop.fulfilment.models import Delivery
from marketplace.shop.fulfilment.selectors import acts_count
from marketplace.shop.fulfilment.services import delivery_record
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import order_accept
from marketplace.shop.requisition.approval import requisition_approve

DAY = timedelta(days=1)


def picture(size: tuple[int, int] = (40, 30), kind: str = "JPEG", **options) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, "tomato").save(written, kind, **options)
    return written.getvalue()


def a_photograph() -> ContentFile:
    return ContentFile(picture(), name="photograph.jpg")


@pytest.fixture
def place(send, approver, listing_factory, item_factory, noon):
    """`place(10, 4)`: an order of one supplier, a line for each quantity at 2.00, issued at noon."""

    def place(*quantities: int, price: str = "2.00", lead_time_days: int = 3) -> Order:
        item = item_factory()
        items = [item, *(item_factory(adjudication=item.adjudication) for _ in quantities[1:])]
        listings = [listing_factory(adjudicated_item=each, price=Decimal(price), lead_time_days=lead_time_days) for each in items]
        sent = send(*zip(listings, quantities, strict=True))
        return requisition_approve(requisition_id=sent.pk, gross_seen=sent.gross.amount, actor=approver, at=noon)[0]

    return place


@pytest.fixture
def taken_on(place, membership_factory, noon):
    """The same, accepted by its supplier at noon."""

    def taken_on(*quantities: int, **options) -> Order:
        order = place(*quantities, **options)
        order_accept(order_id=order.pk, actor=membership_factory(role="supplier_manager", supplier=order.supplier), at=noon)
        order.refresh_from_db()
        return order

    return taken_on


@pytest.fixture
def receiver(requester, membership_factory):
    return membership_factory(role="receiver", entity=requester.entity)


@pytest.fixture
def administrator(requester, membership_factory):
    return membership_factory(role="order_administrator", entity=requester.entity)


@pytest.fixture
def receive(receiver, noon):
    """`receive(order, Brought(1, 4))`: what came, `days` after noon, seen on a page that is up to date."""

    def receive(order: Order, *brought: Brought, days: int = 0, seen: int | None = None, at: datetime | None = None) -> Delivery:
        at = at or noon + days * DAY
        delivery = delivery_record(
            order_id=order.pk,
            brought=list(brought),
            received_on=localdate(at),
            acts_seen=acts_count(order) if seen is None else seen,
            actor=receiver,
            at=at,
        )
        order.refresh_from_db()
        return delivery

    return receive
