"""One's own account: where work begins, in which role, and entering by invitation."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from marketplace.kernel.plugins import entries_for
from marketplace.kernel.screens.views import PUBLIC, RedirectScreen, RuleFormView, Screen

from ..forms import InvitationAcceptForm, InvitationCodeForm, RoleForm
from ..middleware import SESSION_KEY
from ..models import Invitation, Membership, User
from ..selectors import memberships_of
from ..services import invitation_accept, invitations_send_again

SIGN_IN_BACKEND = "marketplace.registry.adapter.SignInBackend"


def home_of(user: User, membership: Membership | None) -> str:
    """Where someone's work begins: the first entry of the area of that role; the portal for a visitor."""
    entries = entries_for(user, membership.area) if membership else []
    return reverse(entries[0].url_name) if entries else "/"


class StartView(RedirectScreen):
    """After signing in: choose a role if there are several, else begin."""

    permission = "registry.use_account"

    def get_target(self) -> str:
        is_undecided = self.membership is None and memberships_of(self.request.user, localdate()).exists()
        return reverse("registry:role") if is_undecided else home_of(self.request.user, self.membership)


class AccountView(Screen):
    """Who I am, and in which roles I may act."""

    permission = "registry.use_account"
    template_name = "registry/account.html"

    def get_context_data(self, **context):
        return super().get_context_data(memberships=memberships_of(self.request.user, localdate()), **context)


class RoleView(RuleFormView):
    """Choose the institution and role in which to act."""

    permission = "registry.use_account"
    form_class = RoleForm
    template_name = "registry/role.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"memberships": self.get_memberships()}

    def get_memberships(self):
        return memberships_of(self.request.user, localdate())

    def get_context_data(self, **context):
        return super().get_context_data(memberships=self.get_memberships(), **context)

    def form_valid(self, form) -> HttpResponse:
        """Each press counts, also one that was made before: what is said is what holds."""
        chosen = form.cleaned_data["membership"]
        self.request.session[SESSION_KEY] = chosen.pk
        words = {"organisation": chosen.organisation_name, "role": chosen.get_role_display()}
        messages.success(self.request, _("You now act as {organisation}: {role}.").format(**words))
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse("registry:start")


class InvitationDoorView(RuleFormView):
    """For who has a code, or knows the RUC of the company that was invited."""

    permission = PUBLIC
    form_class = InvitationCodeForm
    template_name = "registry/invitation_door.html"

    def form_valid(self, form) -> HttpResponse:
        code = form.cleaned_data["code"]
        if form.is_ruc:
            return super().form_valid(form)
        if Invitation.objects.filter(code=code).exists():
            return redirect("registry:invitation-accept", code)
        form.add_error("code", _("No invitation has this code. Check it letter by letter, or ask for a new one."))
        return self.form_invalid(form)

    def act(self, form) -> str:
        invitations_send_again(ruc=form.cleaned_data["code"], at=now())
        return _("If that company has an open invitation, its letter is on the way again. Look into your mail.")

    def get_success_url(self) -> str:
        return reverse("registry:invitation-door")


class InvitationAcceptView(RuleFormView):
    """Enter by an invitation, with one's account or a new one."""

    permission = PUBLIC
    form_class = InvitationAcceptForm
    template_name = "registry/invitation_accept.html"

    def get_object(self) -> Invitation:
        return self.found(Invitation.objects.select_related("entity", "supplier", "unit"), code=self.kwargs["code"])

    def get_form_kwargs(self):
        is_new_person = not self.request.user.is_authenticated
        return super().get_form_kwargs() | {"asks_ruc": self.object.supplier_id is not None, "is_new_person": is_new_person}

    def get_context_data(self, **context):
        has_account = User.objects.filter(email__iexact=self.object.email).exists()
        return super().get_context_data(is_open=self.object.is_open(now()), has_account=has_account, **context)

    def act(self, form) -> str:
        user = self.request.user if self.request.user.is_authenticated else None
        self.accepted = invitation_accept(
            code=self.object.code, ruc=form.cleaned_data.get("ruc", ""), user=user, new_person=form.new_person, at=now()
        )
        if user is None:
            login(self.request, self.accepted.user, backend=SIGN_IN_BACKEND)
        self.request.session[SESSION_KEY] = self.accepted.pk
        return _("Welcome. You act as {organisation}: {role}.").format(
            organisation=self.accepted.organisation_name, role=self.accepted.get_role_display()
        )

    def get_success_url(self) -> str:
        return reverse("registry:start")
