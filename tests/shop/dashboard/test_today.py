"""«Today»: what waits for each role, its numbers, and the lists to which they lead."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext
from wagtail.models import Page

from catalog_import.models import ImportRun
from cms.models import ContentPage, HomePage
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.screens.tasks import _tasks, waiting_for
from marketplace.registry.models import Membership
from marketplace.shop.invoicing.services import invoice_reject
from marketplace.shop.order.models import Order
from marketplace.shop.order.services import order_accept, order_reject
from marketplace.shop.payment.models import PaymentOrder
from marketplace.shop.requisition.holding import requisition_lapse
from marketplace.shop.requisition.models import BudgetCertificate, Requisition
from marketplace.shop.requisition.services import requisition_return, requisition_submit
from tests.access.world import World, build_world, invoiced, ordered
from tests.answers import SIGN_IN
from tests.factories import factories as make
from tests.shop.conftest import a_need, put_in_cart

COUNTS = {
    "requisitions-to-decide": 2,
    "orders-to-deliver": 2,
    "orders-to-receive": 2,
    "orders-to-invoice": 2,
    "imports-to-confirm": 2,
}  # the others: one
AREAS = {"purchases": "requester", "supplier": "supplier_manager", "office": "administrator"}


@pytest.fixture
def page_of(client):
    def page_of(membership, area: str):
        client.force_login(membership.user, backend=SIGN_IN)
        return client.get(reverse(f"dashboard:{area}"))

    return page_of


def kinds(membership, at=None) -> dict[str, int]:
    """Code → count of what waits for a membership."""
    membership.user.membership = membership
    return {each.task.code: each.count for each in waiting_for(membership.user, membership.area, membership, at or now())}


def busy_world() -> World:
    """In which something of every kind of task waits for somebody, and as much for strangers."""
    world = build_world()
    today, someone = localdate(), world["supplier_manager"]
    order_accept(order_id=world.order.pk, actor=someone, at=now() - timedelta(days=1))
    late = Order.objects.get(pk=_anotherordered(world).pk)
    order_accept(order_id=late.pk, actor=someone, at=now() - timedelta(days=20))
    rejected = _anotherordered(world)
    order_reject(order_id=rejected.pk, cause=rejected.agreement.rejection_causes.get(), actor=someone, at=now())
    _requisitions(world)
    certificate = world.order.requisition.certificate
    BudgetCertificate.objects.create(
        entity=certificate.entity, number="0999-2026", budget_line="530804", issued_on=today,
        amount=Limit.objects.create(limit=Decimal("100.00"), taken=Decimal("90.00")),
    )  # fmt: skip
    for membership in (world["receiver"], make.MembershipFactory(role="supplier_manager", supplier=someone.supplier)):
        Membership.objects.filter(pk=membership.pk).update(valid_until=today + timedelta(days=9))
    make.SupplierFactory(status="suspended", status_reason="Multas impagas")
    make.AgreementFactory(code="CM-ENDS", valid_until=today + timedelta(days=60))
    make.AgreementFactory(code="CM-DRAFT", status="draft")
    ImportRun.objects.filter(pk=world.proposal.run_id).update(created_at=now(), rows=2, refused=1)
    _money(world)
    _pages()
    return world


def _anotherordered(world: World) -> Order:
    return ordered(world, world.order.requisition.certificate, now())


def _requisitions(world: World) -> None:
    """One more sent long ago, one that came back, and one that nobody decided in time."""
    Requisition.objects.filter(pk=world.waiting.pk).update(submitted_at=now() - timedelta(days=4))
    _, late, back = (_sent(world) for _ in range(3))
    requisition_lapse(requisition_id=late.pk, at=late.held_until)
    requisition_return(requisition_id=back.pk, comment="Falta el informe", actor=world["approver"], at=now())


def _sent(world: World) -> Requisition:
    put_in_cart((world.listing, 1), actor=world["requester"], at=now())
    need = a_need(world.order.requisition.certificate)
    return requisition_submit(need=need, actor=world["requester"], at=now())


def _money(world: World) -> None:
    """A payment that was refused, and an invoice that was rejected, so that its order is to be invoiced again."""
    PaymentOrder.objects.filter(pk=world.payment.pk).update(status="refused")
    rejected = invoiced(world, world.delivered, 1, now())
    invoice_reject(invoice_id=rejected.pk, reason="Falta la guía", actor=world["finance_officer"], at=now())


def _pages() -> None:
    home = Page.get_first_root_node().add_child(instance=HomePage(title="Portal", slug="portal", lead="Compras"))
    for title in ("Ayuda", "Normas"):
        page = home.add_child(instance=ContentPage(title=title))
        page.title = f"{title} nueva"
        page.save_revision()
    page.get_workflow().start(page, make.UserFactory())


TOLD = {
    "requester": ["requisitions-lapsed", "orders-rejected", "requisitions-undecided", "requisitions-returned"],
    "approver": ["requisitions-to-decide"],
    "budget_officer": ["certificates-nearly-used"],
    "receiver": ["receptions-late", "orders-to-receive"],
    "order_administrator": ["receptions-late", "orders-rejected", "orders-to-receive"],
    "finance_officer": ["payments-gone-wrong", "invoices-to-certify"],
    "entity_administrator": ["memberships-ending-purchases"],
    "supplier_manager": [
        "deliveries-late", "imports-gone-wrong", "invoices-rejected", "orders-to-deliver", "orders-to-answer",
        "memberships-ending-supplier", "orders-to-invoice", "imports-to-confirm",
    ],
    "catalogue_officer": ["suppliers-suspended", "agreements-ending", "proposals-to-decide", "agreements-in-draft"],
    "editor": ["pages-in-draft"],
    "legal_reviewer": ["pages-to-moderate", "pages-in-draft"],
    "administrator": ["suppliers-suspended", "pages-to-moderate", "pages-in-draft"],
}  # fmt: skip


@pytest.mark.feature("SF-9")
def test_every_number_is_that_of_the_list_to_which_it_leads(client, page_of, db):
    """For everybody, of every kind of task there is; what went wrong first, then what is due soonest; strangers hear nothing."""
    told: dict[str, list[str]] = {}
    for role, person in busy_world().people.items():
        page = page_of(person, person.area)
        for each in (*page.context["wrong"], *page.context["to_do"]):
            listed = client.get(each.task.list_url)
            assert listed.context["paginator"].count == each.count == COUNTS.get(each.task.code, 1), (role, each.task.code)
            assert str(each) in listed.content.decode()
            assert f'<a href="{each.task.list_url}">{each}</a>' in page.content.decode()
            told.setdefault(role, []).append(each.task.code)
    assert told == TOLD
    assert set(_tasks) == {code for codes in TOLD.values() for code in codes}


@pytest.mark.feature("SF-9")
@pytest.mark.budget("P1")
def test_costs_the_same_for_one_agreement_or_for_four(page_of, officer, agreement_factory, supplier_factory, count_queries):
    def some(count: int) -> None:
        agreement_factory.create_batch(count, valid_until=localdate() + timedelta(days=9))
        agreement_factory.create_batch(count, status="draft")
        supplier_factory.create_batch(count, status="suspended")

    some(1)
    page_of(officer, "office")
    one = count_queries(lambda: page_of(officer, "office"))
    some(3)

    assert count_queries(lambda: page_of(officer, "office")) == one


@pytest.mark.feature("SF-9")
@pytest.mark.parametrize(("area", "role"), AREAS.items())
def test_work_begins_here_after_signing_in(client, membership_factory, area, role):
    client.force_login(membership_factory(role=role).user, backend=SIGN_IN)

    assert client.get(reverse("registry:start")).url == reverse(f"dashboard:{area}")


@pytest.mark.parametrize("area", AREAS)
def test_is_closed_to_other_roles_and_visitors_sign_in(client, membership_factory, area):
    address = reverse(f"dashboard:{area}")
    assert client.get(address).headers["Location"] == f"{reverse('account_login')}?next={address}"
    for other in set(AREAS) - {area}:
        client.force_login(membership_factory(role=AREAS[other]).user)
        assert client.get(address).status_code == 403


@pytest.mark.feature("SF-9")
def test_nothing_waits_and_the_ways_on_are_those_of_the_role(page_of, membership_factory):
    page = page_of(membership_factory(role="supplier_manager"), "supplier")

    assert gettext("Nothing waits for you") in page.content.decode()
    ways_on = re.search(r'<div class="empty">.*?</div>\s*</div>', page.content.decode(), re.DOTALL)[0]
    assert re.findall(r'<a[^>]* href="([^"]+)"', ways_on) == [reverse(entry.url_name) for entry in page.context["ways_on"][:3]]


@pytest.mark.feature("SF-9")
def test_the_last_days_count_and_the_next_do_not(officer, requester, approver, send, listing_factory, agreement_factory, noon):
    send((listing_factory(), 2))
    agreement_factory(valid_until=date(2026, 11, 23) + timedelta(days=60))
    agreement_factory(valid_until=date(2026, 11, 23) + timedelta(days=61))

    assert kinds(officer, noon) == {"agreements-ending": 1}
    assert kinds(requester, noon + timedelta(days=3)) == {}
    assert kinds(requester, noon + timedelta(days=3, seconds=1)) == {"requisitions-undecided": 1}
    assert kinds(approver, noon) == {"requisitions-to-decide": 1}


def test_a_list_is_not_narrowed_by_a_task_of_another_list_or_role(client, approver, send, listing_factory):
    send((listing_factory(), 2))
    client.force_login(approver.user, backend=SIGN_IN)

    for code in ("requisitions-returned", "orders-to-answer", "\0", "nothing"):
        assert client.get(reverse("requisition:requisitions"), {"tarea": code}).context["tools"].task is None
