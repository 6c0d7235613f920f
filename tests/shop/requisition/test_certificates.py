"""A budget officer enters the certificates that pay the entity's requisitions."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from marketplace.kernel.errors import sentence_for
from marketplace.kernel.events.models import Event
from marketplace.kernel.limits.models import Limit
from marketplace.shop.requisition.models import BudgetCertificate
from tests.answers import SIGN_IN, errors_of, said

CERTIFICATE = {
    "number": "0412-2026",
    "budget_line": "53.08.05",
    "purpose": "Materiales de oficina",
    "issued_on": "23/11/2026",
    "amount": "12.500,50",
}


@pytest.fixture
def budget_officer(membership_factory):
    return membership_factory(role="budget_officer")


@pytest.fixture
def enter(client, budget_officer):
    client.force_login(budget_officer.user, backend=SIGN_IN)

    def enter(**changed):
        return client.post(reverse("requisition:certificate-create"), CERTIFICATE | changed)

    return enter


@pytest.mark.feature("OR-2")
def test_a_certificate_of_the_officers_entity_can_pay_from_now_on(enter, budget_officer):
    response = enter()

    certificate = BudgetCertificate.objects.select_related("amount").get()
    assert (certificate.entity, certificate.number, certificate.budget_line) == (budget_officer.entity, "0412-2026", "53.08.05")
    assert (certificate.purpose, certificate.issued_on) == ("Materiales de oficina", date(2026, 11, 23))
    assert (certificate.amount.limit, certificate.amount.taken) == (Decimal("12500.50"), 0)
    assert response.url == reverse("requisition:certificates")
    words = gettext("Certificate {number} can pay requisitions from now on.")
    assert said(response) == [words.format(number="0412-2026")]
    event = Event.objects.get()
    assert (event.kind, event.subject_id) == ("certificate.registered", certificate.pk)
    assert (event.actor_id, event.membership_id) == (budget_officer.user_id, budget_officer.pk)


def test_the_entity_in_the_form_is_not_heard(enter, budget_officer, entity_factory):
    enter(entity=entity_factory().pk)

    assert BudgetCertificate.objects.get().entity == budget_officer.entity


def test_a_number_is_entered_once(enter, budget_officer, certificate_factory):
    certificate_factory(entity=budget_officer.entity, number="0412-2026")
    limits = Limit.objects.count()

    response = enter()

    words = {"entity": budget_officer.entity.name, "number": "0412-2026"}
    assert errors_of(response) == {"number": [sentence_for("certificate_known", **words)]}
    assert (BudgetCertificate.objects.count(), Limit.objects.count()) == (1, limits)
    assert not Event.objects.exists()


def test_another_entity_may_have_the_same_number(enter, budget_officer, certificate_factory):
    certificate_factory(number="0412-2026")

    assert enter().status_code == 302
    assert BudgetCertificate.objects.filter(number="0412-2026").count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "0"), ("amount", "-1"), ("amount", "mil"), ("amount", "1,005"), ("amount", "9" * 30),
        ("issued_on", "31/02/2026"), ("issued_on", ""), ("number", ""), ("number", "9" * 41), ("budget_line", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(enter, field, value):
    response = enter(**{field: value})

    assert list(errors_of(response)) == [field]
    assert not BudgetCertificate.objects.exists()
    assert not Limit.objects.exists()
