from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.screens.fields import DayField, LastDayField

from .models import Entity, EntityUnit, Membership, Supplier
from .places import canton_choices
from .roles import Role
from .ruc import is_valid_ruc


class PersonField(forms.ModelChoiceField):
    """A person in a role of one's own entity; chosen by the public id."""

    def label_from_instance(self, membership: Membership) -> str:
        place = f" · {membership.unit}" if membership.unit else ""
        return f"{membership.user} · {membership.get_role_display()}{place}"


class OrganisationForm(forms.ModelForm):
    """RUC, name and canton of an organisation."""

    canton_code = forms.ChoiceField(label=_("Canton"), choices=lambda: [("", _("Choose a canton")), *canton_choices()])

    class Meta:
        fields = ["ruc", "name", "canton_code"]
        help_texts = {"ruc": _("13 digits, without blanks or hyphens.")}


class EntityForm(OrganisationForm):
    class Meta(OrganisationForm.Meta):
        model = Entity


class SupplierForm(OrganisationForm):
    class Meta(OrganisationForm.Meta):
        model = Supplier


class UnitForm(forms.ModelForm):
    class Meta:
        model = EntityUnit
        fields = ["name"]

    def __init__(self, *args, entity: Entity, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.entity = entity
        self.fields["name"].label = _("Name of the new unit")

    def _get_validation_exclusions(self) -> set[str]:
        """The entity is known, so the name is checked to be new in it."""
        return super()._get_validation_exclusions() - {"entity"}


class InvitationForm(forms.Form):
    """Whom to invite, in which role. `roles`: those of the organisation; `units`: of the entity, if it is one."""

    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, help_text=_("The invitation is sent there and holds for 14 days.")
    )
    role = forms.ChoiceField(label=_("Role"))
    unit = forms.ModelChoiceField(
        EntityUnit.objects.none(), to_field_name="name", label=_("Unit"), required=False, empty_label=_("The whole entity")
    )

    def __init__(self, *args, roles: tuple[Role, ...], units=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]
        if units is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = units


class DelegationForm(forms.Form):
    """Who decides in whose place, and until when. `principals`: who may be away; without any, the one who fills it in."""

    principal = PersonField(Membership.objects.none(), to_field_name="id_public", label=_("Who is away"))
    delegate = PersonField(
        Membership.objects.none(),
        to_field_name="id_public",
        label=_("Who decides meanwhile"),
        help_text=_("Never on a need of their own, nor on one of yours."),
    )
    valid_from = DayField(label=_("From"))
    valid_until = LastDayField(label=_("Last day"), help_text=_("It ends by itself after this day; you can end it earlier."))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("For example: holidays. It is recorded."))

    def __init__(self, *args, principals=None, delegates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["delegate"].queryset = delegates
        if principals is None:
            del self.fields["principal"]
        else:
            self.fields["principal"].queryset = principals


class ReasonForm(forms.Form):
    """Why something is suspended or resumed; published with it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It is recorded and shown with the state."),
        error_messages={"required": _("Write the reason: it is recorded and shown with the state.")},
    )


class RoleForm(forms.Form):
    """In which membership to act from now on."""

    membership = forms.ModelChoiceField(Membership.objects.none(), to_field_name="id_public", widget=forms.HiddenInput)

    def __init__(self, *args, memberships, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["membership"].queryset = memberships


class InvitationCodeForm(forms.Form):
    """The door for the invited: a code leads to the invitation, a RUC has its letters sent again."""

    code = forms.CharField(
        label=_("Code of the invitation, or RUC of your company"),
        max_length=20,
        help_text=_("The code has 12 letters and digits. With a RUC we send the letter again to whoever was invited."),
    )

    def clean_code(self) -> str:
        return self.cleaned_data["code"].replace("-", "").replace(" ", "").upper()

    @property
    def is_ruc(self) -> bool:
        return is_valid_ruc(self.cleaned_data["code"])


class InvitationAcceptForm(forms.Form):
    """What is asked of who enters: a supplier's RUC, and of a new person a name and a password."""

    ruc = forms.CharField(label=_("RUC of your company"), max_length=13, help_text=_("13 digits, without blanks or hyphens."))
    first_name = forms.CharField(label=_("First names"), max_length=150)
    last_name = forms.CharField(label=_("Surnames"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ten characters or more."),
    )

    def __init__(self, *args, asks_ruc: bool, is_new_person: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_ruc:
            del self.fields["ruc"]
        if not is_new_person:
            for name in ("first_name", "last_name", "password"):
                del self.fields[name]

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    @property
    def new_person(self) -> dict[str, str] | None:
        """What was typed; letters come in the language of the page on which it was."""
        if "password" not in self.fields:
            return None
        typed = {name: self.cleaned_data[name] for name in ("first_name", "last_name", "password")}
        return typed | {"language": get_language() or settings.LANGUAGE_CODE}
