from .delegation import Delegation
from .invitation import Invitation
from .membership import Membership
from .organisations import Entity, EntityUnit, Supplier
from .user import User

__all__ = ["Delegation", "Entity", "EntityUnit", "Invitation", "Membership", "Supplier", "User"]
