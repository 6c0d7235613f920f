"""The editors' list of what visitors do not see yet."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.text import SortKey

from .selectors import pages_at_work, pages_in_moderation


class PagesAtWorkView(ListScreen):
    """Pages with a draft, or on their way to be published; each opens in the editor."""

    permission = "wagtailadmin.access_admin"
    template_name = "cms/pages_at_work.html"
    search_fields = ("title",)
    sort = "-touched"
    columns = (
        Column("title", _("Page"), SortKey("title")),
        Column("language", _("Language"), "locale__language_code"),
        Column("touched", _("Last change"), "latest_revision_created_at"),
        Column("state", _("State")),
    )

    def get_rows(self) -> QuerySet[Page]:
        return pages_at_work().select_related("locale")

    def get_context_data(self, **context):
        context = super().get_context_data(**context)
        shown = [page.pk for page in context["object_list"]]
        moderated = set(pages_in_moderation().filter(pk__in=shown).values_list("pk", flat=True))
        return context | {"moderated": moderated}
