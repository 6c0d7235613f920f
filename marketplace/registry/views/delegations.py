"""Who decides in whose place, and until when."""

from django import forms
from django.urls import reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.shown import DAY, last_day_text
from marketplace.kernel.screens.views import ActionView, RuleFormView

from ..delegating import delegation_end, delegation_give
from ..forms import DelegationForm
from ..roles import Role
from ..selectors import delegations_of, team_of


class DelegationsView(ListScreen):
    """Those of one's own approvals; for the entity's administrator, all of the entity."""

    permission = "registry.delegate"
    template_name = "registry/delegations.html"
    search_fields = ("principal__user__sort_key", "delegate__user__sort_key", "reason")
    sort = "from"
    download_name = "delegaciones"
    columns = (
        Column("principal", gettext_lazy("Who is away"), "principal__user__sort_key", value=lambda row: str(row.principal.user)),
        Column(
            "delegate", gettext_lazy("Who decides meanwhile"), "delegate__user__sort_key", value=lambda row: str(row.delegate.user)
        ),
        Column("from", gettext_lazy("From"), "valid_from", value=lambda row: row.valid_from),
        Column("until", gettext_lazy("Last day"), "valid_until", value=lambda row: row.valid_until - DAY),
        Column("reason", gettext_lazy("Reason"), value=lambda row: row.reason),
        Column("act", ""),
    )

    def get_rows(self):
        return delegations_of(self.membership, localdate())

    def get_context_data(self, **context):
        return super().get_context_data(today=localdate(), **context)


class DelegationCreateView(RuleFormView):
    """An approver lets a colleague decide; the administrator does it for somebody who is absent."""

    permission = "registry.delegate"
    form_class = DelegationForm
    template_name = "registry/delegation_create.html"
    success_url = reverse_lazy("registry:delegations")

    @property
    def is_for_others(self) -> bool:
        return self.membership.role == Role.ENTITY_ADMINISTRATOR

    def get_form_kwargs(self):
        team = team_of(self.membership, localdate()).order_by("user__sort_key", "pk")
        delegates = team if self.is_for_others else team.exclude(user=self.membership.user_id)
        principals = team.filter(role=Role.APPROVER) if self.is_for_others else None
        initial = {"valid_from": localdate()}
        return super().get_form_kwargs() | {"delegates": delegates, "principals": principals, "initial": initial}

    def act(self, form) -> str:
        given = delegation_give(**({"principal": self.membership} | form.cleaned_data), actor=self.membership, at=now())
        words = {"delegate": given.delegate.user, "principal": given.principal.user, "day": last_day_text(given.valid_until)}
        return _("{delegate} decides in the place of {principal} until {day}.").format(**words)


class DelegationEndView(ActionView):
    """End one at once."""

    permission = "registry.delegate"
    form_class = forms.Form
    success_url = reverse_lazy("registry:delegations")

    def get_object(self):
        return self.found(delegations_of(self.membership, localdate()), id_public=self.kwargs["id_public"])

    def act(self, form) -> str:
        delegation_end(delegation_id=self.object.pk, actor=self.membership, at=now())
        words = {"delegate": self.object.delegate.user, "principal": self.object.principal.user}
        return _("{delegate} no longer decides in the place of {principal}.").format(**words)

    def get_success_url(self) -> str:
        return str(self.success_url)
