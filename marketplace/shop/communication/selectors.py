from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.timezone import localdate

from marketplace.registry.models import Membership, User
from marketplace.registry.selectors import memberships_of

from .groups import GROUPS, NoticeGroup
from .models import Notice, NoticeChoice


def notices_of(membership: Membership) -> QuerySet[Notice]:
    """What was told to this person in this role, the newest first."""
    return Notice.objects.filter(membership=membership)


def unread_count_of(membership: Membership) -> int:
    return notices_of(membership).unread().count()


def ways_chosen(users: Iterable[int]) -> dict[tuple[int, str], str]:
    """(person, group) → way, of what these people have chosen."""
    choices = NoticeChoice.objects.filter(user__in=set(users))
    return {(user, group): way for user, group, way in choices.values_list("user", "group", "way")}


def groups_of(user: User) -> list[NoticeGroup]:
    """Those of which this person may hear in one of their roles."""
    areas = {membership.area for membership in memberships_of(user, localdate())}
    return [group for group in GROUPS if areas & set(group.areas)]
