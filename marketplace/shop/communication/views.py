"""One's notices: reading them, having read them, and how they come."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Func, QuerySet, TextField
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.views import ActionView, RuleFormView

from .forms import PreferencesForm
from .models import Notice
from .selectors import groups_of, notices_of, unread_count_of, ways_chosen
from .services import notice_mark_read, notices_mark_read, preferences_choose

PERMISSION = "communication.see_notices"
WORDS = Func("words", template="jsonb_path_query_array(%(expressions)s, '$.*')::text", output_field=TextField())


class NoticesView(ListScreen):
    """What was told to this person in the role in which they act. `?ver=todos`: also what was read."""

    permission = PERMISSION
    template_name = "communication/notices.html"
    search_fields = (WORDS,)
    sort = "-at"
    download_name = "avisos"
    columns = (
        Column("notice", gettext_lazy("Notice"), value=str),
        Column("at", gettext_lazy("When"), "at", value=lambda row: row.at),
        Column("act", ""),
    )

    @property
    def shows_all(self) -> bool:
        return self.request.GET.get("ver") == "todos"

    def get_rows(self) -> QuerySet[Notice]:
        notices = notices_of(self.membership)
        return notices if self.shows_all else notices.unread()

    def get_context_data(self, **context):
        unread = unread_count_of(self.membership)
        return super().get_context_data(shows_all=self.shows_all, unread_count=unread, **context)


class NoticesReadView(ActionView):
    """All of them are read."""

    permission = PERMISSION
    form_class = forms.Form

    def act(self, form) -> str:
        count = notices_mark_read(membership=self.membership, at=now())
        return ngettext("{count} notice is marked as read.", "{count} notices are marked as read.", count).format(count=count)

    def get_success_url(self) -> str:
        return reverse("communication:notices")


class NoticeReadView(NoticesReadView):
    """One of them is read."""

    def get_object(self) -> Notice:
        return self.found(notices_of(self.membership), id_public=self.kwargs["id_public"])

    def act(self, form) -> str:
        notice_mark_read(notice_id=self.object.pk, at=now())
        return _("The notice is marked as read.")


class PreferencesView(RuleFormView):
    """In which language letters come to a person, and which; the same for all of their roles."""

    permission = "registry.use_account"
    form_class = PreferencesForm
    template_name = "communication/preferences.html"

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        return {group: way for (_, group), way in ways_chosen([user.pk]).items()} | {"language": user.language}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"groups": groups_of(self.request.user)}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(digest_hour=f"{settings.DIGEST_HOUR:02}:00", **context)

    def act(self, form: PreferencesForm) -> str:
        preferences_choose(user=self.request.user, language=form.cleaned_data["language"], ways=form.ways, at=now())
        return _("Your choice holds for what happens from now on.")

    def get_success_url(self) -> str:
        return reverse("communication:preferences")
