from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.registry.models import EntityUnit, Membership

from .policy import ApprovalRule, Who, who_name
from .requisition import Requisition


class RouteStepQuerySet(models.QuerySet):
    def with_people(self) -> "RouteStepQuerySet":
        return self.select_related("unit", "person__user", "approver", "approved_by__user", "principal__user")


class RouteStep(models.Model):
    """One step of the way of a requisition: who is to decide, frozen when it was sent, and who did.

    `rule`: the step of the policy that asked for it; none for the one approval that every need has. `unit` with
    `Who.UNIT`: none means approvers of the whole entity. `principal`: in whose place the approver acted, by delegation.
    The database refuses an approver (or a principal) who is the requester, or who approved another step: people are
    compared, not accounts.
    """

    requisition = models.ForeignKey(Requisition, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    rule = models.ForeignKey(ApprovalRule, models.PROTECT, null=True, related_name="+")
    who = models.CharField(max_length=16, choices=Who.choices)
    unit = models.ForeignKey(EntityUnit, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    principal = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)

    objects = RouteStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a route")
        verbose_name_plural = _("steps of a route")
        ordering = ["requisition", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["requisition", "position"], name="requisition_step_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approver=None, approved_at=None)
                | Q(approved_by__isnull=False, approver__isnull=False, approved_at__isnull=False),
                name="requisition_step_approved_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.decider_name}"

    @property
    def is_done(self) -> bool:
        return self.approved_at is not None

    @property
    def decider_name(self) -> str:
        return who_name(self.who, unit=self.unit, person=self.person)
