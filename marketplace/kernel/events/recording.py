from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marketplace.kernel.acting import now_acting
from marketplace.kernel.failpoints import failpoint
from marketplace.kernel.jobs.registry import JobDefinition

if TYPE_CHECKING:
    from django.db.models import Model

    from .models import Event

_subscribers: dict[str, list[JobDefinition]] = defaultdict(list)


def subscribe(*kinds: str) -> Callable[[JobDefinition], JobDefinition]:
    """Run this job for each event of these kinds. The job gets the event."""

    def subscribed(definition: JobDefinition) -> JobDefinition:
        for kind in kinds:
            if definition not in _subscribers[kind]:
                _subscribers[kind].append(definition)
        return definition

    return subscribed


def record(kind: str, subject: "Model", *, actor: Any = None, at: datetime | None = None, **payload: Any) -> "Event":
    """Write down that something happened to `subject`; call in the transaction in which it happens.

    `actor`: the membership that acted; without it, whoever is acting now. `payload`: what readers need besides.
    """
    from marketplace.kernel.jobs.models import Job

    from .models import Event

    event = Event(kind=kind, subject_type=subject._meta.label_lower, subject_id=subject.pk, payload=payload, **_who(actor))
    if at is not None:
        event.at = at
    event.save(force_insert=True)
    failpoint("event.written")
    Job.objects.bulk_create(definition.row(event=event.pk) for definition in _subscribers.get(kind, ()))
    return event


def _who(membership: Any) -> dict[str, int | None]:
    if membership is not None:
        return {"actor_id": membership.user_id, "membership_id": membership.pk}
    current = now_acting()
    return {"actor_id": current.actor_id, "membership_id": current.membership_id} if current else {}
