from django.db.models import QuerySet

from marketplace.registry.models import Membership

from .models import Notice


def notices_of(membership: Membership) -> QuerySet[Notice]:
    """What was told to this person in this role, the newest first."""
    return Notice.objects.filter(membership=membership)


def unread_count_of(membership: Membership) -> int:
    return notices_of(membership).unread().count()
