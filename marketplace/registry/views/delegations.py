"""Who decides in whose place, and until when."""

from django import forms
from django.urls import reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from marketplace.kernel.screens.shown import last_day_text
from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen

from ..delegating import delegation_end, delegation_give
from ..forms import DelegationForm
from ..roles import Role
from ..selectors import delegations_of, team_of


class DelegationsView(Screen):
    """Those of one's own approvals; for the entity's administrator, all of the entity."""

    permission = "registry.delegate"
    template_name = "registry/delegations.html"

    def get_context_data(self, **context):
        delegations = delegations_of(self.membership, localdate()).order_by("valid_from", "pk")
        return super().get_context_data(delegations=delegations, today=localdate(), **context)


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
