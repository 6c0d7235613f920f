from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.ids import public_id

from .membership import Membership


class DelegationQuerySet(models.QuerySet):
    def in_force(self, on: date) -> "DelegationQuerySet":
        """Of days, and between people who still act in the same place."""
        acting = Membership.objects.in_force(on)
        return self.filter(principal__in=acting, delegate__in=acting, valid_from__lte=on, valid_until__gt=on)

    def not_ended(self, on: date) -> "DelegationQuerySet":
        """Those in force and those to come; one that was ended before it began never comes."""
        return self.filter(valid_until__gt=on).exclude(valid_until=F("valid_from"))

    def with_people(self) -> "DelegationQuerySet":
        return self.select_related("principal__user", "principal__unit", "delegate__user", "delegate__unit", "set_by__user")


class Delegation(models.Model):
    """An approver lets a colleague of the same entity decide in their place, for some days.

    Half-open: `valid_until` is the first day on which it no longer holds. What was received by delegation is not delegated
    on. `set_by`: who wrote it down, the principal or the entity's administrator.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    principal = models.ForeignKey(Membership, models.PROTECT, related_name="delegations", verbose_name=_("who is away"))
    delegate = models.ForeignKey(Membership, models.PROTECT, related_name="delegations_received", verbose_name=_("who decides"))
    reason = models.CharField(_("reason"), max_length=200)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-valid_from", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="registry_delegation_to_another"),
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="registry_delegation_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.principal.user} → {self.delegate.user}"
