from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.fields import AmountField
from marketplace.kernel.ids import public_id
from marketplace.registry.models import Entity, EntityUnit, Membership
from marketplace.shop.catalogue.models import Category


class Who(models.TextChoices):
    """Who decides a step."""

    ANYONE = "anyone", _("Any approver of the entity")
    OWN_UNIT = "own_unit", _("An approver of the unit that asks")
    UNIT = "unit", _("An approver of one unit")
    PERSON = "person", _("One person")


class ApprovalRuleQuerySet(models.QuerySet):
    def in_force(self, at: datetime) -> "ApprovalRuleQuerySet":
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at)

    def not_ended(self, at: datetime) -> "ApprovalRuleQuerySet":
        """Those in force and those that are to come; one that was ended before it began never comes."""
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=at) & Q(valid_until__gt=F("valid_from")))


class ApprovalRule(models.Model):
    """One step of an entity's approval policy: which needs pass it, in which order, and who decides there.

    `amount_from`, `amount_until`: USD with VAT, half-open. `for_unit`, `for_category`: only needs of that unit, or with a
    product of that part of the catalogue. Half-open in time; a row is ended and followed by another, never rewritten.
    """

    id_public = models.UUIDField(default=public_id, unique=True, editable=False)
    entity = models.ForeignKey(Entity, models.PROTECT, related_name="approval_rules", verbose_name=_("entity"))
    position = models.PositiveSmallIntegerField(_("order"))
    amount_from = AmountField(_("from, with VAT"), default=0)
    amount_until = AmountField(_("below, with VAT"), null=True, blank=True)
    for_unit = models.ForeignKey(
        EntityUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit that asks")
    )
    for_category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category"))
    who = models.CharField(_("who decides"), max_length=16, choices=Who.choices)
    unit = models.ForeignKey(
        EntityUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit of the approver")
    )
    person = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"))
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ApprovalRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval step")
        verbose_name_plural = _("approval steps")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(who=Who.UNIT) ^ Q(unit=None)) & (Q(who=Who.PERSON) ^ Q(person=None)),
                name="requisition_rule_names_who_decides",
            ),
            models.CheckConstraint(
                condition=Q(amount_from__gte=0) & (Q(amount_until=None) | Q(amount_until__gt=F("amount_from"))),
                name="requisition_rule_amounts_in_order",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="requisition_rule_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.decider_name}"

    @property
    def decider_name(self) -> str:
        return who_name(self.who, unit=self.unit, person=self.person)


def who_name(who: str, *, unit: EntityUnit | None, person: Membership | None) -> str:
    """«J. Pérez», «Approver of Dirección Financiera», «Any approver of the entity»."""
    if person is not None:
        return str(person.user)
    if who == Who.UNIT:
        return str(_("Approver of {unit}")).format(unit=unit.name if unit else _("the whole entity"))
    return str(Who(who).label)
