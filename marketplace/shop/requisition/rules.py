"""Who may decide on a requisition, correct it or give it up, and why not. Facts in, broken rules out."""

from collections.abc import Mapping
from datetime import date, datetime

from marketplace.kernel.errors import Broken
from marketplace.registry.models import Membership
from marketplace.registry.roles import Role

from .models import ApprovalRule, Requisition, RequisitionLine, Who
from .routing import Route


def reasons_not_decidable(requisition: Requisition, route: Route, approver: Membership, at: datetime) -> list[Broken]:
    """The four-eyes rule, which the database holds as well, the state, and whose turn it is. People count, not accounts.

    What its time has run out for can no longer be decided, even if the alarm has not rung yet.
    """
    broken = []
    if requisition.status != Requisition.Status.IN_APPROVAL:
        broken.append(Broken("already_decided", number=requisition.number, status=requisition.get_status_display()))
    elif requisition.hold_is_over(at):
        broken.append(Broken("hold_over", number=requisition.number, until=requisition.held_until))
    person = approver.user.person_key
    if requisition.requester.person_key == person:
        broken.append(Broken("own_need", entity=requisition.entity.name))
    return broken or _reasons_not_your_turn(requisition, route, approver)


def _reasons_not_your_turn(requisition: Requisition, route: Route, approver: Membership) -> list[Broken]:
    if approver.user.person_key in route.done_by:
        return [Broken("step_approved_by_you", number=requisition.number)]
    decider = route.decider(approver)
    if decider is None:
        return [Broken("not_your_turn", number=requisition.number, who=route.current.decider_name if route.current else "")]
    if not route.can_go_on_after(decider):
        return [Broken("needed_for_another_step", number=requisition.number)]
    return []


def reasons_not_rejectable(requisition: Requisition, lines: list[RequisitionLine], rejections: Mapping[int, str]) -> list[Broken]:
    """`lines`: those that are kept so far. `rejections`: the reason by the key of a line."""
    broken = []
    if not all(reason.strip() for reason in rejections.values()):
        broken.append(Broken("rejection_reason_missing", requester=str(requisition.requester)))
    if rejections.keys() - {line.pk for line in lines}:
        broken.append(Broken("line_not_there", number=requisition.number))
    elif len(rejections) == len(lines):
        broken.append(Broken("all_lines_rejected"))
    return broken


def reasons_not_walkable(route: Route, *, entity: str, administrators: str) -> list[Broken]:
    """No step without anybody who can do it. `administrators`: whom to ask."""
    alone = [step for step in route.waiting if not route.choices(step)]
    if alone and all(step.rule_id is None for step in route.steps):
        return [Broken("no_approver", entity=entity)]
    if alone:
        words = {"entity": entity, "administrators": administrators}
        return [Broken("step_without_approver", step=step.position, who=step.decider_name, **words) for step in alone]
    if not route.can_be_walked:
        return [Broken("too_few_approvers", steps=len(route.waiting), entity=entity, administrators=administrators)]
    return []


def reasons_not_of(requisition: Requisition, person: Membership) -> list[Broken]:
    """Only whoever asked for it corrects it or gives it up."""
    if requisition.requested_by_id == person.pk:
        return []
    return [Broken("not_yours", number=requisition.number, requester=str(requisition.requester))]


def reasons_not_correctable(requisition: Requisition, person: Membership) -> list[Broken]:
    broken = reasons_not_of(requisition, person)
    if not requisition.is_with_its_requester:
        broken.append(Broken("not_returned", number=requisition.number, status=requisition.get_status_display()))
    return broken


def reasons_not_a_rule(rule: ApprovalRule, *, begins: date, today: date) -> list[Broken]:
    """A step of the policy names who decides it, of the same entity, and an amount band that is one."""
    broken = []
    if (rule.who == Who.UNIT) != (rule.unit is not None):
        broken.append(Broken("rule_names_nobody", field="unit"))
    if (rule.who == Who.PERSON) != (rule.person is not None):
        broken.append(Broken("rule_names_nobody", field="person"))
    if (rule.person is not None and (rule.person.entity_id != rule.entity_id or rule.person.role != Role.APPROVER)) or any(
        unit is not None and unit.entity_id != rule.entity_id for unit in (rule.unit, rule.for_unit)
    ):
        broken.append(Broken("rule_elsewhere", entity=rule.entity.name))
    if rule.amount_until is not None and rule.amount_until.amount <= rule.amount_from.amount:
        broken.append(Broken("rule_amounts"))
    if begins < today:
        broken.append(Broken("rule_begun"))
    return broken
