"""Terms that change between sending and approving, or while somebody waits for a lock."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.timezone import now

from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.selectors import prices_in_force
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.approval import requisition_approve
from tests.answers import SIGN_IN


def test_an_order_bears_the_vat_that_the_listing_has_when_it_is_approved(send, approver, listing_factory, noon):
    listing = listing_factory(price=Decimal("10"), vat_category="Z")
    sent = send((listing, 1))
    StockRecord.objects.update(vat_category="S", sales_unit="XBX")

    [order] = requisition_approve(requisition_id=sent.pk, gross_seen=Decimal("11.50"), actor=approver, at=noon)

    assert (order.total_excl_tax, order.total_incl_tax) == (Decimal("10"), Decimal("11.50"))
    line = order.lines.get()
    assert (line.tax_code, line.requisition_line.sales_unit) == ("S", "XBX")


def test_the_last_price_that_was_written_is_the_one_in_force(listing_factory, officer, noon):
    """Whoever waited for the lock brings an earlier instant."""
    listing = listing_factory(price=Decimal("5"))

    listing_reprice(listing_id=listing.pk, price=Decimal("4"), actor=officer, at=noon + timedelta(seconds=5))
    listing_reprice(listing_id=listing.pk, price=Decimal("3"), actor=officer, at=noon)

    listing.refresh_from_db()
    assert listing.price == prices_in_force([listing.pk], noon + timedelta(minutes=1))[listing.pk].net == Decimal("3")


def test_a_confirmation_tells_money_as_the_page_does(client, requester, approver, certificate_factory, listing_factory):
    certificate = certificate_factory(entity=requester.entity, amount__limit=90_000)
    listing = listing_factory(price=Decimal("1234.5"), vat_category="Z")
    client.force_login(requester.user, backend=SIGN_IN)
    client.post(reverse("basket:add"), {"listing": listing.id_public, "quantity": 2})
    need = {
        "need": "Papel", "justification": "Bodega", "delivery_canton": "1101", "delivery_address": "x", "delivery_contact": "y",
        "certificate": str(certificate.id_public),
    }  # fmt: skip

    page = client.post(reverse("requisition:requisition-create"), need, follow=True)

    assert "USD 2.469,00" in page.content.decode()


def test_a_list_tells_the_hour_of_here_in_its_file(client, requester, send, approver, listing_factory):
    sent = send((listing_factory(), 1))
    sent.submitted_at = now().replace(year=2026, month=11, day=24, hour=1, minute=30)  # 20:30 of the 23rd in Guayaquil
    sent.save()
    client.force_login(requester.user, backend=SIGN_IN)

    file = client.get(reverse("requisition:requisitions") + "?formato=csv").getvalue().decode()

    assert "2026-11-23 20:30" in file
