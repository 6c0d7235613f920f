"""What has moved since it was sent: a sentence for each, from what was sent to what holds now, for approver and requester."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from framework_agreements.services import lot_suspend
from marketplace.kernel.limits.services import set_limit
from marketplace.registry.services import supplier_suspend
from marketplace.shop.partner.models import Price, StockRecord
from marketplace.shop.partner.services import listing_reprice, listing_withdraw
from marketplace.shop.requisition.changes import Change, changes_now
from marketplace.shop.requisition.pricing import lines_at_prices_in_force

BLOCKING = {
    "offer withdrawn": lambda each, officer, at: listing_withdraw(listing_id=each.pk, actor=officer, at=at),
    "supplier suspended": lambda each, officer, at: supplier_suspend(
        supplier_id=each.supplier.pk, reason="RUC suspendido", actor=officer, at=at
    ),
    "lot suspended": lambda each, officer, at: lot_suspend(lot_id=each.lot.pk, reason="Reclamo", actor=officer, at=at),
    "agreement ended": lambda each, officer, at: type(each.agreement).objects.update(valid_until=date(2026, 11, 23)),
    "stock short": lambda each, officer, at: set_limit(each.stock, 4),
    "canton no longer served": lambda each, officer, at: StockRecord.objects.update(delivery_cantons=["0101"]),
}


@pytest.fixture
def moved(noon):
    """The changes of the only line, as (tone, sentence)."""

    def moved(requisition) -> list[tuple[str, str]]:
        [changes] = changes_now(requisition, noon).values()
        return [(change.tone, change.sentence) for change in changes]

    return moved


def test_nothing_has_moved(send, moved, listing_factory):
    assert moved(send((listing_factory(), 5))) == []


@pytest.mark.feature("OR-3")
@pytest.mark.threat("O6")
@pytest.mark.parametrize("what", BLOCKING)
def test_what_stands_in_the_way_is_said_by_the_rule_that_refuses_it(send, moved, approve, listing_factory, officer, noon, what):
    listing = listing_factory()
    requisition = send((listing, 5))
    BLOCKING[what](listing, officer, noon)

    [(tone, said)] = moved(requisition)

    assert tone == "bad"
    with pytest.raises(Exception) as refusal:
        approve(requisition)
    assert refusal.value.sentences == [said]


@pytest.mark.feature("OR-3")
@pytest.mark.threat("O5")
def test_a_lower_price_and_another_rate_are_said_from_old_to_new(send, moved, listing_factory, officer, noon):
    listing = listing_factory(price=Decimal("3.12"), vat_category="Z")
    requisition = send((listing, 5))
    listing_reprice(listing_id=listing.pk, price=Decimal("2.995"), actor=officer, at=noon)
    StockRecord.objects.update(vat_category="S", sales_unit="XBX", lead_time_days=listing.lead_time_days + 2)

    (price, vat, unit, days) = moved(requisition)

    assert price == ("warn", "El precio cambió: USD 3,12 → USD 2,995.")
    assert vat == ("warn", "El IVA cambió: 0 % → 15 %.")
    assert unit == ("warn", "La unidad de venta cambió: resma → caja.")
    assert days[0] == "info"
    assert f"{listing.lead_time_days} → {listing.lead_time_days + 2} días" in days[1]


@pytest.mark.feature("OR-3")
def test_after_a_step_the_next_approver_still_reads_what_was_sent(send, moved, approve, two_steps, listing_factory, officer, noon):
    listing = listing_factory(price=Decimal(10))
    requisition = send((listing, 10))
    listing_reprice(listing_id=listing.pk, price=Decimal(9), actor=officer, at=noon)
    assert approve(requisition, gross="103.50") == []

    assert moved(requisition) == [("warn", "El precio cambió: USD 10,00 → USD 9,00.")]


@pytest.mark.feature("OR-3")
def test_a_better_offer_is_good_to_know_and_stops_nothing(send, moved, approve, listing_factory, item_factory):
    listing = listing_factory(price=Decimal(3))
    requisition = send((listing, 5))
    other = {"adjudicated_item": item_factory(product=listing.product)}
    listing_factory(price=Decimal("3.00"), **other)
    assert moved(requisition) == []

    cheaper = listing_factory(price=Decimal("2.50"), adjudicated_item=item_factory(product=listing.product))

    [(tone, said)] = moved(requisition)
    assert tone == "info"
    assert cheaper.supplier.name in said
    assert "USD 2,50" in said
    assert "USD 3,00" in said
    assert len(approve(requisition)) == 1


@pytest.mark.feature("OR-3")
def test_approver_and_requester_read_the_same_on_their_pages(send, browse, approver, requester, listing_factory, officer):
    gone, cheaper, same = listing_factory(), listing_factory(price=Decimal(3)), listing_factory()
    requisition = send((gone, 1), (cheaper, 1), (same, 1), at=now())
    listing_withdraw(listing_id=gone.pk, actor=officer, at=now())
    listing_reprice(listing_id=cheaper.pk, price=Decimal(2), actor=officer, at=now())
    expected = {gone: ["bad"], cheaper: ["warn"], same: []}

    for person, page in ((approver, "approval"), (requester, "requisition")):
        shown = browse(person, page, requisition.number)
        lines = [each for group in shown.context["groups"] for each in group.lines]
        assert {each.line.listing: [change.tone for change in each.changes] for each in lines} == expected
        assert (shown.context["moved"].blocked, shown.context["moved"].changed) == (1, 1)
        for change in (change for each in lines for change in each.changes):
            assert change.sentence in shown.content.decode()


@pytest.mark.feature("OR-3")
@pytest.mark.threat("O5")
def test_a_price_that_was_sent_is_held_when_a_temporary_one_ends(send, moved, approve, listing_factory, noon):
    """Nobody may raise a price, but a temporary one ends by itself: within the hold nobody pays more."""
    listing = listing_factory(price=Decimal(10))
    until = noon + timedelta(hours=1)
    Price.objects.create(listing=listing, net=Decimal(8), valid_from=noon, valid_until=until, kind=Price.Kind.TEMPORARY)
    requisition = send((listing, 1))
    requisition.refresh_from_db()
    assert requisition.lines.get().unit_price.amount == 8

    [line] = lines_at_prices_in_force(requisition, until)
    [order] = approve(requisition, gross="9.20", at=until)

    assert line.unit_price.amount == 8
    assert order.total_incl_tax == Decimal("9.20")


def test_only_what_blocks_blocks():
    assert [Change(tone, "").blocks for tone in ("bad", "warn", "info")] == [True, False, False]
