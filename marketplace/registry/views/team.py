"""The people of one's own organisation: who is there, who is invited, who leaves."""

from django import forms
from django.urls import reverse, reverse_lazy
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import Filter
from marketplace.kernel.screens.views import ActionView, RuleFormView

from ..forms import InvitationForm
from ..roles import Role
from ..rules import roles_of
from ..selectors import invitations_of, team_of
from ..services import invitation_send, invitation_withdraw, membership_end


class TeamView(ListScreen):
    """Who acts for this organisation, and who is invited."""

    permission = "registry.manage_team"
    template_name = "registry/team.html"
    search_fields = ("user__first_name", "user__last_name", "user__email")
    filters = (Filter("rol", gettext_lazy("Role"), "role", Role.choices, gettext_lazy("All roles")),)
    sort = "person"
    download_name = "equipo"
    columns = (
        Column("person", gettext_lazy("Person"), "user__sort_key", value=lambda row: str(row.user)),
        Column("email", gettext_lazy("E-mail address"), "user__email", value=lambda row: row.user.email),
        Column("role", gettext_lazy("Role"), "role", value=lambda row: row.get_role_display()),
        Column("unit", gettext_lazy("Unit"), "unit__sort_key", value=lambda row: row.unit.name if row.unit else ""),
        Column("since", gettext_lazy("Since"), "valid_from", value=lambda row: row.valid_from.isoformat()),
        Column("act", ""),
    )

    def get_rows(self):
        return team_of(self.membership, localdate())

    def get_context_data(self, **context):
        return super().get_context_data(invitations=invitations_of(self.membership), **context)


class TeamInviteView(RuleFormView):
    """Invite a person into one's own organisation."""

    permission = "registry.manage_team"
    form_class = InvitationForm
    template_name = "registry/team_invite.html"
    success_url = reverse_lazy("registry:team")

    def get_form_kwargs(self):
        entity, supplier = self.membership.entity, self.membership.supplier
        units = entity.units.all() if entity else None
        return super().get_form_kwargs() | {"roles": roles_of(entity=entity, supplier=supplier), "units": units}

    def act(self, form) -> str:
        invitation = invitation_send(
            **form.cleaned_data,
            entity=self.membership.entity,
            supplier=self.membership.supplier,
            actor=self.membership,
            at=now(),
        )
        return _("The invitation is on its way to {email}.").format(email=invitation.email)


class MembershipEndView(ActionView):
    """Someone leaves a role today."""

    permission = "registry.manage_team"
    form_class = forms.Form
    success_url = reverse_lazy("registry:team")

    def get_object(self):
        return self.found(team_of(self.membership, localdate()), id_public=self.kwargs["id_public"])

    def act(self, form) -> str:
        membership_end(membership_id=self.object.pk, actor=self.membership, at=now())
        return _("{person} no longer acts as {role}.").format(person=self.object.user, role=self.object.get_role_display())

    def get_success_url(self) -> str:
        return reverse("registry:team")


class InvitationWithdrawView(ActionView):
    """An invitation that is not to be answered any more."""

    permission = "registry.manage_team"
    form_class = forms.Form

    def get_object(self):
        return self.found(invitations_of(self.membership), id_public=self.kwargs["id_public"])

    def act(self, form) -> str:
        invitation_withdraw(invitation_id=self.object.pk, actor=self.membership, at=now())
        return _("The invitation of {email} no longer holds.").format(email=self.object.email)

    def get_success_url(self) -> str:
        return reverse("registry:team")
