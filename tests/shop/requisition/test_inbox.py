"""The approver's desk: three trays, one decision after the other, no decision twice."""

from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from marketplace.kernel.errors import sentence_for
from marketplace.shop.order.models import Order
from marketplace.shop.requisition.models import Requisition
from tests.answers import errors_of, said


@pytest.fixture
def colleague(membership_factory, approver, delegation_factory):
    """An approver who stands in for the other one as well."""
    colleague = membership_factory(role="approver", entity=approver.entity)
    delegation_factory(principal=approver, delegate=colleague, valid_from=date(2026, 1, 1), valid_until=date(2099, 1, 1))
    return colleague


@pytest.fixture
def tray(client, browse):
    def tray(membership, name: str):
        browse(membership, "approvals")
        return client.get(reverse("requisition:approvals"), {"ver": name})

    return tray


def numbers(page) -> list[str]:
    return [row.number for row in page.context["object_list"]]


@pytest.mark.feature("OR-3")
def test_each_tray_has_what_it_says(send, two_steps, approve, colleague, tray, approver, listing_factory, delegation_factory):
    """The first step is the approver's: their colleague decides it in their place; then it is the other one's turn."""
    delegated = send((listing_factory(), 1), at=now())
    decided = send((listing_factory(), 1), at=now())
    approve(decided, actor=colleague, at=now())

    assert numbers(tray(colleague, "")) == [delegated.number]
    assert numbers(tray(colleague, "delegadas")) == [delegated.number]
    assert numbers(tray(colleague, "resueltas")) == [decided.number]
    assert numbers(tray(approver, "delegadas")) == []
    page = tray(colleague, "")
    assert (page.context["waiting_count"], page.context["delegated_count"]) == (1, 1)


@pytest.mark.feature("OR-3")
def test_what_one_decides_in_ones_own_right_is_not_delegated(send, colleague, tray, listing_factory):
    requisition = send((listing_factory(), 1), at=now())

    assert numbers(tray(colleague, "")) == [requisition.number]
    assert numbers(tray(colleague, "delegadas")) == []


@pytest.mark.parametrize("name", ["", "delegadas", "resueltas", "nada"])
def test_an_empty_tray_says_what_comes_into_it(tray, approver, name):
    assert '<div class="empty">' in tray(approver, name).content.decode()


@pytest.mark.feature("OR-3")
def test_after_a_decision_the_next_one_is_offered(send, browse, approver, requester, listing_factory):
    first, second = (send((listing_factory(), 1), at=now()) for _ in range(2))
    seen = str(first.gross.amount)

    response = browse(approver, "approval", first.number, decision="approve", gross_seen=seen)

    page = browse(approver, "requisition", first.number)
    assert response.url == first.get_absolute_url()
    assert page.context["next_waiting"] == second
    assert reverse("requisition:approval", args=[second.number]) in page.content.decode()
    assert (
        reverse("requisition:approval", args=[second.number]) not in browse(requester, "requisition", first.number).content.decode()
    )


@pytest.mark.feature("OR-3")
@pytest.mark.threat("O3")
def test_a_second_press_answers_as_the_first_and_a_late_one_hears_that_it_is_decided(send, browse, approver, listing_factory):
    requisition = send((listing_factory(), 1), at=now())
    form = {"decision": "approve", "gross_seen": str(requisition.gross.amount), "form_key": str(uuid4())}

    pressed = [browse(approver, "approval", requisition.number, **form) for _ in range(2)]
    late = browse(approver, "approval", requisition.number, **form | {"form_key": str(uuid4())})

    assert [response.url for response in pressed] == [requisition.get_absolute_url()] * 2
    assert said(pressed[0])[0] == said(pressed[1])[-1]
    words = {"number": requisition.number, "status": Requisition.Status.APPROVED.label}
    assert errors_of(late) == {"__all__": [sentence_for("already_decided", **words)]}
    assert Order.objects.count() == 1


@pytest.mark.feature("OR-3")
def test_a_return_without_a_comment_is_refused_at_its_field(send, browse, approver, requester, listing_factory):
    requisition = send((listing_factory(), 1), at=now())

    page = browse(approver, "approval", requisition.number, decision="return", gross_seen="3.59", comment="  ")

    assert errors_of(page) == {"comment": [sentence_for("comment_missing", requester=str(requester.user))]}
    assert Requisition.objects.get().status == "in_approval"
