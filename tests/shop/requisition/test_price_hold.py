"""The prices that were sent are held for a week, in simulated time; what nobody decides by then goes back to who asked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.law import parameter_on
from marketplace.shop.basket.selectors import cart_of, open_basket_of
from marketplace.shop.communication.services import notices_make
from marketplace.shop.order.models import Order
from marketplace.shop.partner.services import listing_reprice
from marketplace.shop.requisition.history import history_of
from marketplace.shop.requisition.holding import requisition_lapse
from marketplace.shop.requisition.jobs import price_hold_ends
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.selectors import requisitions_lapsed_of, requisitions_to_decide
from marketplace.shop.requisition.services import requisition_correct, requisition_return, requisition_withdraw
from tests.races import together
from tests.shop.conftest import put_in_cart

FULL = Decimal("100000.00")
WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def lapsed(send, listing_factory, noon) -> Requisition:
    requisition = send((listing_factory(price=Decimal(10)), 3))
    return requisition_lapse(requisition_id=requisition.pk, at=noon + WEEK)


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    assert not Order.objects.exists()
    return refusal.value.codes


def test_how_long_is_a_dated_figure_that_says_it_is_an_assumption(noon):
    parameter = parameter_on("requisition.hold_days", localdate(noon))

    assert (parameter.value, parameter.grade, parameter.is_verified) == (7, "U", False)


@pytest.mark.feature("OR-3")
def test_the_alarm_is_written_with_the_sending(send, listing_factory, noon):
    requisition = send((listing_factory(), 1))

    assert requisition.held_until == noon + WEEK
    [alarm] = Job.objects.filter(task="marketplace.shop.requisition.jobs.price_hold_ends")
    assert (alarm.arguments, alarm.run_at) == ({"requisition_id": requisition.pk}, noon + WEEK)


@pytest.mark.feature("OR-3")
@pytest.mark.feature("OR-2")
def test_what_nobody_decides_goes_back_with_its_money_free(send, listing_factory, requester, certificate, noon, left):
    requisition = send((listing_factory(price=Decimal(10)), 3))
    requisition_lapse(requisition_id=requisition.pk, at=noon + WEEK - MOMENT)
    assert left(certificate.amount) == FULL - Decimal("34.50")

    for _ in range(2):  # an alarm that rings twice
        requisition_lapse(requisition_id=requisition.pk, at=noon + WEEK)

    requisition.refresh_from_db()
    assert requisition.status == "lapsed"
    assert left(certificate.amount) == FULL
    assert list(requisitions_lapsed_of(requester, noon + WEEK)) == [requisition]
    assert str(history_of(requisition)[0].kind.title) == "Terminó el plazo de los precios"
    event = Event.objects.get(kind="requisition.lapsed")
    [notice] = notices_make(event)
    assert (event.actor_id, notice.membership) == (None, requester)
    assert requisition.number in str(notice)


@pytest.mark.feature("OR-3")
def test_the_clock_of_the_job_is_the_one_of_the_wall(send, listing_factory):
    waiting = send((listing_factory(), 1), at=now())
    late = send((listing_factory(), 1), at=now() - WEEK)

    for each in (waiting, late):
        price_hold_ends(requisition_id=each.pk)
        each.refresh_from_db()

    assert (waiting.status, late.status) == ("in_approval", "lapsed")


@pytest.mark.feature("OR-3")
def test_what_its_time_has_run_out_for_is_not_decided_even_before_the_alarm(send, approve, approver, listing_factory, noon):
    requisition = send((listing_factory(), 1))
    over = noon + WEEK

    assert requisition in requisitions_to_decide(approver, over - MOMENT)
    assert requisition not in requisitions_to_decide(approver, over)
    assert refused(lambda: approve(requisition, at=over)) == ["hold_over"]
    words = {"requisition_id": requisition.pk, "comment": "Tarde", "actor": approver, "at": over}
    assert refused(lambda: requisition_return(**words)) == ["hold_over"]
    assert len(approve(requisition, at=over - MOMENT)) == 1


@pytest.mark.feature("OR-3")
@pytest.mark.parametrize("end", ["approved", "returned", "withdrawn"])
def test_what_was_decided_in_time_does_not_lapse(send, approve, approver, requester, listing_factory, noon, end):
    requisition = send((listing_factory(), 1))
    if end == "approved":
        approve(requisition)
    elif end == "returned":
        requisition_return(requisition_id=requisition.pk, comment="Falta el informe", actor=approver, at=noon)
    else:
        requisition_withdraw(requisition_id=requisition.pk, actor=requester, at=noon)

    requisition_lapse(requisition_id=requisition.pk, at=noon + WEEK)

    requisition.refresh_from_db()
    assert requisition.status == end
    assert not Event.objects.filter(kind="requisition.lapsed").exists()


@pytest.mark.feature("OR-3")
def test_the_cart_is_rebuilt_and_sent_again_with_a_new_hold(lapsed, send, requester, certificate, noon, left):
    assert open_basket_of(requester) is None
    requisition_correct(requisition_id=lapsed.pk, actor=requester)
    assert [line.line.quantity for line in cart_of(open_basket_of(requester), on=localdate(noon)).lines] == [3]

    again = send(at=noon + 2 * WEEK)

    assert (again.pk, again.number, again.held_until) == (lapsed.pk, lapsed.number, noon + 3 * WEEK)
    requisition_lapse(requisition_id=again.pk, at=noon + WEEK)  # the first alarm, once more
    again.refresh_from_db()
    assert again.status == "in_approval"
    assert left(certificate.amount) == FULL - Decimal("34.50")


@pytest.mark.feature("OR-3")
def test_a_cart_that_was_begun_meanwhile_stays_apart(lapsed, requester, listing_factory, noon):
    put_in_cart((listing_factory(), 2), actor=requester, at=noon)

    assert refused(lambda: requisition_correct(requisition_id=lapsed.pk, actor=requester)) == ["cart_in_use"]


@pytest.mark.feature("OR-2")
def test_several_workers_end_it_once(own_database, send, listing_factory, certificate, noon, left):
    requisition = send((listing_factory(price=Decimal(10)), 3))

    assert together(*[lambda: requisition_lapse(requisition_id=requisition.pk, at=noon + WEEK)] * 6) == []

    assert Event.objects.filter(kind="requisition.lapsed").count() == 1
    assert left(certificate.amount) == FULL


@pytest.mark.feature("OR-2")
def test_an_approval_and_the_alarm_at_once_give_one_result(own_database, send, approve, listing_factory, certificate, noon, left):
    requisition = send((listing_factory(price=Decimal(10)), 3))

    codes = together(
        lambda: approve(Requisition.objects.get(), at=noon + WEEK - MOMENT),
        lambda: requisition_lapse(requisition_id=requisition.pk, at=noon + WEEK),
    )

    requisition.refresh_from_db()
    assert (requisition.status, codes) in [("approved", []), ("lapsed", ["already_decided"])]
    taken = Decimal("34.50") if requisition.status == "approved" else Decimal(0)
    assert left(certificate.amount) == FULL - taken
    assert Order.objects.count() == (1 if taken else 0)


# ---------------------------------------------------------------- on screen
@pytest.mark.feature("OR-3")
def test_pages_say_until_when_and_that_the_figure_is_an_assumption(send, browse, approver, requester, listing_factory):
    put_in_cart((listing_factory(), 1), actor=requester, at=now())
    assert "7 días" in browse(requester, "requisition-create").content.decode()
    requisition = send(at=now() - timedelta(days=3, hours=1))

    for person, page in ((approver, "approval"), (requester, "requisition")):
        said = browse(person, page, requisition.number).content.decode()
        assert "Mantiene sus precios hasta" in said
        assert "en 3 días" in said
        assert "(cifra no verificada)" in said


@pytest.mark.feature("OR-3")
def test_who_asked_reads_that_it_lapsed_with_what_has_changed_and_rebuilds_the_cart(
    client, send, browse, requester, listing_factory, officer
):
    listing = listing_factory(price=Decimal(10))
    requisition = send((listing, 3), at=now() - WEEK)
    price_hold_ends(requisition_id=requisition.pk)
    listing_reprice(listing_id=listing.pk, price=Decimal(9), actor=officer, at=now())

    page = browse(requester, "requisition", requisition.number).content.decode()
    assert "El precio cambió: USD 10,00 → USD 9,00." in page
    assert "Rehacer el carrito" in page
    assert "Vencida" in page
    assert "· None" not in page  # the clock has no name

    response = browse(requester, "requisition-correct", requisition.number, pressed="yes")
    assert response.url == reverse("basket:summary")
    cart = client.get(response.url).content.decode()
    assert requisition.number in cart
    assert "Nadie decidió a tiempo" in cart
