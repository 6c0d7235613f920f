"""What of agreements waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from marketplace.kernel.screens.tasks import task

from .models import FrameworkAgreement
from .selectors import agreements_ending, agreements_in_draft


def panel_of(agreement: FrameworkAgreement) -> str:
    return reverse("framework_agreements:agreement-panel", args=[agreement.code])


task(
    "agreements-ending",
    permission="framework_agreements.edit_agreement",
    area="office",
    sentence=ngettext_lazy("{count} agreement ends within 60 days", "{count} agreements end within 60 days", "count"),
    why=_("From its end nothing can be ordered under it: call the next one in time."),
    url_name="framework_agreements:agreements-panel",
    rows=agreements_ending,
    title=lambda agreement: agreement.code,
    note=lambda agreement: agreement.name,
    url=panel_of,
    due=lambda agreement: agreement.last_day,
    icon="patch-check",
    order=40,
)
task(
    "agreements-in-draft",
    permission="framework_agreements.edit_agreement",
    area="office",
    sentence=ngettext_lazy("{count} agreement is a draft", "{count} agreements are drafts", "count"),
    why=_("Suppliers can offer and entities can buy once it is published."),
    url_name="framework_agreements:agreements-panel",
    rows=agreements_in_draft,
    title=lambda agreement: agreement.code,
    note=lambda agreement: agreement.name,
    url=panel_of,
    icon="pencil",
    order=50,
)
