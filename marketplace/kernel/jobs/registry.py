import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.timezone import now

if TYPE_CHECKING:
    from .models import Job

_definitions: dict[str, "JobDefinition"] = {}


@dataclass(frozen=True)
class JobDefinition:
    """A function that runs later.

    `retries`: how often it may come back after a failure. `lease`: how long a worker may take before another may begin
    anew. `is_atomic`: whether its effects and its end are one transaction (else it keeps its own, and must bear being
    run twice). `is_single`: whether equal calls that still wait count as one.
    """

    function: Callable[..., None]
    name: str
    retries: int
    lease: timedelta
    is_atomic: bool
    is_single: bool

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        self.function(*args, **kwargs)

    def row(self, *, run_at: datetime | None = None, **arguments: Any) -> "Job":
        from .models import Job

        key = idempotency_key(arguments) if self.is_single else None
        return Job(task=self.name, arguments=arguments, run_at=run_at or now(), key=key)

    def enqueue(self, *, run_at: datetime | None = None, **arguments: Any) -> None:
        """Write the job into the transaction that is open. `run_at`: not before then."""
        from .models import Job

        Job.objects.bulk_create([self.row(run_at=run_at, **arguments)], ignore_conflicts=self.is_single)


def job(
    *,
    retries: int = 5,
    lease: timedelta = timedelta(minutes=2),
    is_atomic: bool = True,
    is_single: bool = False,
) -> Callable[[Callable[..., None]], JobDefinition]:
    """Make a module-level function a job. Its arguments must be JSON; an event subscriber gets the event."""

    def defined(function: Callable[..., None]) -> JobDefinition:
        name = f"{function.__module__}.{function.__qualname__}"
        return _definitions.setdefault(name, JobDefinition(function, name, retries, lease, is_atomic, is_single))

    return defined


def definition_of(task: str) -> JobDefinition:
    """Raise LookupError for a task that is no longer in the code."""
    return _definitions[task]


def idempotency_key(arguments: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()
