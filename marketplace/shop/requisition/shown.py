"""A requisition as its pages show it: the steps of its route (who has it now, who decides for whom) and its lines."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.shop.partner.totals import Totals, document_totals

from .changes import Change
from .models import RequisitionLine
from .pricing import future_orders
from .routing import Decider, Route

NAMED = 4  # people; more are counted


@dataclass(frozen=True)
class ShownStep:
    """`state`: ``done``, ``now``, ``next`` or ``missing`` (nobody can do it today)."""

    n: int
    who: str
    people: str
    state: str
    at: datetime | None = None


def shown_steps(route: Route) -> list[ShownStep]:
    return [_shown(route, step, n) for n, step in enumerate(route.steps, start=1)]


def _shown(route: Route, step, n: int) -> ShownStep:
    if step.is_done:
        return ShownStep(n, person_in_the_place_of(Decider(step.approved_by, step.principal)), "", "done", step.approved_at)
    choices = route.choices(step)
    names = list(dict.fromkeys(person_in_the_place_of(each) for each in choices))
    if not names:
        return ShownStep(n, step.decider_name, "", "missing")
    state = "now" if step is route.current else "next"
    if len(names) == 1:
        office = choices[0].office
        place = f" · {office.unit}" if office.unit else ""
        return ShownStep(n, names[0], f"{office.get_role_display()}{place}", state)
    people = ", ".join(names[:NAMED])
    if len(names) > NAMED:
        people = _("{people} and {n} more").format(people=people, n=len(names) - NAMED)
    return ShownStep(n, step.decider_name, people, state)


def person_in_the_place_of(decider: Decider) -> str:
    """«M. Vera», or «M. Vera, by delegation of J. Pérez»."""
    if decider.principal is None:
        return str(decider.actor.user)
    return _("{person}, by delegation of {principal}").format(person=decider.actor.user, principal=decider.principal.user)


@dataclass(frozen=True)
class ShownLine:
    """A line with what has moved. `fields`: how it is rejected, for whoever decides. `is_marked`: for rejection, on this page."""

    line: RequisitionLine
    changes: list[Change]
    fields: Iterable = ()
    is_marked: bool = False


@dataclass(frozen=True)
class ShownOrder:
    """What will be one order. `totals`: of the lines that are not marked."""

    first: RequisitionLine
    lines: list[ShownLine]
    totals: Totals


def shown_orders(
    lines: Iterable[RequisitionLine],
    changes: Mapping[int, list[Change]],
    *,
    fields: Mapping[int, Iterable] | None = None,
    marked: Container[int] = (),
) -> list[ShownOrder]:
    """The lines in the orders that they give. `changes`, `fields`: by the key of a line."""
    fields = fields or {}
    return [
        ShownOrder(
            order.lines[0],
            [ShownLine(each, changes.get(each.pk, []), fields.get(each.pk, ()), each.pk in marked) for each in order.lines],
            document_totals(each.priced for each in order.lines if each.pk not in marked),
        )
        for order in future_orders(lines)
    ]


@dataclass(frozen=True)
class Moved:
    """How many lines stand in the way of the order, and how many it changes."""

    blocked: int
    changed: int


def moved_of(changes: Mapping[int, list[Change]]) -> Moved:
    tones = [{change.tone for change in of_line} for of_line in changes.values()]
    return Moved(sum("bad" in each for each in tones), sum("warn" in each and "bad" not in each for each in tones))
