from decimal import Decimal

import pytest
from django.urls import reverse

from marketplace.shop.partner.models import Price
from tests.answers import SIGN_IN


@pytest.fixture
def lower(client, listing_factory, membership_factory):
    """What the form answers for a listing of USD 10, and how many prices it has then."""
    listing = listing_factory(price=Decimal("10"))
    manager = membership_factory(role="supplier_manager", supplier=listing.supplier)
    client.force_login(manager.user, backend=SIGN_IN)

    def lower(**values):
        response = client.post(reverse("partner:listing", args=[listing.id_public]), values)
        listing.refresh_from_db()
        errors = dict(response.context["form"].errors) if response.context else {}
        return list(errors), listing.price, Price.objects.filter(listing=listing).count()

    return lower


def test_a_lower_price_holds_at_once(lower):
    assert lower(price="8,00") == ([], Decimal("8"), 2)


def test_a_steep_fall_is_asked_about_once_more(lower):
    assert lower(price="7,99") == (["fall_is_right"], Decimal("10"), 1)
    assert lower(price="7,99", fall_is_right="on") == ([], Decimal("7.99"), 2)


def test_the_same_price_is_none_that_is_new(lower):
    assert lower(price="10,00") == (["price"], Decimal("10"), 1)
