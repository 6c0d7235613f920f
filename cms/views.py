"""The editors' list of what visitors do not see yet."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import Filter
from marketplace.kernel.text import SortKey

from .selectors import pages_at_work

STATES = (("True", _("To be published")), ("False", _("Draft")))


class PagesAtWorkView(ListScreen):
    """Pages with a draft, or on their way to be published; each opens in the editor."""

    permission = "wagtailadmin.access_admin"
    template_name = "cms/pages_at_work.html"
    search_fields = ("title",)
    filters = (Filter("estado", _("State"), "is_moderated", STATES, _("All states")),)
    sort = "-touched"
    download_name = "paginas"
    columns = (
        Column("title", _("Page"), SortKey("title"), value=lambda row: row.draft_title or row.title),
        Column("language", _("Language"), "locale__language_code", value=lambda row: row.locale.get_display_name()),
        Column("touched", _("Last change"), "latest_revision_created_at", value=lambda row: row.latest_revision_created_at),
        Column("state", _("State"), "is_moderated", value=lambda row: str(dict(STATES)[str(row.is_moderated)])),
    )

    def get_rows(self) -> QuerySet[Page]:
        return pages_at_work().select_related("locale")
