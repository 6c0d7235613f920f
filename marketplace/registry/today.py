"""What of people and organisations waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.shown import DAY
from marketplace.kernel.screens.tasks import task

from .selectors import memberships_ending, suppliers_suspended

task(
    "suppliers-suspended",
    permission="registry.manage_suppliers",
    area="office",
    sentence=ngettext_lazy("{count} supplier is suspended", "{count} suppliers are suspended", "count"),
    why=_("Its offers are off sale. Let it sell again when the cause is gone."),
    url_name="registry:suppliers",
    rows=suppliers_suspended,
    note=lambda supplier: supplier.status_reason,
    url=lambda supplier: reverse("registry:supplier", args=[supplier.ruc]),
    icon="slash-circle",
    is_wrong=True,
    order=60,
)
for area in ("purchases", "supplier"):
    task(
        f"memberships-ending-{area}",
        permission="registry.manage_team",
        area=area,
        sentence=ngettext_lazy(
            "{count} person of your team loses a role within 30 days",
            "{count} people of your team lose a role within 30 days",
            "count",
        ),
        why=_("Whoever goes on working needs a new invitation before that day."),
        url_name="registry:team",
        rows=memberships_ending,
        title=lambda membership: str(membership.user),
        note=lambda membership: membership.get_role_display(),
        url=lambda membership: reverse("registry:team"),
        due=lambda membership: membership.valid_until - DAY,
        icon="people",
        order=50,
    )
