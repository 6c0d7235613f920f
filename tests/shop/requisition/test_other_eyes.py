"""Nobody approves their own need by any path, and a delegate decides in another's place, on record."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import now

from marketplace.kernel.errors import RuleBroken
from marketplace.registry.models import User
from marketplace.shop.order.models import Order
from marketplace.shop.requisition.approval import requisition_approve
from marketplace.shop.requisition.history import history_of
from marketplace.shop.requisition.models import Requisition, RouteStep
from marketplace.shop.requisition.selectors import requisitions_to_decide
from marketplace.shop.requisition.services import requisition_return
from tests.answers import SIGN_IN

CEDULA = "1103756134"
PATHS = ["second role", "as delegate", "second account", "delegate of oneself", "delegate of one's account"]


@pytest.fixture
def decide(noon):
    def decide(requisition, actor, *, at=noon):
        seen = requisition.gross.amount
        return requisition_approve(requisition_id=requisition.pk, gross_seen=seen, actor=actor, at=at)

    return decide


@pytest.fixture
def delegate(membership_factory, approver, delegation_factory):
    """Decides in the place of the approver from the 20th to the 29th."""
    colleague = membership_factory(role="finance_officer", entity=approver.entity)
    delegation_factory(principal=approver, delegate=colleague)
    return colleague


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    assert not Order.objects.exists()
    assert not RouteStep.objects.exclude(approver=None).exists()
    return refusal.value.codes


@pytest.mark.feature("OR-3")
@pytest.mark.parametrize(("day", "may"), [(19, False), (20, True), (29, True), (30, False)])
def test_a_delegate_decides_on_the_days_of_the_delegation(send, decide, delegate, approver, listing_factory, noon, day, may):
    at = noon.replace(day=day)
    requisition = send((listing_factory(), 1), at=max(noon, at - timedelta(days=1)))

    assert (requisition in requisitions_to_decide(delegate, at)) is may
    if not may:
        assert refused(lambda: decide(requisition, delegate, at=at)) == ["not_your_turn"]
        return
    assert len(decide(requisition, delegate, at=at)) == 1
    requisition.refresh_from_db()
    assert (requisition.decider, requisition.decided_for) == (delegate.user, approver)
    step = requisition.steps.get()
    assert (step.approver, step.principal) == (delegate.user, approver)
    assert history_of(requisition)[0].in_the_place_of == str(approver.user)


def test_what_was_received_is_not_delegated_on(
    send, decide, delegate, approver, membership_factory, delegation_factory, listing_factory
):
    third = membership_factory(role="approver", entity=approver.entity)
    fourth = membership_factory(role="receiver", entity=approver.entity)
    delegation_factory(principal=delegate, delegate=fourth)
    requisition = send((listing_factory(), 1))

    assert refused(lambda: decide(requisition, fourth)) == ["not_your_turn"]
    assert len(decide(requisition, third)) == 1


def test_a_delegate_returns_it_and_both_are_named(send, delegate, approver, listing_factory, noon):
    requisition = send((listing_factory(), 1))

    requisition_return(requisition_id=requisition.pk, comment="Falta el informe", actor=delegate, at=noon)

    requisition.refresh_from_db()
    assert (requisition.decider, requisition.decided_for) == (delegate.user, approver)


@pytest.mark.threat("O10")
@pytest.mark.parametrize("path", PATHS)
def test_nobody_approves_their_own_need_by_any_path(
    send, decide, path, requester, approver, membership_factory, delegation_factory, listing_factory, noon
):
    entity = requester.entity
    requester.user.national_id = CEDULA
    requester.user.save()
    other_account = {"user__national_id": CEDULA}
    if path == "second role":
        actor = membership_factory(user=requester.user, role="approver", entity=entity)
    elif path == "as delegate":
        actor = requester
        delegation_factory(principal=approver, delegate=requester)
    elif path == "second account":
        actor = membership_factory(role="approver", entity=entity, **other_account)
    else:
        own = {"user": requester.user} if path == "delegate of oneself" else other_account
        actor = membership_factory(role="receiver", entity=entity)
        delegation_factory(principal=membership_factory(role="approver", entity=entity, **own), delegate=actor)
    requisition = send((listing_factory(), 1))

    codes = ["not_your_turn"] if path.startswith("delegate of") else ["own_need"]
    assert requisition not in requisitions_to_decide(actor, noon)
    assert refused(lambda: decide(requisition, actor)) == codes


@pytest.mark.threat("O10")
@pytest.mark.parametrize("path", ["approver", "second account", "principal"])
def test_the_database_compares_people_too(send, path, requester, approver, membership_factory, listing_factory, noon):
    User.objects.filter(pk=requester.user_id).update(national_id=CEDULA)
    second = membership_factory(role="approver", entity=requester.entity, user__national_id=CEDULA)
    steps = RouteStep.objects.filter(requisition=send((listing_factory(), 1)))
    written = {
        "approver": {"approved_by": requester, "approver": requester.user},
        "second account": {"approved_by": second, "approver": second.user},
        "principal": {"approved_by": approver, "approver": approver.user, "principal": second},
    }[path]

    with pytest.raises(IntegrityError, match="requisition_four_eyes_of_people"), transaction.atomic():
        steps.update(approved_at=noon, **written)
    with pytest.raises(IntegrityError, match="requisition_four_eyes_of_people"), transaction.atomic():
        Requisition.objects.update(decided_by=second, decider=second.user)


@pytest.mark.threat("O10")
def test_the_database_lets_nobody_approve_two_steps_nor_pass_one_by(send, approver, membership_factory, listing_factory, noon):
    requisition = send((listing_factory(), 1))
    signed = {"approved_by": approver, "approver": approver.user, "approved_at": noon}
    requisition.steps.update(**signed)
    RouteStep.objects.create(requisition=requisition, position=2, who="anyone")

    with pytest.raises(IntegrityError, match="requisition_steps_of_different_people"), transaction.atomic():
        requisition.steps.filter(position=2).update(**signed)
    with pytest.raises(IntegrityError, match="requisition_route_walked_to_its_end"), transaction.atomic():
        Requisition.objects.update(status="approved", decided_by=approver, decider=approver.user)


@pytest.mark.feature("OR-3")
def test_the_delegate_finds_it_in_the_tray_with_in_whose_place(
    client, send, delegate, approver, listing_factory, delegation_factory
):
    approver.delegations.update(valid_from=date(2026, 1, 1), valid_until=date(2099, 1, 1))
    requisition = send((listing_factory(), 1), at=now())
    client.force_login(delegate.user, backend=SIGN_IN)

    tray = client.get(reverse("requisition:approvals")).content.decode()
    page = client.get(reverse("requisition:approval", args=[requisition.number])).content.decode()

    assert requisition.number in tray
    assert f"Por delegación de {approver.user}" in tray
    assert f"Por delegación de {approver.user}" in page
    approver.delegations.update(valid_until=date(2026, 1, 2) + timedelta(days=1))
    assert client.get(reverse("requisition:approvals")).status_code == 403
