"""Of each event, what is told and to whom."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from catalog_import.models import ImportRun, Proposal
from marketplace.kernel.events.models import Event
from marketplace.registry.models import Membership
from marketplace.registry.roles import Role
from marketplace.shop.requisition.models import Requisition
from marketplace.shop.requisition.routing import route_of

from .telling_after import TELLERS as AFTER
from .told import Told, buyers_of, of_order, order_told, sellers_of


def told_of(event: Event) -> Iterable[Told]:
    return TELLERS[event.kind](event) if event.kind in TELLERS else ()


def people_told(told: Told, event: Event) -> QuerySet[Membership]:
    """In force on the day of the event; whoever did it knows."""
    people = Membership.objects.in_force(localdate(event.at)).filter(told.people).order_by("pk")
    return people if told.also_who_did_it else people.exclude(user=event.actor_id or 0)


# ---------------------------------------------------------------- requisitions
TOLD = {"comment", "count"}  # of what an event carries, what its notice says


def _requisition_waits(event: Event) -> Iterable[Told]:
    """Whose turn it came to be on its way, if it still is: approvers in their own right, and who stands in for one."""
    requisition = Requisition.objects.select_related("requester").get(pk=event.subject_id)
    route = route_of(requisition, event.at)
    if route.current and not route.has_gone_on_since(event.at):
        deciders = {each.actor.pk for each in route.choices(route.current)}
        yield Told("requisition-submitted", Q(pk__in=deciders), _of_requisition(requisition))


def _requisition_decided(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        requisition = Requisition.objects.get(pk=event.subject_id)
        words = _of_requisition(requisition) | {"comment": ""} | {name: event.payload[name] for name in TOLD & event.payload.keys()}
        yield Told(kind, Q(pk=requisition.requested_by_id), words)

    return tell


def _of_requisition(requisition: Requisition) -> dict[str, str]:
    return {"key": requisition.number, "number": requisition.number, "need": requisition.need}


# ---------------------------------------------------------------- orders
def _order_issued(event: Event) -> Iterable[Told]:
    order = order_told(event)
    yield Told("order-issued", sellers_of(order.supplier_id), of_order(order))


def _order_answered(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        order = order_told(event)
        yield Told(kind, buyers_of(order), of_order(order) | {"cause": event.payload.get("cause", "")})

    return tell


# ---------------------------------------------------------------- imports and proposals
def _import_ended(kind: str) -> Callable[[Event], Iterable[Told]]:
    def tell(event: Event) -> Iterable[Told]:
        run = _run(event)
        yield Told(kind, sellers_of(run.supplier_id), _of_run(run), also_who_did_it=True)
        if kind == "import-applied" and run.proposed:
            yield Told("proposals-waiting", Q(role=Role.CATALOGUE_OFFICER), _of_run(run) | {"count": run.proposed})

    return tell


def _proposals_accepted(event: Event) -> Iterable[Told]:
    run, count = _run(event), len(event.payload["proposals"])
    yield Told("proposals-accepted", sellers_of(run.supplier_id), _of_run(run) | {"count": count})


def _proposal_rejected(event: Event) -> Iterable[Told]:
    proposal = Proposal.objects.select_related("run__supplier").get(pk=event.subject_id)
    words = _of_run(proposal.run) | {"name": proposal.name, "reason": event.payload["reason"]}
    yield Told("proposal-rejected", sellers_of(proposal.supplier_id), words)


def _run(event: Event) -> ImportRun:
    return ImportRun.objects.select_related("supplier").get(pk=event.subject_id)


def _of_run(run: ImportRun) -> dict[str, Any]:
    return {"key": str(run.id_public), "file": run.file_name, "supplier": run.supplier.name}


TELLERS: dict[str, Callable[[Event], Iterable[Told]]] = {
    "requisition.submitted": _requisition_waits,
    "requisition.step_approved": _requisition_waits,
    "requisition.returned": _requisition_decided("requisition-returned"),
    "requisition.approved": _requisition_decided("requisition-approved"),
    "requisition.lines_rejected": _requisition_decided("requisition-lines-rejected"),
    "requisition.lapsed": _requisition_decided("requisition-lapsed"),
    "order.issued": _order_issued,
    "order.accepted": _order_answered("order-accepted"),
    "order.rejected": _order_answered("order-rejected"),
    "import.previewed": _import_ended("import-previewed"),
    "import.applied": _import_ended("import-applied"),
    "import.failed": _import_ended("import-failed"),
    "proposal.accepted": _proposals_accepted,
    "proposal.rejected": _proposal_rejected,
    **AFTER,
}
