"""The approval policy of an entity: rows that are added and ended, never rewritten. Each owns its transaction."""

from datetime import date, datetime, time
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate, make_aware

from marketplace.kernel.errors import Broken, refuse
from marketplace.kernel.events import record
from marketplace.registry.models import EntityUnit, Membership
from marketplace.shop.catalogue.models import Category

from .models import ApprovalRule
from .rules import reasons_not_a_rule


@transaction.atomic
def rule_add(
    *,
    position: int,
    who: str,
    valid_from: date,
    actor: Membership,
    at: datetime,
    amount_from: Decimal = Decimal(0),
    amount_until: Decimal | None = None,
    for_unit: EntityUnit | None = None,
    for_category: Category | None = None,
    unit: EntityUnit | None = None,
    person: Membership | None = None,
) -> ApprovalRule:
    """Ask for one more step, from a day on (today: from now on). Amounts in USD with VAT, half-open.

    Raises RuleBroken (``rule_names_nobody``, ``rule_elsewhere``, ``rule_amounts``, ``rule_begun``). What is already sent
    goes the way that it began.
    """
    rule = ApprovalRule(
        entity=actor.entity,
        position=position,
        amount_from=amount_from,
        amount_until=amount_until,
        for_unit=for_unit,
        for_category=for_category,
        who=who,
        unit=unit,
        person=person,
        valid_from=max(at, make_aware(datetime.combine(valid_from, time()))),
    )
    refuse(reasons_not_a_rule(rule, begins=valid_from, today=localdate(at)))
    rule.save()
    record("approval_rule.added", rule, actor=actor, at=at)
    return rule


@transaction.atomic
def rule_end(*, rule_id: int, actor: Membership, at: datetime) -> ApprovalRule:
    """Ask for it no longer, at once. Raises RuleBroken (``rule_ended``)."""
    rule = ApprovalRule.objects.select_for_update(of=["self"]).get(pk=rule_id)
    ends = max(at, rule.valid_from)
    if rule.valid_until is not None and rule.valid_until <= ends:
        refuse([Broken("rule_ended")])
    rule.valid_until = ends
    rule.save(update_fields=["valid_until"])
    record("approval_rule.ended", rule, actor=actor, at=at)
    return rule
