"""Everybody of the demonstration can sign in, each role is there, and one person has two."""

import pytest
from django.contrib.auth.password_validation import validate_password

from marketplace.demo.accounts import ACCOUNTS, ENTITY_RUC, PASSWORD, SUPPLIER_RUC, administrators, sign_ins
from marketplace.registry.models import Membership, User
from marketplace.registry.roles import ENTITY_ROLES, Role
from marketplace.registry.selectors import memberships_of

pytestmark = pytest.mark.usefixtures("loaded")


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.mailbox)
def test_signs_in_with_the_common_password(account, client, loaded):
    assert not client.login(email=account.email, password=PASSWORD + "x")
    assert client.login(email=account.email, password=PASSWORD)

    user = User.objects.get(email=account.email)
    assert tuple(each.role for each in memberships_of(user, loaded.date())) == account.roles
    assert user.emailaddress_set.get().verified
    validate_password(PASSWORD, user)


def test_every_role_has_an_account():
    assert {role for account in ACCOUNTS for role in account.roles} == set(Role)


def test_the_hospital_has_every_role_and_a_second_requester_and_approver():
    roles = [role for account in ACCOUNTS if account.organisation == ENTITY_RUC for role in account.roles]

    assert set(roles) == set(ENTITY_ROLES)
    assert roles.count(Role.REQUESTER) >= 2
    assert roles.count(Role.APPROVER) >= 2


def test_the_default_supplier_has_a_manager():
    assert Membership.objects.filter(supplier__ruc=SUPPLIER_RUC, role=Role.SUPPLIER_MANAGER).count() == 1


def test_one_account_has_two_roles_to_change_between():
    assert [account.mailbox for account in ACCOUNTS if len(account.roles) == 2] == ["dos.roles"]


def test_the_other_entities_have_somebody_who_can_invite():
    for account in administrators():
        assert Membership.objects.filter(user__email=account.email, role=Role.ENTITY_ADMINISTRATOR, entity__isnull=False).exists()
    assert Membership.objects.filter(role=Role.ENTITY_ADMINISTRATOR).count() == 25


def test_sign_ins_tell_all_that_is_needed():
    lines = list(sign_ins())

    assert len(lines) == len(ACCOUNTS)
    assert {line.password for line in lines} == {PASSWORD}
    assert lines[0].email == "solicitante@demo.compras.example"
    assert lines[0].organisation == "Hospital Básico San Jacinto"
