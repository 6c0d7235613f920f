"""The authority's screens of suppliers and entities: register, invite, suspend."""

from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.kernel.screens.lists import Column, ListScreen
from marketplace.kernel.screens.narrowing import state_filter
from marketplace.kernel.screens.views import ActionView, RuleFormView, Screen

from ..forms import EntityForm, InvitationForm, ReasonForm, SupplierForm, UnitForm
from ..models import Entity, Membership, Supplier
from ..places import canton_name
from ..roles import Role
from ..services import entity_register, invitation_send, supplier_register, supplier_resume, supplier_suspend, unit_add


class SuppliersView(ListScreen):
    """All suppliers, with their state."""

    permission = "registry.manage_suppliers"
    template_name = "registry/suppliers.html"
    search_fields = ("name", "ruc")
    filters = (state_filter(Supplier.Status.choices),)
    sort = "name"
    download_name = "proveedores"
    columns = (
        Column("name", gettext_lazy("Supplier"), "sort_key", value=lambda row: row.name),
        Column("ruc", gettext_lazy("RUC"), "ruc", value=lambda row: row.ruc),
        Column("canton", gettext_lazy("Canton"), "canton_code", value=lambda row: canton_name(row.canton_code)),
        Column("status", gettext_lazy("State"), "status", value=lambda row: row.get_status_display()),
    )

    def get_rows(self):
        return Supplier.objects.all()


class SupplierCreateView(RuleFormView):
    """Register a supplier; its people come by invitation."""

    permission = "registry.manage_suppliers"
    form_class = SupplierForm
    template_name = "registry/organisation_create.html"
    extra_context = {"title": gettext_lazy("Register a supplier"), "back": "registry:suppliers"}

    def act(self, form) -> str:
        self.supplier = supplier_register(**form.cleaned_data, actor=self.membership)
        return _("{supplier} is registered. Invite whoever is to manage its offers.").format(supplier=self.supplier)

    def get_success_url(self) -> str:
        return reverse("registry:supplier", args=[self.supplier.ruc])


class SupplierView(Screen):
    """One supplier: its state, its people, who is invited."""

    permission = "registry.manage_suppliers"
    template_name = "registry/supplier.html"

    def get_context_data(self, **context):
        supplier = self.found(Supplier.objects, ruc=self.kwargs["ruc"])
        people = Membership.objects.in_force(localdate()).select_related("user").filter(supplier=supplier)
        invitations = supplier.invitations.filter(accepted_at=None, withdrawn_at=None)
        return super().get_context_data(supplier=supplier, people=people, invitations=invitations, **context)


class SupplierInviteView(RuleFormView):
    """Invite a person to manage a supplier's offers."""

    permission = "registry.manage_suppliers"
    form_class = InvitationForm
    template_name = "registry/organisation_invite.html"

    def get_object(self):
        return self.found(Supplier.objects, ruc=self.kwargs["ruc"])

    def get_form_kwargs(self):
        role = Role.SUPPLIER_MANAGER
        return super().get_form_kwargs() | {"roles": (role,), "initial": {"role": role}}

    def act(self, form) -> str:
        invitation = invitation_send(**form.cleaned_data, supplier=self.object, actor=self.membership, at=now())
        return _("The invitation is on its way to {email}.").format(email=invitation.email)

    def get_success_url(self) -> str:
        return reverse("registry:supplier", args=[self.object.ruc])


class SupplierSuspendView(ActionView):
    """Take everything of a supplier off sale."""

    permission = "registry.manage_suppliers"
    form_class = ReasonForm

    def get_object(self):
        return self.found(Supplier.objects, ruc=self.kwargs["ruc"])

    def act(self, form) -> str:
        supplier_suspend(supplier_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("{supplier} is suspended: its offers are off sale, its orders in course go on.").format(supplier=self.object)

    def get_success_url(self) -> str:
        return reverse("registry:supplier", args=[self.object.ruc])


class SupplierResumeView(SupplierSuspendView):
    """Put a suspended supplier back on sale."""

    def act(self, form) -> str:
        supplier_resume(supplier_id=self.object.pk, reason=form.cleaned_data["reason"], actor=self.membership, at=now())
        return _("{supplier} sells again.").format(supplier=self.object)


class EntitiesView(ListScreen):
    """All contracting entities."""

    permission = "registry.manage_entities"
    template_name = "registry/entities.html"
    search_fields = ("name", "ruc")
    sort = "name"
    download_name = "entidades"
    columns = (
        Column("name", gettext_lazy("Entity"), "sort_key", value=lambda row: row.name),
        Column("ruc", gettext_lazy("RUC"), "ruc", value=lambda row: row.ruc),
        Column("canton", gettext_lazy("Canton"), "canton_code", value=lambda row: canton_name(row.canton_code)),
    )

    def get_rows(self):
        return Entity.objects.all()


class EntityCreateView(RuleFormView):
    """Enter an entity; its administrator comes by invitation."""

    permission = "registry.manage_entities"
    form_class = EntityForm
    template_name = "registry/organisation_create.html"
    extra_context = {"title": gettext_lazy("Register an entity"), "back": "registry:entities"}

    def act(self, form) -> str:
        self.entity = entity_register(**form.cleaned_data, actor=self.membership)
        return _("{entity} is registered. Invite its administrator.").format(entity=self.entity)

    def get_success_url(self) -> str:
        return reverse("registry:entity", args=[self.entity.ruc])


class EntityView(RuleFormView):
    """One entity: its units, its administrators, who is invited. The form adds a unit."""

    permission = "registry.manage_entities"
    form_class = UnitForm
    template_name = "registry/entity.html"

    def get_object(self):
        return self.found(Entity.objects, ruc=self.kwargs["ruc"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"entity": self.object}

    def get_context_data(self, **context):
        people = Membership.objects.in_force(localdate()).select_related("user", "unit").filter(entity=self.object)
        invitations = self.object.invitations.filter(accepted_at=None, withdrawn_at=None)
        return super().get_context_data(people=people, invitations=invitations, units=self.object.units.all(), **context)

    def act(self, form) -> str:
        unit = unit_add(entity=self.object, name=form.cleaned_data["name"], actor=self.membership)
        return _("The unit «{unit}» is part of {entity}.").format(unit=unit, entity=self.object)

    def get_success_url(self) -> str:
        return reverse("registry:entity", args=[self.object.ruc])


class EntityInviteView(RuleFormView):
    """Invite an entity's administrator, who invites the others."""

    permission = "registry.manage_entities"
    form_class = InvitationForm
    template_name = "registry/organisation_invite.html"

    def get_object(self):
        return self.found(Entity.objects, ruc=self.kwargs["ruc"])

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {
            "roles": (Role.ENTITY_ADMINISTRATOR,),
            "initial": {"role": Role.ENTITY_ADMINISTRATOR},
        }

    def act(self, form) -> str:
        invitation = invitation_send(**form.cleaned_data, entity=self.object, actor=self.membership, at=now())
        return _("The invitation is on its way to {email}.").format(email=invitation.email)

    def get_success_url(self) -> str:
        return reverse("registry:entity", args=[self.object.ruc])
