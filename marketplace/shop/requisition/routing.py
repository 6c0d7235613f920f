"""The way of a requisition: which steps its amount, unit and products ask for, and who can decide each of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import BigIntegerField, DateField, DateTimeField, DecimalField, Q, QuerySet
from django.utils.timezone import localdate

from marketplace.kernel.fields import DIGITS
from marketplace.kernel.prepared import Given, Prepared
from marketplace.registry.models import Delegation, Membership
from marketplace.registry.roles import Role
from marketplace.shop.catalogue.models import Category

from .models import ApprovalRule, Requisition, RouteStep, Who


@dataclass(frozen=True)
class Decider:
    """Somebody who can decide: in their own right, or in the place of `principal`, by delegation."""

    actor: Membership
    principal: Membership | None = None

    @property
    def office(self) -> Membership:
        """The approver whose power it is."""
        return self.principal or self.actor

    @property
    def people(self) -> set[str]:
        return {self.actor.user.person_key, self.office.user.person_key}

    def fits(self, step: RouteStep) -> bool:
        if step.who == Who.PERSON:
            return self.office.pk == step.person_id
        return step.who == Who.ANYONE or self.office.unit_id == step.unit_id


@dataclass(frozen=True)
class Route:
    """`steps`: in order. `deciders`: all who can decide anything in the entity, today. `requester`: the person's key."""

    steps: list[RouteStep]
    deciders: list[Decider]
    requester: str

    @property
    def waiting(self) -> list[RouteStep]:
        return [step for step in self.steps if not step.is_done]

    @property
    def current(self) -> RouteStep | None:
        return next(iter(self.waiting), None)

    def has_gone_on_since(self, at: datetime) -> bool:
        return any(step.approved_at > at for step in self.steps if step.approved_at)

    @property
    def done_by(self) -> set[str]:
        """The people who have approved a step of it."""
        done = [step for step in self.steps if step.is_done]
        principals = {step.principal.user.person_key for step in done if step.principal}
        return {step.approver.person_key for step in done} | principals

    def choices(self, step: RouteStep) -> list[Decider]:
        """Who can decide this step: nobody on their own need, nobody twice; those in their own right first."""
        barred = self.done_by | {self.requester}
        return [each for each in self.deciders if each.fits(step) and not each.people & barred]

    def decider(self, membership: Membership) -> Decider | None:
        """In what right this membership decides the step that waits; None when it is not its turn."""
        if self.current is None:
            return None
        mine = [each for each in self.choices(self.current) if each.actor.pk == membership.pk]
        return next((each for each in mine if self.can_go_on_after(each)), next(iter(mine), None))

    def can_go_on_after(self, decider: Decider) -> bool:
        """Whether the later steps still have as many different people."""
        return _are_different_people([self.choices(step) for step in self.waiting[1:]], decider.people)

    @property
    def can_be_walked(self) -> bool:
        return _are_different_people([self.choices(step) for step in self.waiting], set())


def _are_different_people(choices: list[list[Decider]], taken: set[str]) -> bool:
    """Whether each can have a decider of its own; the step with the fewest choices chooses first."""
    if not choices:
        return True
    if len({key for deciders in choices for each in deciders for key in each.people} - taken) < len(choices):
        return False
    first, *rest = sorted(choices, key=len)
    return any(_are_different_people(rest, taken | each.people) for each in first if not each.people & taken)


def deciders_of(entity_id: int, on: date) -> list[Decider]:
    """The entity's approvers, and then those who stand in for one of them."""
    approvers, delegations = (asked.models(entity=entity_id, on=on) for asked in (_APPROVERS, _DELEGATIONS))
    in_their_place = [Decider(each.delegate, each.principal) for each in delegations if each.principal.role == Role.APPROVER]
    return [Decider(each) for each in approvers] + in_their_place


_ENTITY, _ON = Given("entity", BigIntegerField()), Given("on", DateField())
_APPROVERS = Prepared(
    lambda: (
        Membership.objects.in_force(_ON).filter(entity=_ENTITY, role=Role.APPROVER).select_related("user", "unit").order_by("pk")
    )
)
_DELEGATIONS = Prepared(lambda: Delegation.objects.in_force(_ON).with_people().filter(principal__entity=_ENTITY))


def rules_for(
    *, entity_id: int, unit_id: int | None, gross: Decimal, product_ids: Iterable[int], at: datetime
) -> list[ApprovalRule]:
    """The rows of the entity's policy that this need has to pass, in their order. `gross`: USD with VAT."""
    found = _RULES.models(entity=entity_id, unit=unit_id, gross=gross, at=at)
    if not any(rule.for_category for rule in found):
        return found
    paths = list(Category.objects.filter(product__in=list(product_ids)).values_list("path", flat=True))
    return [rule for rule in found if not rule.for_category or any(path.startswith(rule.for_category.path) for path in paths)]


def _rules() -> QuerySet[ApprovalRule]:
    gross = Given("gross", DecimalField(max_digits=DIGITS, decimal_places=2))
    of_amount = Q(amount_from__lte=gross) & (Q(amount_until=None) | Q(amount_until__gt=gross))
    of_unit = Q(for_unit=None) | Q(for_unit=Given("unit", BigIntegerField()))
    rules = ApprovalRule.objects.in_force(Given("at", DateTimeField())).filter(of_amount, of_unit, entity=_ENTITY)
    return rules.select_related("unit", "person__user", "for_category")


_RULES = Prepared(_rules)


def steps_of(rules: list[ApprovalRule], unit_id: int | None) -> list[RouteStep]:
    """Unsaved. Where no row of the policy asks for more, any one approver decides."""
    if not rules:
        return [RouteStep(position=1, who=Who.ANYONE)]
    return [_step_of(rule, position, unit_id) for position, rule in enumerate(rules, start=1)]


def _step_of(rule: ApprovalRule, position: int, unit_id: int | None) -> RouteStep:
    step = RouteStep(position=position, rule=rule, who=rule.who, unit=rule.unit, person=rule.person)
    if rule.who == Who.OWN_UNIT:
        step.who, step.unit_id = Who.UNIT, unit_id
    return step


def route_ahead(actor: Membership, *, gross: Decimal, product_ids: Iterable[int], at: datetime) -> Route:
    """The way that a need of this requester would go, were it sent now."""
    rules = rules_for(entity_id=actor.entity_id, unit_id=actor.unit_id, gross=gross, product_ids=product_ids, at=at)
    return Route(steps_of(rules, actor.unit_id), deciders_of(actor.entity_id, localdate(at)), actor.user.person_key)


def route_of(requisition: Requisition, at: datetime) -> Route:
    """The way that it goes, as frozen, with who can decide today."""
    return Route(steps_frozen(requisition), deciders_of(requisition.entity_id, localdate(at)), requisition.requester.person_key)


def steps_frozen(requisition: Requisition) -> list[RouteStep]:
    """Its steps in their order, with their people."""
    steps = _STEPS.models(requisition=requisition.pk)
    for step in steps:
        step.requisition = requisition
    return steps


_STEPS = Prepared(
    lambda: RouteStep.objects.with_people().filter(requisition=Given("requisition", BigIntegerField())).order_by("position")
)


def route_freeze(requisition: Requisition, route: Route) -> None:
    """Write the way of a requisition that is sent; one that came back begins its way anew."""
    requisition.steps.all().delete()
    for step in route.steps:
        step.requisition = requisition
    RouteStep.objects.bulk_create(route.steps)


def route_follow(requisition: Requisition, gross: Decimal) -> None:
    """Other prices may ask for other steps, by the policy of the day on which it was sent; what is approved stays.

    `gross`: USD with VAT, of all that was sent, the rejected lines too. An approver who rejects lines thus changes nothing of
    the way: nobody comes past a step, nor to another one, by taking a part out.
    """
    products = requisition.lines.values_list("product_id", flat=True)
    rules = rules_for(
        entity_id=requisition.entity_id,
        unit_id=requisition.unit_id,
        gross=gross,
        product_ids=products,
        at=requisition.submitted_at,
    )
    done = [step for step in requisition.steps.with_people().order_by("position") if step.is_done]
    waiting = steps_of(rules, requisition.unit_id)
    if rules:
        approved = {step.rule_id for step in done}
        waiting = [step for step in waiting if step.rule_id not in approved]
    elif done:
        waiting = []
    if [_words(step) for step in waiting] == [_words(step) for step in requisition.steps.filter(approved_at=None)]:
        return
    requisition.steps.filter(approved_at=None).delete()
    for position, step in enumerate(waiting, start=max([each.position for each in done], default=0) + 1):
        step.requisition, step.position = requisition, position
    RouteStep.objects.bulk_create(waiting)


def _words(step: RouteStep) -> tuple:
    return step.rule_id, step.who, step.unit_id, step.person_id
