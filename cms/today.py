"""What of the portal's pages waits for somebody."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from wagtail.models import Page

from marketplace.kernel.screens.tasks import task

from .selectors import pages_in_draft, pages_in_moderation


def editor_of(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


task(
    "pages-to-moderate",
    permission="cms.moderate_pages",
    area="office",
    sentence=ngettext_lazy("{count} page waits to be published", "{count} pages wait to be published", "count"),
    why=_("Read what changed; publish it, or send it back with a comment."),
    url_name="cms:pages-at-work",
    rows=lambda membership, at: pages_in_moderation(),
    title=lambda page: page.title,
    url=editor_of,
    icon="inboxes",
    order=10,
)
task(
    "pages-in-draft",
    permission="wagtailadmin.access_admin",
    area="office",
    sentence=ngettext_lazy(
        "{count} page has changes that nobody sees yet", "{count} pages have changes that nobody sees yet", "count"
    ),
    why=_("Finish the draft and send it to be published, or discard it."),
    url_name="cms:pages-at-work",
    rows=lambda membership, at: pages_in_draft(),
    title=lambda page: page.title,
    url=editor_of,
    icon="pencil",
    order=30,
)
