"""What editors find in Wagtail's menu besides pages."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from .models import HelpText


class HelpTextViewSet(SnippetViewSet):
    """One text for each screen and language. Texts come and go with the screens, so none is added or deleted here."""

    model = HelpText
    icon = "help"
    menu_label = _("Help texts")
    menu_order = 300
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["title", "help_id", "locale", UpdatedAtColumn()]
    list_filter = ["locale"]
    list_per_page = 50
    search_fields = ["title", "help_id", "body"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[HelpText]:
        return HelpText.objects.select_related("locale", "latest_revision")


register_snippet(HelpTextViewSet)
