"""Stock, minimum and delivery time of one listing: what is typed holds, what is not touched stays as it is by then."""

from uuid import uuid4

import pytest
from django.urls import reverse

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.limits.services import Taking, set_limit, take
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.rules import reasons_not_these_terms
from marketplace.shop.partner.services import listing_terms_change
from tests.answers import SIGN_IN

SHOWN = {"initial-stock": "10", "initial-minimum_quantity": "2", "initial-lead_time_days": "3"}
SAME = {"stock": "10", "minimum_quantity": "2", "lead_time_days": "3"}


@pytest.fixture
def listing(listing_factory) -> StockRecord:
    """Of fourteen, four are sold."""
    listing = listing_factory(minimum_quantity=2, lead_time_days=3)
    set_limit(listing.stock, 14)
    sell(listing, 4)
    return listing


def sell(listing: StockRecord, quantity: int) -> None:
    take([Taking(listing.stock_id, quantity, listing)])


@pytest.fixture
def manager(listing, membership_factory):
    return membership_factory(role="supplier_manager", supplier=listing.supplier)


def terms(listing: StockRecord) -> tuple[int, ...]:
    """Limit, taken, minimum, days."""
    now = StockRecord.objects.select_related("stock").get(pk=listing.pk)
    return int(now.stock.limit), int(now.stock.taken), now.minimum_quantity, now.lead_time_days


def versions():
    return RowVersion.objects.filter(operation="U", table_name__in=["partner_stockrecord", "limits_limit"])


def told() -> list[dict]:
    return list(Event.objects.filter(kind="listing.terms_changed").order_by("pk").values_list("payload", flat=True))


@pytest.mark.feature("CI-10")
def test_stock_is_what_can_be_sold_from_now_on(listing, manager, noon):
    prices = Price.objects.count()
    before = versions().count()

    listing_terms_change(listing_id=listing.pk, actor=manager, at=noon, stock=6, lead_time_days=5, minimum_quantity=2)

    assert terms(listing) == (10, 4, 2, 5)
    assert told() == [{"products": [listing.product_id], "terms": ["lead_time_days", "stock"]}]
    assert versions().count() == before + 2  # of the listing and of its limit
    assert Price.objects.count() == prices


def test_terms_as_they_stand_are_not_written(listing, manager, noon):
    listing_terms_change(listing_id=listing.pk, actor=manager, at=noon, stock=10, minimum_quantity=2, lead_time_days=3)

    assert (terms(listing), told()) == ((14, 4, 2, 3), [])


def test_says_all_that_is_out_of_bounds_and_writes_nothing(listing, manager, noon):
    wrong = {"stock": -1, "minimum_quantity": 0, "lead_time_days": 32_768}

    with pytest.raises(RuleBroken) as refusal:
        listing_terms_change(listing_id=listing.pk, actor=manager, at=noon, **wrong)

    assert [(each.code, each.field) for each in refusal.value.broken] == [
        ("number_too_small", "stock"), ("number_too_small", "minimum_quantity"), ("number_too_large", "lead_time_days"),
    ]  # fmt: skip
    assert (terms(listing), told()) == ((14, 4, 2, 3), [])


def test_the_bounds_themselves_are_in():
    least = {"stock": 0, "minimum_quantity": 1, "lead_time_days": 0}
    most = {"stock": 999_999_999, "minimum_quantity": 999_999_999, "lead_time_days": 32_767}
    assert reasons_not_these_terms(least) == reasons_not_these_terms(most) == []


# ---------------------------------------------------------------- the page


@pytest.fixture
def save(client, listing, manager):
    client.force_login(manager.user, backend=SIGN_IN)
    return lambda **values: client.post(reverse("partner:listing-terms", args=[listing.id_public]), SHOWN | SAME | values)


@pytest.mark.feature("CI-10")
def test_what_is_sold_meanwhile_is_not_put_back_on_sale(listing, save):
    sell(listing, 5)  # after the page had shown that ten are left

    assert save(lead_time_days="8").status_code == 302

    assert terms(listing) == (14, 9, 2, 8)


def test_a_second_press_changes_nothing_more(listing, save):
    key = str(uuid4())
    save(stock="7", form_key=key)
    sell(listing, 1)

    save(stock="7", form_key=key)

    assert terms(listing) == (11, 5, 2, 3)
    assert len(told()) == 1


def test_a_refused_form_stands_on_the_page_beside_the_price(listing, save):
    page = save(stock="-1", minimum_quantity="", lead_time_days="x")

    assert page.status_code == 200
    assert list(page.context["terms_form"].errors) == ["stock", "minimum_quantity", "lead_time_days"]
    assert not page.context["price_form"].is_bound
    assert (terms(listing), told()) == ((14, 4, 2, 3), [])


def test_opened_as_a_page_it_leads_to_the_listing(client, listing, save):
    answer = client.get(reverse("partner:listing-terms", args=[listing.id_public]))
    assert answer.url == reverse("partner:listing", args=[listing.id_public])


def test_says_that_nobody_can_order_less_than_the_minimum(client, listing, save):
    save(minimum_quantity="11")
    page = client.get(reverse("partner:listing", args=[listing.id_public]))
    assert page.context["is_short"]
