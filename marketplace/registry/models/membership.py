from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.ids import public_id

from ..roles import AUTHORITY_ROLES, ENTITY_ROLES, SUPPLIER_ROLES, Role
from .organisations import Entity, EntityUnit, Supplier


class MembershipQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "MembershipQuerySet":
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on, user__is_active=True)

    def with_organisation(self) -> "MembershipQuerySet":
        return self.select_related("entity", "supplier", "unit")


class Membership(models.Model):
    """A person acting in a role for an entity, a supplier or the catalogue authority, from a day until another.

    Half-open: `valid_until` is the first day on which it no longer holds.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=32, choices=Role.choices)
    entity = models.ForeignKey(Entity, models.PROTECT, null=True, blank=True, related_name="memberships")
    unit = models.ForeignKey(EntityUnit, models.PROTECT, null=True, blank=True, verbose_name=_("unit"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="memberships")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=ENTITY_ROLES, entity__isnull=False, supplier=None)
                | Q(role__in=SUPPLIER_ROLES, supplier__isnull=False, entity=None, unit=None)
                | Q(role__in=AUTHORITY_ROLES, entity=None, supplier=None, unit=None),
                name="registry_role_fits_organisation",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="registry_membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.organisation_name}"

    @property
    def organisation_name(self) -> str:
        organisation = self.entity or self.supplier
        return organisation.name if organisation else str(_("Catalogue authority"))

    @property
    def area(self) -> str:
        """The area of the menus in which this role works (`kernel.plugins.NavigationEntry`)."""
        if self.entity_id:
            return "purchases"
        return "supplier" if self.supplier_id else "office"

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
