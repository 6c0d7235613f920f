from datetime import timedelta

import pytest
from django.core import mail

from marketplace.kernel.errors import RuleBroken
from marketplace.kernel.jobs.running import run_all_due
from marketplace.registry.models import Invitation, Membership, User
from marketplace.registry.services import invitation_accept, invitation_send, invitation_withdraw, membership_end

PERSON = {"first_name": "Lucía", "last_name": "Quizhpe Armijos", "password": "bueno y largo"}


def refused(call) -> list[str]:
    with pytest.raises(RuleBroken) as refusal:
        call()
    return refusal.value.codes


@pytest.fixture
def head(membership_factory):
    return membership_factory(role="entity_administrator")


@pytest.fixture
def invite(head, noon):
    def invite(email="lucia@ejemplo.ec", role="receiver", **place):
        return invitation_send(email=email, role=role, actor=head, at=noon, **(place or {"entity": head.entity}))

    return invite


@pytest.mark.feature("RU-9")
def test_a_new_person_enters_an_entity_by_code(invite, head, noon):
    invitation = invite()

    membership = invitation_accept(code=invitation.code, ruc="", user=None, new_person=PERSON, at=noon)

    assert (membership.entity, membership.role) == (head.entity, "receiver")
    assert membership.user.check_password("bueno y largo")
    assert membership.user.emailaddress_set.get().verified


def test_the_letter_tells_address_and_code(invite):
    invitation = invite()

    run_all_due()

    [letter] = mail.outbox
    assert letter.to == ["lucia@ejemplo.ec"]
    assert f"/cuenta/invitacion/{invitation.code}/" in letter.body


def test_a_company_is_entered_with_its_ruc(invite, supplier_factory, noon):
    supplier = supplier_factory()
    invitation = invite(role="supplier_manager", supplier=supplier)

    assert refused(lambda: invitation_accept(code=invitation.code, ruc="1790011674001", user=None, new_person=PERSON, at=noon)) == [
        "ruc_does_not_match"
    ]
    assert not User.objects.filter(email="lucia@ejemplo.ec").exists()

    membership = invitation_accept(code=invitation.code, ruc=supplier.ruc, user=None, new_person=PERSON, at=noon)
    assert membership.supplier == supplier


def test_someone_with_an_account_enters_with_it(invite, user_factory, noon):
    user = user_factory(email="lucia@ejemplo.ec")
    invitation = invite()

    assert refused(lambda: invitation_accept(code=invitation.code, ruc="", user=None, new_person=PERSON, at=noon)) == [
        "email_signs_in"
    ]
    assert invitation_accept(code=invitation.code, ruc="", user=user, new_person=None, at=noon).user == user


def test_an_invitation_opens_once(invite, noon):
    invitation = invite()
    invitation_accept(code=invitation.code, ruc="", user=None, new_person=PERSON, at=noon)

    again = {"first_name": "Otra", "last_name": "Persona", "password": "bueno y largo"}
    assert refused(lambda: invitation_accept(code=invitation.code, ruc="", user=None, new_person=again, at=noon)) == [
        "invitation_closed"
    ]


def test_one_that_is_over_or_withdrawn_does_not_open(invite, head, noon):
    late, withdrawn = invite(), invite(email="otra@ejemplo.ec")
    invitation_withdraw(invitation_id=withdrawn.pk, actor=head, at=noon)

    for invitation, at in ((late, noon + timedelta(days=14)), (withdrawn, noon)):
        accept = {"code": invitation.code, "ruc": "", "user": None, "new_person": PERSON, "at": at}
        assert refused(lambda accept=accept: invitation_accept(**accept)) == ["invitation_closed"]


def test_the_same_invitation_twice_is_refused(invite):
    invite()

    assert refused(invite) == ["already_invited"]
    assert Invitation.objects.count() == 1


def test_one_that_is_over_makes_room_for_a_new_one(invite, head, noon):
    invite()
    later = noon + timedelta(days=15)

    invitation_send(email="lucia@ejemplo.ec", role="receiver", actor=head, at=later, entity=head.entity)

    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


def test_a_role_that_is_not_of_this_organisation_is_refused(invite, head, unit_factory):
    assert refused(lambda: invite(role="supplier_manager")) == ["role_elsewhere"]
    assert refused(lambda: invite(entity=head.entity, unit=unit_factory())) == ["unit_elsewhere"]


def test_the_last_one_who_can_invite_stays(head, noon):
    assert refused(lambda: membership_end(membership_id=head.pk, actor=head, at=noon)) == ["last_administrator"]


def test_an_ended_membership_no_longer_holds_that_day(head, membership_factory, noon):
    other = membership_factory(role="approver", entity=head.entity)

    membership_end(membership_id=other.pk, actor=head, at=noon)

    assert other not in Membership.objects.in_force(noon.date())
