"""An approver takes single lines out, with a reason: the rest is ordered, the money of the others is free, who asked is told."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.kernel.errors import RuleBroken, sentence_for
from marketplace.kernel.events.models import Event
from marketplace.registry.services import supplier_suspend
from marketplace.shop.basket.models import Basket
from marketplace.shop.communication.services import notices_make
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.models import Requisition, RequisitionLine, RouteStep
from marketplace.shop.requisition.selectors import requisitions_to_decide
from marketplace.shop.requisition.services import requisition_return
from tests.answers import SIGN_IN, errors_of
from tests.races import together

FULL = Decimal("100000.00")
TOO_DEAR = "Demasiado caro"


@pytest.fixture
def two(listing_factory):
    """A listing at USD 10 (11.50 with VAT) and one at USD 20 (23.00), of two suppliers."""
    return listing_factory(price=Decimal(10)), listing_factory(price=Decimal(20))


def refused(call) -> list[str]:
    """Its codes; nothing is written."""
    with pytest.raises(RuleBroken) as refusal:
        call()
    assert not Order.objects.exists()
    assert not RequisitionLine.objects.rejected().exists()
    assert not RouteStep.objects.exclude(approver=None).exists()
    return refusal.value.codes


# ---------------------------------------------------------------- what comes of it
@pytest.mark.feature("OR-3")
@pytest.mark.threat("O9")
def test_the_orders_are_made_of_the_lines_that_are_kept(send, approve, two, left):
    kept, dear = two
    requisition = send((kept, 3), (dear, 5))  # 34.50 + 115.00

    [order] = approve(requisition, {dear: TOO_DEAR}, gross="34.50")

    assert (order.supplier, order.total_incl_tax) == (kept.supplier, Decimal("34.50"))
    requisition.refresh_from_db()
    assert (requisition.status, requisition.net.amount, requisition.gross.amount) == ("approved", Decimal(30), Decimal("34.50"))
    assert left(requisition.certificate.amount) == FULL - Decimal("34.50")
    assert [left(listing.stock) for listing in two] == [97, 100]
    assert [left(listing.lot.ceiling) for listing in two] == [Decimal("1000000.00") - Decimal("34.50"), Decimal("1000000.00")]
    line = requisition.lines.rejected().get()
    assert (line.listing, line.rejection_reason, line.rejected_in) == (dear, TOO_DEAR, requisition.steps.get())


@pytest.mark.feature("OR-3")
def test_who_asked_is_told_which_and_why(send, approve, two, requester):
    requisition = send((two[0], 1), (two[1], 1))
    approve(requisition, {two[1]: TOO_DEAR}, gross="11.50")

    [notice] = notices_make(Event.objects.get(kind="requisition.lines_rejected"))

    assert notice.membership == requester
    assert notice.get_absolute_url() == requisition.get_absolute_url()
    assert f"{two[1].product.title}: {TOO_DEAR}" in str(notice)


@pytest.mark.feature("OR-2")
@pytest.mark.feature("OR-3")
def test_after_a_step_only_what_is_kept_stays_reserved_and_the_next_one_reads_what_was_rejected(
    send, approve, two, two_steps, browse, noon, left
):
    requisition = send((two[0], 5), (two[1], 5), at=now())  # 57.50 + 115.00

    assert approve(requisition, {two[1]: TOO_DEAR}, gross="57.50", at=now()) == []

    assert left(requisition.certificate.amount) == FULL - Decimal("57.50")
    page = browse(two_steps, "approval", requisition.number)
    assert [line.rejection_reason for line in page.context["rejected"]] == [TOO_DEAR]
    assert [shown.line.listing for group in page.context["groups"] for shown in group.lines] == [two[0]]
    assert page.context["totals"].gross == Decimal("57.50")
    [order] = approve(requisition, actor=two_steps, at=now())
    assert order.total_incl_tax == Decimal("57.50")
    assert left(requisition.certificate.amount) == FULL - Decimal("57.50")


@pytest.mark.feature("OR-3")
def test_nobody_comes_past_a_step_by_rejecting_lines(send, approve, two, two_steps, officer, noon):
    """150.00 net asked for a second step; 50.00 would not, nor if a price falls at the same time."""
    requisition = send((two[0], 5), (two[1], 5))
    listing_reprice(listing_id=two[0].pk, price=Decimal(9), actor=officer, at=noon)

    assert approve(requisition, {two[1]: TOO_DEAR}, gross="51.75") == []

    assert requisition in requisitions_to_decide(two_steps, noon)
    assert not Order.objects.exists()


@pytest.mark.feature("OR-3")
def test_a_line_that_cannot_be_ordered_is_rejected_and_the_rest_goes_on(send, approve, two, officer, noon):
    requisition = send((two[0], 1), (two[1], 1))
    supplier_suspend(supplier_id=two[1].supplier.pk, reason="RUC suspendido", actor=officer, at=noon)

    assert refused(lambda: approve(requisition)) == ["supplier_suspended"]
    assert len(approve(requisition, {two[1]: "Proveedor suspendido"}, gross="11.50")) == 1


@pytest.mark.feature("OR-3")
def test_what_is_returned_and_sent_again_has_all_its_lines(send, approve, two, two_steps, requester, browse, noon, left):
    requisition = send((two[0], 5), (two[1], 5))
    approve(requisition, {two[1]: TOO_DEAR}, gross="57.50")
    requisition_return(requisition_id=requisition.pk, comment="Falta el informe", actor=two_steps, at=noon)
    assert left(requisition.certificate.amount) == FULL

    page = browse(requester, "requisition", requisition.number).content.decode()
    assert TOO_DEAR in page
    assert reverse("basket:requisition-rejected-refill", args=[requisition.number]) not in page  # the cart has them already
    again = send()

    assert (again.pk, again.lines.kept().count(), again.lines.rejected().count()) == (requisition.pk, 2, 0)
    assert left(requisition.certificate.amount) == FULL - Decimal("172.50")


# ---------------------------------------------------------------- what is refused
@pytest.mark.feature("OR-3")
def test_rejecting_every_line_is_no_approval(send, approve, two):
    requisition = send((two[0], 1), (two[1], 1))

    assert refused(lambda: approve(requisition, dict.fromkeys(two, TOO_DEAR))) == ["all_lines_rejected"]


@pytest.mark.feature("OR-3")
def test_a_line_is_not_rejected_without_a_word(send, approve, two):
    requisition = send((two[0], 1), (two[1], 1))

    assert refused(lambda: approve(requisition, {two[1]: " "}, gross="11.50")) == ["rejection_reason_missing"]


@pytest.mark.threat("O5")
def test_what_is_left_of_the_total_is_read_before_it_is_approved(send, approve, two, officer, noon):
    requisition = send((two[0], 1), (two[1], 1))

    assert refused(lambda: approve(requisition, {two[1]: TOO_DEAR}, gross="34.50")) == ["kept_amount_unread"]
    listing_reprice(listing_id=two[0].pk, price=Decimal(9), actor=officer, at=noon)
    assert refused(lambda: approve(requisition, {two[1]: TOO_DEAR}, gross="34.50")) == ["amount_changed"]


def test_a_line_that_is_gone_is_not_rejected_twice(send, approve, two, two_steps, listing_factory, noon):
    requisition = send((two[0], 5), (two[1], 5), (listing_factory(price=Decimal(1)), 1))
    approve(requisition, {two[1]: TOO_DEAR}, gross="58.65")

    with pytest.raises(RuleBroken) as refusal:
        approve(requisition, {two[1]: "Otra vez"}, actor=two_steps)

    assert refusal.value.codes == ["line_not_there"]
    assert requisition.lines.rejected().get().rejection_reason == TOO_DEAR


def test_the_database_keeps_a_rejection_with_its_reason(send, approve, two):
    requisition = send((two[0], 1), (two[1], 1))

    with pytest.raises(IntegrityError, match="requisition_line_rejected_with_a_reason"), transaction.atomic():
        requisition.lines.update(rejected_in=requisition.steps.get())
    with pytest.raises(IntegrityError, match="requisition_line_rejected_with_a_reason"), transaction.atomic():
        requisition.lines.update(rejection_reason=TOO_DEAR)


@pytest.mark.threat("O3")
def test_two_approvers_at_once_give_one_result(
    own_database, send, approve, listing_factory, membership_factory, approver, left, noon
):
    """Each rejects another line. One decides; the other one hears that it is decided."""
    listings = [listing_factory(price=Decimal(10)), listing_factory(price=Decimal(10))]
    other = membership_factory(role="approver", entity=approver.entity)
    requisition = send(*((each, 1) for each in listings))

    codes = together(
        lambda: approve(Requisition.objects.get(), {listings[0]: "a"}, gross="11.50"),
        lambda: approve(Requisition.objects.get(), {listings[1]: "b"}, gross="11.50", actor=other),
    )

    assert codes == ["already_decided"]
    assert (Order.objects.count(), RequisitionLine.objects.rejected().count()) == (1, 1)
    assert left(requisition.certificate.amount) == FULL - Decimal("11.50")


# ---------------------------------------------------------------- to the cent
def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.fixture
def shelf(listing_factory, adjudication_factory, item_factory):
    """Six listings of two suppliers at two rates, with prices of up to six decimals."""
    adjudications = [adjudication_factory(), adjudication_factory()]
    prices = ["0.335", "1.005001", "12.5", "0.000999", "7.777777", "3.12"]
    return [
        listing_factory(
            adjudicated_item=item_factory(adjudication=adjudications[n % 2], ceiling_price=Decimal(100)),
            price=Decimal(price),
            vat_category="SZ"[n // 3],
            stock_left=Decimal(10**6),
        )
        for n, price in enumerate(prices)
    ]


@pytest.mark.threat("O9")
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_of_the_lines_agrees_with_its_orders_to_the_cent(shelf, send, approve, left, data):
    """Lines, VAT on the sums of each order and rate, orders, requisition and certificate, computed here a second time."""
    quantities = data.draw(st.lists(st.integers(1, 400), min_size=6, max_size=6), label="quantities")
    rejected = data.draw(st.sets(st.integers(0, 5), max_size=5), label="rejected")
    nets: dict[tuple, Decimal] = {}
    for n in set(range(6)) - rejected:
        key = (shelf[n].supplier.pk, shelf[n].vat_category)
        nets[key] = nets.get(key, Decimal(0)) + rounded(shelf[n].price * quantities[n])
    gross = sum(net + rounded(net * (15 if category == "S" else 0) / 100) for (_, category), net in nets.items())
    with transaction.atomic():
        requisition = send(*zip(shelf, quantities, strict=True))

        orders = approve(requisition, {shelf[n]: "no" for n in rejected}, gross=str(gross))

        requisition.refresh_from_db()
        assert sum(order.total_excl_tax for order in orders) == requisition.net.amount == sum(nets.values())
        assert sum(order.total_incl_tax for order in orders) == requisition.gross.amount == gross
        assert left(requisition.certificate.amount) == FULL - gross
        transaction.set_rollback(True)


# ---------------------------------------------------------------- on screen
@pytest.fixture
def decide(browse, approver):
    """The page of the decision, sent as the browser sends it. `rejected`: {listing: reason}."""

    def decide(requisition, decision="approve", *, gross, rejected=None, **more):
        data = {"decision": decision, "gross_seen": gross, **more}
        for listing, reason in (rejected or {}).items():
            data |= {f"reject-{listing.id_public}": "on", f"reason-{listing.id_public}": reason}
        return browse(approver, "approval", requisition.number, **data)

    return decide


@pytest.mark.feature("OR-3")
def test_the_page_shows_what_is_left_and_a_second_press_approves_it(send, decide, two):
    requisition = send((two[0], 1), (two[1], 1), at=now())

    page = decide(requisition, gross="34.50", rejected={two[1]: TOO_DEAR})

    assert not errors_of(page)
    words = {"kept": 1, "lines": 2, "now": Decimal("11.50"), "seen": Decimal("34.50")}
    assert sentence_for("kept_amount_unread", **words) in page.content.decode()
    assert (page.context["totals"].gross, page.context["order_count"]) == (Decimal("11.50"), 1)
    assert 'name="gross_seen" value="11.50"' in page.content.decode()
    assert not Order.objects.exists()

    assert decide(requisition, gross="11.50", rejected={two[1]: TOO_DEAR}).status_code == 302
    assert Order.objects.get().total_incl_tax == Decimal("11.50")


@pytest.mark.feature("OR-3")
@pytest.mark.parametrize("sent", ["ticked without a reason", "a reason without a tick"])
def test_a_half_rejected_line_is_said_at_its_field(send, decide, two, sent):
    requisition = send((two[0], 1), (two[1], 1), at=now())
    key = two[1].id_public
    half = {f"reject-{key}": "on"} if sent == "ticked without a reason" else {f"reason-{key}": TOO_DEAR}

    page = decide(requisition, gross="11.50", **half)

    assert list(errors_of(page)) == [f"reason-{key}"]
    assert Requisition.objects.get().status == "in_approval"


@pytest.mark.feature("OR-3")
def test_when_all_are_ticked_it_is_offered_to_return_it_and_the_reasons_go_along(send, decide, two):
    requisition = send((two[0], 1), (two[1], 1), at=now())
    all_of_them = dict.fromkeys(two, TOO_DEAR)

    page = decide(requisition, gross="34.50", rejected=all_of_them)
    assert errors_of(page) == {"__all__": [sentence_for("all_lines_rejected")]}

    assert decide(requisition, "return", gross="34.50", rejected=all_of_them).status_code == 302
    requisition.refresh_from_db()
    assert requisition.status == "returned"
    assert set(requisition.comment.splitlines()) == {f"{listing.product.title}: {TOO_DEAR}" for listing in two}


def test_a_line_of_somebody_elses_need_is_not_heard(send, decide, two, listing_factory):
    requisition = send((two[0], 1), (two[1], 1), at=now())

    assert decide(requisition, gross="34.50", rejected={listing_factory(): "x"}).status_code == 302
    assert not RequisitionLine.objects.rejected().exists()


@pytest.mark.feature("OR-3")
def test_who_asked_reads_why_and_puts_the_rejected_lines_into_the_cart(client, send, approve, two, requester, browse):
    requisition = send((two[0], 1), (two[1], 4), at=now())
    approve(requisition, {two[1]: TOO_DEAR}, gross="11.50", at=now())

    page = browse(requester, "requisition", requisition.number).content.decode()
    refill = reverse("basket:requisition-rejected-refill", args=[requisition.number])
    assert TOO_DEAR in page
    assert refill in page

    client.force_login(requester.user, backend=SIGN_IN)
    assert client.post(refill).url == f"{reverse('basket:summary')}?de={requisition.number}"
    [line] = Basket.objects.get(status="Open", membership=requester).lines.all()
    assert (line.stockrecord_id, line.quantity) == (two[1].pk, 4)


@pytest.mark.budget("P8")
def test_the_page_costs_the_same_with_four_times_the_lines(send, browse, approver, listing_factory, count_queries):
    costs = []
    for count in (2, 8):
        requisition = send(*((listing_factory(), 1) for _ in range(count)), at=now())
        browse(approver, "approval", requisition.number)
        costs.append(count_queries(lambda number=requisition.number: browse(approver, "approval", number)))

    assert costs[0] == costs[1]
