"""How many queries a page of the shop may cost, at N and at 4 N: the same number, within the budget."""

import pytest
from django.urls import reverse

from marketplace.shop.catalogue.views import OFFERS_ON_A_PAGE
from tests.answers import SIGN_IN
from tests.factories.factories import ItemFactory, ListingFactory, ProductFactory

from .conftest import put_in_cart

N = 8


@pytest.fixture
def buyer(client, requester):
    """The requester's browser, warm: caches of the process are filled by a first page."""
    client.force_login(requester.user, backend=SIGN_IN)
    client.get(reverse("basket:summary"))
    return client


def listings_of_one_sheet(count: int):
    product = ProductFactory()
    for _ in range(count):
        ListingFactory(adjudicated_item=ItemFactory(product=product))
    return product


@pytest.mark.budget("P3")
@pytest.mark.parametrize("who", ["client", "buyer"])
def test_a_sheet_costs_the_same_with_four_times_the_offers(who, request, count_queries, db):
    browser = request.getfixturevalue(who)
    few, many = (listings_of_one_sheet(count).get_absolute_url() for count in (N, 4 * N))
    browser.get(few)

    costs = [count_queries(lambda url=url: browser.get(url)) for url in (few, many)]

    assert browser.get(many).context["open_page"].paginator.count == 4 * N
    assert browser.get(many).content.count(b'<th scope="row">') == OFFERS_ON_A_PAGE
    assert costs[0] == costs[1] <= 10


@pytest.mark.budget("P7")
def test_adding_costs_the_same_in_a_cart_four_times_as_full(own_database, buyer, requester, noon, count_queries):
    """With real transactions: in a test's own, two more savepoints would count."""
    costs = []
    for lines in (N, 3 * N):
        put_in_cart(*((ListingFactory(), 1) for _ in range(lines)), actor=requester, at=noon)
        offer = {"listing": ListingFactory().id_public, "quantity": 2}
        costs.append(count_queries(lambda data=offer: buyer.post(reverse("basket:add"), data)))

    assert requester.baskets.get().lines.count() == 4 * N + 2
    assert costs[0] == costs[1] <= 12


@pytest.mark.budget("P8")
def test_the_cart_costs_the_same_with_four_times_the_lines(buyer, requester, noon, count_queries):
    costs, sizes = [], []
    for lines in (N, 3 * N):
        put_in_cart(*((ListingFactory(), 1) for _ in range(lines)), actor=requester, at=noon)
        costs.append(count_queries(lambda: sizes.append(len(buyer.get(reverse("basket:summary")).content))))

    assert costs[0] == costs[1] <= 20
    assert sizes[1] > 2 * sizes[0]
