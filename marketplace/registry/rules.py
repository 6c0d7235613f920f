"""Who may be invited where. Facts in, broken rules out."""

from datetime import date

from marketplace.kernel.errors import Broken

from .models import Entity, EntityUnit, Membership, Supplier
from .roles import AUTHORITY_ROLES, ENTITY_ROLES, SUPPLIER_ROLES, Role


def roles_of(*, entity: Entity | None, supplier: Supplier | None) -> tuple[Role, ...]:
    """The roles that exist in this organisation; without one, those of the catalogue authority."""
    if entity is not None:
        return ENTITY_ROLES
    return SUPPLIER_ROLES if supplier is not None else AUTHORITY_ROLES


def reasons_not_invitable(
    *,
    role: str,
    entity: Entity | None,
    unit: EntityUnit | None,
    supplier: Supplier | None,
    email: str,
    is_invited: bool,
    is_member: bool,
) -> list[Broken]:
    broken = []
    if role not in roles_of(entity=entity, supplier=supplier):
        broken.append(Broken("role_elsewhere", role=Role(role).label))
    if unit is not None and (entity is None or unit.entity_id != entity.pk):
        broken.append(Broken("unit_elsewhere", unit=unit.name, entity=entity))
    if is_invited:
        broken.append(Broken("already_invited", email=email))
    if is_member:
        broken.append(Broken("already_member", email=email))
    return broken


def reasons_not_delegable(
    principal: Membership, delegate: Membership, actor: Membership, *, valid_from: date, valid_until: date, today: date
) -> list[Broken]:
    """An approver to another person of the same entity, oneself or by its administrator, for days that are not over."""
    broken = []
    is_theirs = actor.pk == principal.pk or (actor.role == Role.ENTITY_ADMINISTRATOR and actor.entity_id == principal.entity_id)
    is_same_person = principal.user.person_key == delegate.user.person_key
    if not is_theirs or principal.role != Role.APPROVER or delegate.entity_id != principal.entity_id or is_same_person:
        broken.append(Broken("delegation_elsewhere", entity=principal.entity))
    if valid_from < today:
        broken.append(Broken("delegation_begun"))
    if valid_until <= max(valid_from, today):
        broken.append(Broken("delegation_over"))
    return broken
