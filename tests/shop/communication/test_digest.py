"""Notices come as each person has chosen: at once, in one letter a day, or only on the page."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils.timezone import localdate, now

from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs.models import Job
from marketplace.kernel.jobs.running import run_all_due
from marketplace.shop.communication.digest import digest_take, last_digest_at, next_digest_at
from marketplace.shop.communication.groups import GROUPS, Way
from marketplace.shop.communication.jobs import digest_mail
from marketplace.shop.communication.kinds import KINDS
from marketplace.shop.communication.models import Notice, NoticeChoice
from marketplace.shop.communication.selectors import groups_of
from marketplace.shop.communication.services import preferences_choose
from marketplace.shop.order.services import order_accept
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.services import requisition_return
from tests.answers import SIGN_IN
from tests.letters import DEAD_SERVER
from tests.races import together

pytestmark = pytest.mark.feature("SF-9")


@pytest.fixture
def tell(db):
    """Something was told to somebody, before the last hour of digests unless `at` says otherwise."""

    def tell(membership, kind="order-accepted", *, way=Way.DIGEST, at=None, **words) -> Notice:
        words = {"key": "OC-1", "number": "OC-1", "supplier": "Papelera Andina"} | words
        at = at or last_digest_at(now()) - timedelta(hours=1)
        event = Notice.objects.count() + 10**9
        return Notice.objects.create(membership=membership, event_id=event, kind=kind, words=words, way=way, at=at)

    return tell


def run_digest_of(person) -> None:
    """As if its hour had come."""
    digest_mail.enqueue(user_id=person.user_id)
    run_all_due()


def letters_to(person) -> list:
    return [letter for letter in mail.outbox if letter.to == [person.user.email]]


# ---------------------------------------------------------------- which way
def test_what_has_a_deadline_comes_at_once_and_the_rest_once_a_day(
    send, listing_factory, membership_factory, requester, approver, noon
):
    listing = listing_factory()
    seller = membership_factory(role="supplier_manager", supplier=listing.partner.supplier)
    requisition = send((listing, 2))
    requisition_approve(requisition_id=requisition.pk, gross_seen=requisition.gross.amount, actor=approver, at=noon)
    run_all_due()

    ways = dict(Notice.objects.values_list("kind", "way"))
    assert ways == {"order-issued": "at_once", "requisition-approved": "digest"}
    assert len(letters_to(seller)) == 1
    assert letters_to(requester) == []
    waiting = Job.objects.get(task__endswith="digest_mail")
    assert (waiting.arguments, waiting.run_at) == ({"user_id": requester.user_id}, next_digest_at(now()))


def test_a_choice_holds_for_its_group_and_for_that_person_alone(send, listing_factory, requester, approver, membership_factory):
    other = membership_factory(role="approver", entity=approver.entity)
    preferences_choose(user=approver.user, language="es", ways={"deadlines": "page", "orders": "at_once"}, at=now())
    send((listing_factory(), 2))
    run_all_due()

    assert dict(Notice.objects.values_list("membership", "way")) == {approver.pk: "page", other.pk: "at_once"}
    assert [letter.to for letter in mail.outbox] == [[other.user.email]]


def test_every_kind_has_a_group_and_its_tasks_are_known():
    from marketplace.kernel.screens.tasks import task_called

    assert {kind.group for kind in KINDS.values()} == set(GROUPS)
    assert [task_called(code).code for kind in KINDS.values() for code in kind.tasks] == [
        code for kind in KINDS.values() for code in kind.tasks
    ]


# ---------------------------------------------------------------- the letter
def test_one_letter_says_all_of_a_day_by_organisation_and_group_each_with_its_page(
    tell, membership_factory, user_factory, settings
):
    person = user_factory()
    here = membership_factory(user=person, role="requester", entity__name="Ñandú, hospital")
    there = membership_factory(user=person, role="order_administrator", entity__name="Alausí, municipio")
    tell(here, "requisition-approved", number="RQ-7", key="RQ-7", need="Papel")
    tell(here, number="OC-2", key="OC-2")
    tell(there, number="OC-3", key="OC-3")
    run_digest_of(here)
    run_digest_of(here)

    (letter,) = mail.outbox
    html = letter.alternatives[0][0]
    pages = [
        reverse("communication:notices"),
        reverse("order:order", args=["OC-3"]),
        reverse("requisition:requisition", args=["RQ-7"]),
        reverse("order:order", args=["OC-2"]),
        reverse("communication:preferences"),
    ]
    assert re.findall(r'href="([^"]+)"', html) == [f"{settings.BASE_URL}{page}" for page in pages]
    assert re.findall(r"<h[23][^>]*>([^<]+)<", html) == [
        "Alausí, municipio",
        "Órdenes",
        "Ñandú, hospital",
        "Lo que pasa con sus requisiciones",
        "Órdenes",
    ]
    assert [letter.body.index(page) for page in pages] == sorted(letter.body.index(page) for page in pages)
    assert letter.subject.startswith("3 avisos del ")
    assert "<form" not in html and "<img" not in html and "{" not in html
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_is_written_in_the_language_of_its_reader_and_leads_to_pages_in_it(tell, membership_factory, settings):
    reader = membership_factory(role="requester", user__language="en")
    tell(reader)
    run_digest_of(reader)

    (letter,) = mail.outbox
    assert letter.subject.startswith("1 notice of ")
    assert "Papelera Andina accepted the order OC-1." in letter.body
    assert f"{settings.BASE_URL}/en/compras/ordenes/OC-1/" in letter.body
    assert '<html lang="en">' in letter.alternatives[0][0]


def test_what_was_read_or_done_meanwhile_is_left_out(tell, send, listing_factory, approver, requester, noon):
    requisition = send((listing_factory(), 2))
    words = {"key": requisition.number, "number": requisition.number, "need": requisition.need}
    waiting = tell(approver, "requisition-submitted", **words)
    tell(approver, number="OC-5", key="OC-5")
    Notice.objects.filter(words__number="OC-5").update(read_at=now())

    told = digest_take(user_id=approver.user_id, at=now())
    assert [(each.pk, each.due) for each in told] == [(waiting.pk, requisition.submitted_at + timedelta(days=3))]

    Notice.objects.update(mailed_at=None)
    requisition_return(requisition_id=requisition.pk, comment="Falta el informe", actor=approver, at=noon)
    run_digest_of(approver)

    assert letters_to(approver) == []
    waiting.refresh_from_db()
    assert (waiting.mailed_at, waiting.way, waiting.read_at) == (None, Way.PAGE, None)


def test_an_order_that_was_answered_meanwhile_calls_nobody(send, listing_factory, membership_factory, approver, noon):
    listing = listing_factory()
    seller = membership_factory(role="supplier_manager", supplier=listing.partner.supplier)
    requisition = send((listing, 2))
    (order,) = requisition_approve(requisition_id=requisition.pk, gross_seen=requisition.gross.amount, actor=approver, at=noon)
    order_accept(order_id=order.pk, actor=seller, at=noon)
    run_all_due()

    assert Notice.objects.get(kind="order-issued").mailed_at is None
    assert letters_to(seller) == []


@pytest.mark.parametrize("change", ["role_over", "account_closed", "only_page"])
def test_who_left_or_wants_none_gets_none(tell, approver, change):
    tell(approver)
    if change == "role_over":
        approver.valid_until = localdate()
        approver.save()
    elif change == "account_closed":
        approver.user.is_active = False
        approver.user.save()
    else:
        preferences_choose(user=approver.user, language="es", ways={"orders": "page"}, at=now())
    run_digest_of(approver)

    assert mail.outbox == []


def test_what_was_told_to_two_roles_of_one_organisation_is_said_once(tell, membership_factory, user_factory, entity_factory):
    person, entity = user_factory(), entity_factory()
    both = [membership_factory(user=person, role=role, entity=entity) for role in ("requester", "order_administrator")]
    first = tell(both[0])
    Notice.objects.create(
        membership=both[1], event_id=first.event_id, kind=first.kind, words=first.words, way=Way.DIGEST, at=first.at
    )

    assert [each.pk for each in digest_take(user_id=person.pk, at=now())] == [first.pk]


# ---------------------------------------------------------------- once, whatever happens
def test_what_is_told_after_its_hour_waits_for_the_next_letter(tell, approver):
    late = tell(approver, at=now())
    run_digest_of(approver)

    assert mail.outbox == []
    late.refresh_from_db()
    assert (late.mailed_at, late.way) == (None, Way.DIGEST)
    assert Job.objects.get(task__endswith="digest_mail").run_at == next_digest_at(now())


@pytest.mark.threat("F4")
def test_while_the_mail_server_is_dead_the_letter_waits_and_afterwards_there_is_one(tell, approver, settings):
    settings.EMAIL_BACKEND = DEAD_SERVER
    yesterday = tell(approver, number="OC-1", at=last_digest_at(now()) - timedelta(days=1))
    run_digest_of(approver)
    tell(approver, number="OC-2")
    run_digest_of(approver)  # the next day's job; that of the day before still comes back

    yesterday.refresh_from_db()
    assert yesterday.mailed_at is None
    assert Job.objects.filter(task__endswith="digest_mail", dead_at=None).count() == 2

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(run_at="2020-01-01T00:00Z")
    run_all_due()

    (letter,) = mail.outbox
    assert "OC-1" in letter.body and "OC-2" in letter.body
    assert letter.extra_headers["Message-ID"].startswith(f"<digest.{yesterday.id_public}@")
    assert not Job.objects.filter(task__endswith="digest_mail").exists()


@pytest.mark.threat("F4")
def test_of_two_workers_at_the_same_moment_one_sends(own_database, membership_factory):
    reader = membership_factory(role="requester")
    at = last_digest_at(now()) - timedelta(hours=1)
    Notice.objects.bulk_create(
        Notice(membership=reader, event_id=number, kind="order-accepted", words={"key": "OC-1", "number": "OC-1", "supplier": "A"},
               way=Way.DIGEST, at=at)
        for number in range(3)
    )  # fmt: skip
    jobs = [digest_mail.row(user_id=reader.user_id) for _ in range(2)]
    jobs[0].key = None  # yesterday's, that came back, beside today's
    Job.objects.bulk_create(jobs)

    together(run_all_due, run_all_due)

    assert [letter.to for letter in mail.outbox] == [[reader.user.email]]
    assert not Job.objects.filter(task=digest_mail.name).exists()


@pytest.mark.parametrize(("hour", "minute", "days"), [(6, 59, 0), (7, 0, 1), (23, 59, 1)])
def test_the_next_letter_leaves_at_the_hour_that_is_set(noon, settings, hour, minute, days):
    settings.DIGEST_HOUR = 7
    at = noon.replace(hour=hour, minute=minute)

    expected = noon.replace(hour=7) + timedelta(days=days)
    assert (next_digest_at(at), last_digest_at(at)) == (expected, expected - timedelta(days=1))


# ---------------------------------------------------------------- the page
def test_the_page_shows_what_holds_and_keeps_what_is_chosen(client, requester):
    client.force_login(requester.user, backend=SIGN_IN)
    address = reverse("communication:preferences")
    form = client.get(address).context["form"]
    groups = [group.code for group in groups_of(requester.user)]
    assert groups == ["deadlines", "requisitions", "orders", "deliveries", "money"]
    assert {name: form[name].value() for name in groups} == dict.fromkeys(groups, "digest") | {"deadlines": "at_once"}

    answer = client.post(address, {"language": "en"} | dict.fromkeys(groups, "page"), follow=True)

    assert "Su elección vale para lo que pase desde ahora." in answer.content.decode()
    form = answer.context["form"]
    assert {name: form[name].value() for name in ("language", *groups)} == dict.fromkeys(groups, "page") | {"language": "en"}
    assert set(Event.objects.filter(subject_id=requester.user_id).values_list("kind", flat=True)) >= {
        "user.language_chosen",
        "notices.ways_chosen",
    }


def test_a_way_that_is_none_is_refused_and_nothing_is_kept(client, requester):
    client.force_login(requester.user, backend=SIGN_IN)
    ways = dict.fromkeys(["deadlines", "requisitions", "orders", "deliveries"], "page") | {"money": "pigeon"}
    answer = client.post(reverse("communication:preferences"), {"language": "en"} | ways)

    assert list(answer.context["form"].errors) == ["money"]
    assert NoticeChoice.objects.count() == 0
    requester.user.refresh_from_db()
    assert requester.user.language == "es"


def test_each_side_is_asked_about_what_it_hears_of(membership_factory, user_factory):
    seller = membership_factory(role="supplier_manager")
    officer = membership_factory(role="catalogue_officer")

    assert [group.code for group in groups_of(seller.user)] == ["deadlines", "orders", "deliveries", "money", "catalogue"]
    assert [group.code for group in groups_of(officer.user)] == ["catalogue"]
    assert groups_of(user_factory()) == []


def test_the_letter_costs_the_same_for_one_or_twenty(tell, send, listing_factory, approver, requester, count_queries):
    requisition = send((listing_factory(), 1))
    words = {"key": requisition.number, "number": requisition.number, "need": requisition.need}
    tell(approver, "requisition-submitted", **words)
    one = count_queries(lambda: digest_take(user_id=approver.user_id, at=now()))
    for _ in range(20):
        tell(approver, "requisition-submitted", **words)

    assert count_queries(lambda: digest_take(user_id=approver.user_id, at=now())) == one
