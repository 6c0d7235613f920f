"""The steps of a route as pages show them: who it goes to, who has it now, who decides for whom."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

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
