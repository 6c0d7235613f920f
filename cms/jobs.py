"""Who may edit pages follows from memberships: Wagtail's groups only mirror them."""

from django.contrib.auth.models import Group
from django.utils.timezone import localdate

from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job
from marketplace.registry.models import Membership
from marketplace.registry.roles import Role

GROUP_OF = {Role.EDITOR: "Editors", Role.LEGAL_REVIEWER: "Moderators", Role.ADMINISTRATOR: "Moderators"}


@subscribe("membership.granted", "membership.ended")
@job()
def editors_sync(event: Event) -> None:
    """Put the person into the groups of their roles in force, and out of the others."""
    user = Membership.objects.select_related("user").get(pk=event.subject_id).user
    roles = set(Membership.objects.in_force(localdate()).filter(user=user).values_list("role", flat=True))
    wanted = {name for role, name in GROUP_OF.items() if role in roles}
    for group in Group.objects.filter(name__in=set(GROUP_OF.values())):
        (group.user_set.add if group.name in wanted else group.user_set.remove)(user)
