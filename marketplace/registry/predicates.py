"""Who may do what: predicates over the membership in which a person acts. Default deny.

A room names its permissions in `permissions.py`:

    permit("requisition.approve", acts_as(Role.APPROVER))
"""

from dataclasses import dataclass

import rules

from .models import Membership
from .roles import ENTITY_ROLES, Role


def membership_of(user) -> Membership | None:
    """The membership in which this person acts in this request (set by the middleware); None for a visitor."""
    return getattr(user, "membership", None)


def acts_as(*roles: Role) -> rules.Predicate:
    """Whether the person acts in one of these roles now."""

    @rules.predicate(f"acts_as:{'|'.join(roles)}")
    def acts(user) -> bool:
        membership = membership_of(user)
        return membership is not None and membership.role in roles

    return acts


@rules.predicate
def is_signed_in(user) -> bool:
    return user.is_authenticated


@rules.predicate
def stands_in_for_somebody(user) -> bool:
    """Whether an approver has delegated to the membership in which the person acts (`selectors.memberships_of`)."""
    return getattr(membership_of(user), "stands_in", False)


acts_for_entity = acts_as(*ENTITY_ROLES)
acts_for_supplier = acts_as(Role.SUPPLIER_MANAGER)


def permit(permission: str, predicate: rules.Predicate) -> None:
    """Name a permission, ``room.verb_noun``, and say who has it."""
    rules.set_perm(permission, predicate) if rules.perm_exists(permission) else rules.add_perm(permission, predicate)


@dataclass(frozen=True)
class _Position:
    """Somebody who acts in a role, to ask what the role may do."""

    role: Role


class _Somebody:
    is_authenticated = True

    def __init__(self, role: Role) -> None:
        self.membership = _Position(role)


def roles_with(permission: str) -> list[Role]:
    """The roles that have a permission; none for one that nobody named."""
    if not rules.perm_exists(permission):
        return []
    return [role for role in Role if rules.has_perm(permission, _Somebody(role))]
