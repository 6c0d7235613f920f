"""An approver is away: a colleague decides in their place, for some days."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.events.models import Event
from marketplace.registry.delegating import delegation_end, delegation_give
from marketplace.registry.models import Delegation
from marketplace.registry.selectors import delegations_of, memberships_of
from tests.answers import SIGN_IN, errors_of


@pytest.fixture
def colleague(membership_factory, approver):
    return membership_factory(role="finance_officer", entity=approver.entity)


@pytest.fixture
def give(approver, colleague, noon):
    def give(**changed) -> Delegation:
        words = {
            "principal": approver,
            "delegate": colleague,
            "valid_from": date(2026, 11, 23),
            "valid_until": date(2026, 11, 28),
            "reason": "Vacaciones",
            "actor": approver,
        }
        return delegation_give(**(words | changed), at=noon)

    return give


@pytest.mark.feature("OR-3")
@pytest.mark.parametrize(
    ("day", "stands_in"),
    [(22, False), (23, True), (27, True), (28, False)],
)
def test_holds_from_its_first_day_until_before_its_last(give, colleague, day, stands_in):
    give()

    assert memberships_of(colleague.user, date(2026, 11, day)).get().stands_in is stands_in


def test_the_record_says_who_gave_it_and_why(give, approver):
    given = give()

    event = Event.objects.get(kind="delegation.given")
    assert (event.subject_id, event.actor_id, event.payload) == (given.pk, approver.user_id, {"reason": "Vacaciones"})


def test_ends_at_once_and_only_once(give, approver, colleague, noon):
    given = give()

    delegation_end(delegation_id=given.pk, actor=approver, at=noon)

    assert memberships_of(colleague.user, noon.date()).get().stands_in is False
    with pytest.raises(RuleBroken) as refusal:
        delegation_end(delegation_id=given.pk, actor=approver, at=noon)
    assert refusal.value.codes == ["delegation_ended"]


def test_one_that_is_to_come_never_begins_once_it_is_ended(give, approver, colleague, noon):
    given = give(valid_from=date(2026, 11, 25))

    delegation_end(delegation_id=given.pk, actor=approver, at=noon)

    assert not Delegation.objects.in_force(date(2026, 11, 25)).exists()
    assert not delegations_of(approver, noon.date()).exists()
    with pytest.raises(RuleBroken) as refusal:
        delegation_end(delegation_id=given.pk, actor=approver, at=noon)
    assert refusal.value.codes == ["delegation_ended"]
    assert give(valid_from=date(2026, 11, 24), valid_until=date(2026, 11, 30)).pk != given.pk


def test_ends_with_the_account_of_the_one_who_gave_it(give, approver, colleague):
    give()
    approver.user.is_active = False
    approver.user.save()

    assert memberships_of(colleague.user, date(2026, 11, 23)).get().stands_in is False


def test_the_administrator_gives_it_for_somebody_absent(give, membership_factory, approver):
    administrator = membership_factory(role="entity_administrator", entity=approver.entity)

    assert give(actor=administrator).set_by == administrator


@pytest.mark.parametrize("case", ["a stranger", "oneself", "one's other account", "given by a colleague", "not an approver's"])
def test_goes_from_an_approver_to_another_person_of_the_same_entity(give, case, membership_factory, approver, colleague):
    approver.user.national_id = "1103756134"
    approver.user.save()
    other = membership_factory(role="receiver", entity=approver.entity, user__national_id="1103756134")
    changed = {
        "a stranger": {"delegate": membership_factory(role="approver")},
        "oneself": {"delegate": approver},
        "one's other account": {"delegate": other},
        "given by a colleague": {"actor": colleague},
        "not an approver's": {"principal": colleague, "delegate": approver, "actor": colleague},
    }[case]

    with pytest.raises(RuleBroken) as refusal:
        give(**changed)

    assert refusal.value.codes == ["delegation_elsewhere"]
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"valid_until": date(2026, 11, 23)}, "delegation_over"),
        ({"valid_from": date(2026, 11, 22)}, "delegation_begun"),
    ],
)
def test_days_that_are_over_are_refused(give, changed, code):
    with pytest.raises(RuleBroken) as refusal:
        give(**changed)

    assert refusal.value.codes == [code]
    assert not Delegation.objects.exists()


def test_the_same_days_are_delegated_once(give, membership_factory, approver):
    give()

    with pytest.raises(RuleBroken) as refusal:
        give(valid_from=date(2026, 11, 27), valid_until=date(2026, 12, 5))

    assert refusal.value.codes == ["delegation_twice"]
    give(valid_from=date(2026, 11, 28), valid_until=date(2026, 12, 5))
    assert Delegation.objects.count() == 2


def test_the_database_refuses_one_to_oneself(delegation_factory, approver):
    with pytest.raises(IntegrityError, match="registry_delegation_to_another"), transaction.atomic():
        delegation_factory(principal=approver, delegate=approver)


# ---------------------------------------------------------------- on screen
def test_is_given_and_ended_on_its_own_page(client, approver, colleague):
    client.force_login(approver.user, backend=SIGN_IN)
    day = localdate().strftime("%d/%m/%Y")
    form = {"delegate": str(colleague.id_public), "valid_from": day, "valid_until": day, "reason": "Congreso"}

    assert client.post(reverse("registry:delegation-create"), form).url == reverse("registry:delegations")

    given = Delegation.objects.get()
    assert (given.principal, given.delegate, (given.valid_until - given.valid_from).days) == (approver, colleague, 1)
    assert str(colleague.user) in client.get(reverse("registry:delegations")).content.decode()
    client.post(reverse("registry:delegation-end", args=[given.id_public]))
    given.refresh_from_db()
    assert given.valid_until == localdate()


def test_a_stranger_cannot_be_chosen(client, approver, membership_factory):
    client.force_login(approver.user, backend=SIGN_IN)
    stranger = membership_factory(role="approver")
    form = {"delegate": str(stranger.id_public), "valid_from": "23/11/2099", "valid_until": "23/11/2099", "reason": "x"}

    response = client.post(reverse("registry:delegation-create"), form)

    assert list(errors_of(response)) == ["delegate"]
    assert not Delegation.objects.exists()
