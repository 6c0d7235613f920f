"""Entities, suppliers, their people, and the money that the entities may commit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.utils.timezone import localdate

from marketplace.registry.models import Entity, EntityUnit, Membership, Supplier, User
from marketplace.registry.roles import Role
from marketplace.registry.services import entity_register, membership_grant, supplier_register, unit_add
from marketplace.shop.requisition.models import BudgetCertificate
from marketplace.shop.requisition.services import certificate_register

from .accounts import ACCOUNTS, ENTITY_RUC, PASSWORD, Account, administrators
from .tables import entities, rows_of, suppliers

CERTIFIED_BEFORE = timedelta(days=60)
MONEY_OF_OTHERS = Decimal("100000.00")


@dataclass(frozen=True)
class People:
    """Memberships of the demonstration, by mailbox and role."""

    memberships: dict[tuple[str, Role], Membership]

    def __getitem__(self, key: tuple[str, Role]) -> Membership:
        return self.memberships[key]

    def acting_as(self, role: Role) -> list[Membership]:
        return [membership for (_, each), membership in self.memberships.items() if each == role]


def organisations_found(*, since: datetime) -> People:
    """Register all organisations, as the administrator would, and let their people in. `since`: from when they are members."""
    password = make_password(PASSWORD)
    people = _enter([account for account in ACCOUNTS if not account.organisation], password, since, {})
    (administrator,) = people.acting_as(Role.ADMINISTRATOR)
    found: dict[str, Entity | Supplier] = {}
    for row in entities():
        entity = found[row.ruc] = entity_register(ruc=row.ruc, name=row.name, canton_code=row.canton, actor=administrator)
        for name in row.units:
            unit_add(entity=entity, name=name, actor=administrator)
    for row in suppliers():
        found[row.ruc] = supplier_register(ruc=row.ruc, name=row.name, canton_code=row.canton, actor=administrator)
    rest = [account for account in (*ACCOUNTS, *administrators()) if account.organisation]
    return People(people.memberships | _enter(rest, password, since, found).memberships)


def certificates_register(people: People, *, at: datetime) -> dict[str, BudgetCertificate]:
    """The demonstration hospital's certificates by budget line; one for each of the other entities."""
    issued_on = localdate(at - CERTIFIED_BEFORE)
    found = {}
    for officer in people.acting_as(Role.BUDGET_OFFICER):
        is_hospital = officer.entity.ruc == ENTITY_RUC
        for row in rows_of("certificates")[: None if is_hospital else 1]:
            certificate = certificate_register(
                number=f"{row['number']}-{issued_on.year}",
                budget_line=row["budget_line"],
                purpose=row["purpose"],
                issued_on=issued_on,
                amount=Decimal(row["amount"]) if is_hospital else MONEY_OF_OTHERS,
                actor=officer,
            )
            if is_hospital:
                found[row["budget_line"]] = certificate
    return found


def _enter(accounts: list[Account], password: str, since: datetime, organisations: dict[str, Entity | Supplier]) -> People:
    """One hash serves all: they have the same password."""
    memberships = {}
    for account in accounts:
        user = User.objects.create(
            email=account.email, first_name=account.first_name, last_name=account.last_name, password=password
        )
        user.emailaddress_set.create(email=account.email, verified=True, primary=True)
        place = _place_of(account, organisations.get(account.organisation))
        for role in account.roles:
            memberships[account.mailbox, role] = membership_grant(user=user, role=role, at=since, **place)
    return People(memberships)


def _place_of(account: Account, organisation: Entity | Supplier | None) -> dict:
    if isinstance(organisation, Supplier):
        return {"supplier": organisation}
    unit = EntityUnit.objects.get(entity=organisation, name=account.unit) if account.unit else None
    return {"entity": organisation, "unit": unit}
