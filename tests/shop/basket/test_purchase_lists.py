"""Purchase lists, carts put aside and shared, and buying again with what has changed (SF-3)."""

from decimal import Decimal
from itertools import cycle, islice

import pytest
from django.urls import reverse

from framework_agreements.services import lot_suspend
from marketplace.kernel.errors import RuleBroken
from marketplace.shop.basket.models import Line, PurchaseList
from marketplace.shop.basket.purchase_lists import (
    cart_park,
    list_add_cart,
    list_agreed,
    list_close,
    list_merge,
    list_save,
    lists_visible_to,
    wanted_of,
)
from marketplace.shop.basket.refilling import basket_refill, refill_of
from marketplace.shop.basket.services import basket_line_remove
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.approval import requisition_approve
from tests.answers import SIGN_IN
from tests.races import together
from tests.shop.conftest import put_in_cart

pytestmark = pytest.mark.feature("SF-3")


@pytest.fixture
def save(requester, noon):
    """Keep these as a list; the cart is empty afterwards. `save("Papel", (listing, 2), is_for_all=True)`."""

    def save(name, *lines, is_for_all=True, actor=requester):
        put_in_cart(*lines, actor=actor, at=noon)
        saved = list_save(name=name, is_for_all=is_for_all, actor=actor, at=noon)
        for line in Line.objects.filter(basket__membership=actor):
            basket_line_remove(line=line)
        return saved

    return save


@pytest.fixture
def colleague(membership_factory, requester):
    return membership_factory(role="requester", entity=requester.entity)


@pytest.fixture
def buyer(client, requester):
    client.force_login(requester.user, backend=SIGN_IN)
    return client


def held(purchase_list) -> dict[int, int]:
    return dict(purchase_list.lines.values_list("listing", "quantity"))


def in_cart(membership) -> dict[int, int]:
    return dict(Line.objects.filter(basket__membership=membership, basket__status="Open").values_list("stockrecord", "quantity"))


# ---------------------------------------------------------------- who sees which
def test_a_list_is_of_its_unit_and_a_cart_of_two(membership_factory, unit_factory, listing_factory, noon):
    unit = unit_factory()
    mine, neighbour = (membership_factory(entity=unit.entity, unit=unit) for _ in range(2))
    elsewhere = membership_factory(entity=unit.entity, unit=unit_factory(entity=unit.entity))
    stranger = membership_factory()
    put_in_cart((listing_factory(), 1), actor=mine, at=noon)
    list_save(name="De la unidad", is_for_all=False, actor=mine, at=noon)
    list_save(name="De todos", is_for_all=True, actor=mine, at=noon)
    cart_park(name="Apartado", shared_with=elsewhere, actor=mine, at=noon)

    seen = [sorted(lists_visible_to(each).values_list("name", flat=True)) for each in (mine, neighbour, elsewhere, stranger)]

    assert seen == [["Apartado", "De la unidad", "De todos"], ["De la unidad", "De todos"], ["Apartado", "De todos"], []]


# ---------------------------------------------------------------- two people, no line lost
def test_what_both_lists_hold_adds_up(save, listing_factory, requester, noon):
    both, first, second = listing_factory(), listing_factory(), listing_factory()
    source, target = save("A", (both, 2), (first, 1)), save("B", (both, 3), (second, 4))

    list_merge(source_id=source.pk, target_id=target.pk, actor=requester, at=noon)

    source.refresh_from_db()
    assert held(target) == {both.pk: 5, first.pk: 1, second.pk: 4}
    assert source.status == PurchaseList.Status.CLOSED


@pytest.mark.parametrize("attempt", range(3))
def test_two_users_merge_lists_at_once_and_no_line_is_lost(
    own_database, save, requester, colleague, listing_factory, noon, attempt
):
    """Six lists into one, by two people in turn, while another puts a cart onto it."""
    common, own = listing_factory(), [listing_factory() for _ in range(6)]
    target = save("Todo", (common, 1))
    sources = [save(f"Lista {n}", (common, 1), (each, n + 1)) for n, each in enumerate(own)]
    put_in_cart((common, 10), actor=colleague, at=noon)

    refused = together(
        *(
            lambda s=source, who=who: list_merge(source_id=s.pk, target_id=target.pk, actor=who, at=noon)
            for source, who in zip(sources, islice(cycle([requester, colleague]), 6), strict=True)
        ),
        lambda: list_add_cart(list_id=target.pk, actor=colleague, at=noon),
    )

    assert refused == []
    assert held(target) == {common.pk: 17} | {each.pk: n + 1 for n, each in enumerate(own)}


@pytest.mark.parametrize("attempt", range(3))
def test_two_lists_merged_into_each_other_end_as_one(own_database, save, requester, colleague, listing_factory, noon, attempt):
    common, first, second = listing_factory(), listing_factory(), listing_factory()
    a, b = save("A", (common, 1), (first, 2)), save("B", (common, 4), (second, 8))

    refused = together(
        lambda: list_merge(source_id=a.pk, target_id=b.pk, actor=requester, at=noon),
        lambda: list_merge(source_id=b.pk, target_id=a.pk, actor=colleague, at=noon),
    )

    assert refused == ["list_closed"]
    assert held(PurchaseList.objects.get(status="open")) == {common.pk: 5, first.pk: 2, second.pk: 8}


def test_a_list_is_not_joined_with_itself_or_with_a_cart_aside(save, requester, listing_factory, noon):
    kept = save("A", (listing_factory(), 1))
    put_in_cart((listing_factory(), 1), actor=requester, at=noon)
    parked = cart_park(name="B", shared_with=None, actor=requester, at=noon)

    for source, target, code in ((kept, kept, "list_with_itself"), (kept, parked, "only_lists_join")):
        with pytest.raises(RuleBroken) as refusal:
            list_merge(source_id=source.pk, target_id=target.pk, actor=requester, at=noon)
        assert refusal.value.codes == [code]
    assert PurchaseList.objects.filter(status="open").count() == 2


def test_only_who_made_a_list_closes_it(save, colleague, listing_factory, noon):
    kept = save("A", (listing_factory(), 1))

    with pytest.raises(RuleBroken) as refusal:
        list_close(list_id=kept.pk, actor=colleague, at=noon)

    kept.refresh_from_db()
    assert (refusal.value.codes, kept.status) == (["not_the_owner"], "open")


# ---------------------------------------------------------------- put aside, changed meanwhile, taken up
@pytest.fixture
def changed_meanwhile(requester, colleague, officer, listing_factory, noon):
    """A shared cart of three: one price fell, one lot was suspended, one is as it was."""
    cheaper, gone, same = (listing_factory(price=Decimal("3.00")) for _ in range(3))
    put_in_cart((cheaper, 10), (gone, 1), (same, 2), actor=requester, at=noon)
    parked = cart_park(name="Papel de diciembre", shared_with=colleague, actor=requester, at=noon)
    listing_reprice(listing_id=cheaper.pk, price=Decimal("2.50"), actor=officer, at=noon)
    lot_suspend(lot_id=gone.lot.pk, reason="Incumplimiento", actor=officer, at=noon)
    return parked, cheaper, gone, same


def test_putting_aside_empties_the_cart(changed_meanwhile, requester):
    assert in_cart(requester) == {}


def test_taking_up_shows_what_changed_and_asks(changed_meanwhile, client, colleague):
    parked, cheaper, gone, same = changed_meanwhile
    client.force_login(colleague.user, backend=SIGN_IN)
    path = reverse("basket:list-refill", args=[parked.id_public])

    asked = client.post(path)
    page = client.get(path)

    assert (asked.status_code, asked.url, in_cart(colleague)) == (302, path, {})
    refill = page.context["refill"]
    assert [line.listing for line in refill.price_changes] == [cheaper]
    assert [(line.listing, line.broken[0].code) for line in refill.left_out] == [(gone, "lot_suspended")]
    text = page.content.decode()
    assert "Cambió 1 precio." in text and "1 producto no se puede comprar como estaba." in text
    assert "3,00" in text and "2,50" in text

    client.post(path, {"net_seen": str(refill.net)})

    parked.refresh_from_db()
    assert in_cart(colleague) == {cheaper.pk: 10, same.pk: 2}
    assert Line.objects.get(stockrecord=cheaper).price_excl_tax == Decimal("2.50")
    assert (held(parked), parked.status) == ({gone.pk: 1}, "open")


@pytest.mark.threat("O5")
def test_a_price_that_changes_between_reading_and_confirming_is_asked_again(changed_meanwhile, requester, officer, noon):
    parked, cheaper, *_ = changed_meanwhile
    seen = refill_of(wanted_of(parked), on=noon.date(), canton="").net
    listing_reprice(listing_id=cheaper.pk, price=Decimal("2.40"), actor=officer, at=noon)

    with pytest.raises(RuleBroken) as refusal:
        basket_refill(wanted=wanted_of(parked), net_seen=seen, canton="", actor=requester, at=noon)

    assert refusal.value.codes == ["refill_changed"]
    assert (in_cart(requester), parked.lines.count()) == ({}, 3)


@pytest.mark.threat("O5")
def test_two_hundred_forged_amounts_add_nothing(changed_meanwhile, buyer, requester):
    parked, *_ = changed_meanwhile
    path = reverse("basket:list-refill", args=[parked.id_public])
    true = buyer.get(path).context["refill"].net
    forged = [str(true + Decimal(n) / 100) for n in range(-99, 100) if n] + ["NaN", "-1"]

    answers = {buyer.post(path, {"net_seen": each, "price": "0.01"}).status_code for each in forged}

    assert (len(forged), answers, in_cart(requester), parked.lines.count()) == (200, {200}, {}, 3)


def test_both_take_up_a_shared_cart_at_once_and_one_has_it(own_database, requester, colleague, listing_factory, noon):
    listing = listing_factory()
    put_in_cart((listing, 3), actor=requester, at=noon)
    parked = cart_park(name="A", shared_with=colleague, actor=requester, at=noon)

    refused = together(
        *(
            lambda who=who: list_agreed(list_id=parked.pk, taken={listing.pk: 3}, actor=who, at=noon)
            for who in (requester, colleague)
        )
    )

    assert refused == ["list_closed"]


def test_an_unchanged_list_goes_into_the_cart_at_one_press_and_stays(save, buyer, requester, listing_factory):
    listing = listing_factory()
    kept = save("Papel del mes", (listing, 2))

    for times in (1, 2):
        answer = buyer.post(reverse("basket:list-refill", args=[kept.id_public]))
        assert answer.url == reverse("basket:summary")
        assert in_cart(requester) == {listing.pk: 2 * times}
    assert held(kept) == {listing.pk: 2}


def test_a_list_remembers_the_prices_that_were_agreed_to(save, requester, officer, listing_factory, buyer, noon):
    listing = listing_factory(price=Decimal("3.00"))
    kept = save("Papel", (listing, 2))
    listing_reprice(listing_id=listing.pk, price=Decimal("2.00"), actor=officer, at=noon)
    path = reverse("basket:list-refill", args=[kept.id_public])
    assert buyer.get(path).context["refill"].has_changes

    buyer.post(path, {"net_seen": "4.00"})

    assert not buyer.get(path).context["refill"].has_changes


# ---------------------------------------------------------------- the pages' buttons
def test_a_list_by_its_pages(buyer, requester, colleague, listing_factory, noon):
    first, second = listing_factory(), listing_factory()
    put_in_cart((first, 1), (second, 2), actor=requester, at=noon)

    buyer.post(reverse("basket:list-create"), {"name": "Del mes"})
    kept = PurchaseList.objects.get()
    buyer.post(reverse("basket:list-line-set", args=[kept.id_public, first.id_public]), {"quantity": "7"})
    buyer.post(reverse("basket:list-line-remove", args=[kept.id_public, second.id_public]))
    assert held(kept) == {first.pk: 7}
    buyer.post(reverse("basket:list-add-cart", args=[kept.id_public]))
    assert held(kept) == {first.pk: 8, second.pk: 2}

    buyer.post(reverse("basket:cart-park"), {"name": "Aparte", "shared_with": str(colleague.id_public)})
    assert in_cart(requester) == {}
    assert [row.name for row in buyer.get(reverse("basket:lists")).context["object_list"]] == ["Del mes"]
    assert [row.name for row in buyer.get(reverse("basket:lists"), {"ver": "apartados"}).context["object_list"]] == ["Aparte"]


def test_an_empty_cart_is_not_kept(buyer):
    for name in ("list-create", "cart-park"):
        page = buyer.post(reverse(f"basket:{name}"), {"name": "Nada"})
        assert page.context["form"].non_field_errors() == ["Su carrito está vacío: agregue algo primero."]
    assert not PurchaseList.objects.exists()


def test_a_colleague_of_another_entity_is_no_choice(buyer, requester, membership_factory, listing_factory, noon):
    put_in_cart((listing_factory(), 1), actor=requester, at=noon)

    page = buyer.post(reverse("basket:cart-park"), {"name": "A", "shared_with": str(membership_factory().id_public)})

    assert list(page.context["form"].errors) == ["shared_with"]
    assert not PurchaseList.objects.exists()


# ---------------------------------------------------------------- an order, a requisition again
@pytest.mark.feature("OR-11")
@pytest.mark.parametrize("document", ["order", "requisition"])
def test_ordering_again_fills_the_cart_and_the_next_form(send, buyer, requester, approver, listing_factory, noon, document):
    listing = listing_factory(price=Decimal("3.00"))
    requisition = send((listing, 2))
    [order] = requisition_approve(requisition_id=requisition.pk, gross_seen=Decimal("6.90"), actor=approver, at=noon)
    number = order.number if document == "order" else requisition.number

    cart = buyer.post(reverse(f"basket:{document}-refill", args=[number]))
    form = buyer.get(reverse("requisition:requisition-create"), {"de": requisition.number}).context["form"]

    assert (cart.url, in_cart(requester)) == (f"{reverse('basket:summary')}?de={requisition.number}", {listing.pk: 2})
    assert f"?de={requisition.number}" in buyer.get(cart.url).content.decode()
    assert (form["need"].value(), form["certificate"].value()) == (requisition.need, requisition.certificate.id_public)


@pytest.mark.feature("OR-11")
def test_a_price_that_changed_since_the_order_is_asked_about(send, buyer, requester, approver, officer, listing_factory, noon):
    listing = listing_factory(price=Decimal("3.00"))
    requisition = send((listing, 2))
    listing_reprice(listing_id=listing.pk, price=Decimal("2.00"), actor=officer, at=noon)
    path = reverse("basket:requisition-refill", args=[requisition.number])

    assert (buyer.post(path).url, in_cart(requester)) == (path, {})


@pytest.mark.parametrize("number", ["OC-2026-000001-1", "x", "%00"])
def test_what_is_repeated_must_be_ones_own(buyer, number):
    assert buyer.get(f"{reverse('requisition:requisition-create')}?de={number}").status_code == 200


def test_a_list_costs_the_same_with_four_times_the_lines(buyer, save, listing_factory, count_queries):
    few, many = (save(f"De {n}", *((listing_factory(), 1) for _ in range(n))) for n in (8, 32))
    paths = [each.get_absolute_url() for each in (few, many)] + [reverse("basket:lists")]
    buyer.get(paths[0])

    costs = [count_queries(lambda path=path: buyer.get(path)) for path in paths]

    assert costs[0] == costs[1] <= 14
    assert costs[2] <= 12
