from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.history.tables import unseen
from marketplace.kernel.ids import public_id

from ..roles import Role
from .organisations import Entity, EntityUnit, Supplier

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def invitation_code() -> str:
    """Twelve letters and digits that cannot be mistaken for each other: about 59 bits."""
    return get_random_string(12, LETTERS)


class Invitation(models.Model):
    """The only way in: a person is invited by e-mail to act in a role, until a day.

    Into an entity one enters with the code; into a supplier with the code and its RUC.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    code = models.CharField(max_length=12, unique=True, default=invitation_code, editable=False)
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, related_name="invitations")
    unit = models.ForeignKey(EntityUnit, models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    sent_again_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), "role", "entity", "supplier",
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="registry_one_open_invitation",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    @property
    def organisation_name(self) -> str:
        organisation = self.entity or self.supplier
        return organisation.name if organisation else str(_("Catalogue authority"))

    def is_open(self, at: datetime) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at

    def get_absolute_url(self) -> str:
        return reverse("registry:invitation-accept", args=[self.code])


unseen("registry_invitation", "code")
