"""What happens is told to whom it concerns and to nobody else, on a page and by mail, once."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from catalog_import.deciding import proposal_reject, proposals_accept
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.registry.delegating import delegation_give
from marketplace.shop.communication.jobs import notice_mail
from marketplace.shop.communication.kinds import KINDS
from marketplace.shop.communication.models import Notice
from marketplace.shop.communication.services import notices_make
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.policy import rule_add
from marketplace.shop.requisition.services import requisition_return
from tests.access.world import build_world
from tests.answers import SIGN_IN
from tests.letters import DEAD_SERVER


def tell_all() -> dict[str, set]:
    """Run the notices of every event so far. Kind → memberships that were told."""
    told: dict[str, set] = {}
    for event in Event.objects.order_by("pk"):
        for notice in notices_make(event):
            told.setdefault(notice.kind, set()).add(notice.membership)
    return told


def test_each_event_is_told_to_those_whom_it_concerns_and_to_nobody_else(db, noon):
    world = build_world()
    Notice.objects.all().delete()
    seller, people = world["supplier_manager"], world.people
    order_accept(order_id=world.order.pk, actor=seller, at=noon)
    cause = world.rejected_later.agreement.rejection_causes.get()
    order_reject(order_id=world.rejected_later.pk, cause=cause, actor=seller, at=noon)
    requisition_return(requisition_id=world.waiting.pk, comment="Falta el informe", actor=people["approver"], at=noon)
    proposal_reject(proposal=world.proposal, reason="Sin registro sanitario", actor=people["catalogue_officer"], at=noon)

    assert tell_all() == {
        "requisition-submitted": {people["approver"]},
        "requisition-approved": {people["requester"]},
        "requisition-returned": {people["requester"]},
        "order-issued": {seller},
        "order-accepted": {people["requester"], people["order_administrator"]},
        "order-rejected": {people["requester"], people["order_administrator"]},
        "import-previewed": {seller},
        "import-applied": {seller},
        "proposals-waiting": {people["catalogue_officer"]},
        "proposal-rejected": {seller},
        "order-dispatched": {people["receiver"], people["order_administrator"]},
        "delivery-recorded": {seller},
        "invoice-registered": {people["finance_officer"]},
        "invoice-certified": {seller},
        "invoice-paid": {seller},
    }
    assert tell_all() == {}  # run again, nothing is told twice
    sentences = {str(notice) for notice in Notice.objects.filter(kind__in=("order-rejected", "proposal-rejected"))}
    assert sentences == {
        gettext(KINDS["order-rejected"].sentence).format(
            supplier=seller.supplier.name, number=world.rejected_later.number, cause=cause.text
        ),
        gettext(KINDS["proposal-rejected"].sentence).format(name=world.proposal.name, reason="Sin registro sanitario"),
    }


def test_accepted_proposals_are_told_to_the_supplier(db, noon):
    world = build_world()
    proposals_accept(proposal_ids=[world.proposal.pk], actor=world["catalogue_officer"], at=noon)

    assert tell_all()["proposals-accepted"] == {world["supplier_manager"]}


def test_every_notice_leads_to_a_page_that_its_reader_may_open(client, db):
    world = build_world()
    tell_all()
    for notice in Notice.objects.select_related("membership__user"):
        client.force_login(notice.membership.user, backend=SIGN_IN)
        assert client.get(notice.get_absolute_url()).status_code == 200, notice.kind
    assert {notice.kind for notice in Notice.objects.all()} >= {"requisition-submitted", "order-issued", "proposals-waiting"}
    assert world.notice.get_absolute_url() == reverse("requisition:approval", args=[world.waiting.number])


def test_who_stands_in_for_an_approver_is_told_as_well(send, listing_factory, membership_factory, approver, noon):
    delegate = membership_factory(role="finance_officer", entity=approver.entity)
    today = noon.date()
    delegation_give(
        principal=approver,
        delegate=delegate,
        valid_from=today,
        valid_until=today + timedelta(days=7),
        reason="Vacaciones",
        actor=approver,
        at=noon,
    )
    send((listing_factory(), 2))

    assert tell_all()["requisition-submitted"] == {approver, delegate}


def test_told_late_a_step_calls_only_those_whose_turn_it_is_now(
    send, listing_factory, membership_factory, unit_factory, approver, noon
):
    finance = membership_factory(role="approver", entity=approver.entity, unit=unit_factory(entity=approver.entity))
    administrator = membership_factory(role="entity_administrator", entity=approver.entity)
    for position, words in enumerate(({"who": "person", "person": approver}, {"who": "unit", "unit": finance.unit}), start=1):
        rule_add(position=position, valid_from=noon.date(), actor=administrator, at=noon, **words)
    requisition = send((listing_factory(), 1))
    gross, later = requisition.gross.amount, noon + timedelta(minutes=1)
    requisition_approve(requisition_id=requisition.pk, gross_seen=gross, actor=approver, at=later)

    tell_all()

    assert Notice.objects.get(kind="requisition-submitted").membership == finance


def test_an_amount_is_written_as_the_readers_language_does(db):
    kind = KINDS["invoice-registered"]
    words = {"supplier": "Papelera Andina", "number": "001-001-000000001", "gross": "1234.50"}

    with override("en"):
        assert "USD 1,234.50" in kind.says(words)
    with override("es"):
        assert "USD 1.234,50" in kind.says(words)


def test_a_letter_does_not_follow_who_has_left(sent, approver):
    (notice,) = notices_make(Event.objects.get(kind="requisition.submitted"))
    approver.valid_until = localdate()
    approver.save()
    notice_mail.enqueue(notice_id=notice.pk)
    run_all_due()

    assert mail.outbox == []


@pytest.fixture
def sent(send, listing_factory):
    return send((listing_factory(), 2))


def test_a_letter_tells_what_happened_and_leads_to_the_page(sent, approver, settings):
    run_all_due()

    (letter,) = [each for each in mail.outbox if each.to == [approver.user.email]]
    html = letter.alternatives[0][0]
    address = f"{settings.BASE_URL}{reverse('requisition:approval', args=[sent.number])}"
    assert letter.subject == f"{sent.number} espera su decisión: {sent.need}."
    assert address in letter.body
    assert re.findall(r'href="([^"]+)"', html) == [address, f"{settings.BASE_URL}{reverse('communication:preferences')}"]
    assert "<form" not in html and "<img" not in html and "{" not in html
    assert html.count('style="') == html.count("<p ") + html.count("<a ") + 2  # and the page and the letter
    assert "Hasta " in letter.body and "Hasta " in html  # three days to decide
    assert Notice.objects.get(membership=approver).mailed_at is not None


@pytest.mark.threat("F4")
def test_while_the_mail_server_is_dead_letters_wait_and_afterwards_each_leaves_once(sent, approver, settings):
    settings.EMAIL_BACKEND = DEAD_SERVER
    run_all_due()

    assert Notice.objects.get(membership=approver).mailed_at is None
    waiting = Job.objects.get(task__endswith="notice_mail")
    assert (waiting.dead_at, "the mail server is dead" in waiting.last_error) == (None, True)

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(run_at="2020-01-01T00:00Z")
    run_all_due()
    run_all_due()

    assert [letter.to for letter in mail.outbox] == [[approver.user.email]]
    assert not Job.objects.filter(task__endswith="notice_mail").exists()


def test_what_was_read_meanwhile_is_not_mailed(sent, approver, client):
    event = Event.objects.get(kind="requisition.submitted")
    (notice,) = notices_make(event)
    client.force_login(approver.user, backend=SIGN_IN)
    client.post(reverse("communication:notice-read", args=[notice.id_public]))
    run_all_due()

    assert mail.outbox == []
    assert Notice.objects.unread().count() == 0


def test_the_page_shows_the_unread_in_both_languages_and_the_bell_their_number(sent, approver, client):
    run_all_due()
    client.force_login(approver.user, backend=SIGN_IN)
    with override("en"):
        page = client.get(reverse("communication:notices")).content.decode()

    assert f"{sent.number} waits for your decision: {sent.need}." in page
    assert re.search(r'tool__count">1<span class="visually-hidden"> unread', page)

    client.post(reverse("communication:notices-read"))
    assert client.get(reverse("communication:notices")).context["paginator"].count == 0
    assert client.get(reverse("communication:notices"), {"ver": "todos"}).context["paginator"].count == 1


def test_reading_touches_only_ones_own(sent, approver, client, membership_factory):
    run_all_due()
    stranger = membership_factory(role="approver", entity=approver.entity)
    client.force_login(stranger.user, backend=SIGN_IN)
    client.post(reverse("communication:notices-read"))

    assert Notice.objects.unread().get().membership == approver


@pytest.mark.budget("P1")
def test_the_list_and_its_bell_cost_the_same_for_one_or_twenty(sent, approver, client, count_queries):
    run_all_due()
    client.force_login(approver.user, backend=SIGN_IN)
    address = reverse("communication:notices")
    client.get(address)
    one = count_queries(lambda: client.get(address))
    told = Notice.objects.get(membership=approver)
    Notice.objects.bulk_create(
        Notice(membership=approver, event_id=number, kind=told.kind, words=told.words, at=told.at) for number in range(-20, 0)
    )

    assert count_queries(lambda: client.get(address)) == one
