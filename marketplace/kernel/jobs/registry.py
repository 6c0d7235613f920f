import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.timezone import now

if TYPE_CHECKING:
    from .models import Job

_definitions: dict[str, "JobDefinition"] = {}


@dataclass(frozen=True)
class JobDefinition:
    """A function that runs later.

    `retries`: how often it may come back after a failure. `lease`: how long a worker may take before another may begin
    anew. `is_atomic`: whether its effects and its end are one transaction (else it keeps its own, and must bear being
    run twice). `is_single`: whether equal calls that still wait count as one. `when_dead`: called with the same arguments
    when it is given up.
    """

    function: Callable[..., None]
    name: str
    retries: int
    lease: timedelta
    is_atomic: bool
    is_single: bool
    when_dead: Callable[..., None] | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        self.function(*args, **kwargs)

    def row(self, *, run_at: datetime | None = None, **arguments: Any) -> "Job":
        from .models import Job

        key = idempotency_key(arguments) if self.is_single else None
        return Job(task=self.name, arguments=arguments, run_at=run_at or now(), key=key)

    def enqueue(self, *, run_at: datetime | None = None, **arguments: Any) -> None:
        """Write the job into the transaction that is open. `run_at`: not before then."""
        row = self.row(run_at=run_at, **arguments)
        if self.is_single:
            _join(row)
        else:
            row.save(force_insert=True)


# Locks the equal row that waits until this transaction ends: nobody runs it before what it is to follow is there.
JOIN = """
INSERT INTO jobs_job (task, arguments, key, run_at, attempts, last_error, created_at)
VALUES (%s, %s, %s, %s, 0, '', clock_timestamp())
ON CONFLICT (task, key) WHERE lease_until IS NULL AND dead_at IS NULL AND attempts = 0 AND key IS NOT NULL
DO UPDATE SET run_at = least(jobs_job.run_at, excluded.run_at)
"""


def _join(row: "Job") -> None:
    """Write the job, or let the equal one that waits do for both."""
    with connection.cursor() as cursor:
        cursor.execute(JOIN, [row.task, json.dumps(row.arguments), row.key, row.run_at])


def job(
    *,
    retries: int = 5,
    lease: timedelta = timedelta(minutes=2),
    is_atomic: bool = True,
    is_single: bool = False,
    when_dead: Callable[..., None] | None = None,
) -> Callable[[Callable[..., None]], JobDefinition]:
    """Make a module-level function a job. Its arguments must be JSON; an event subscriber gets the event."""

    def defined(function: Callable[..., None]) -> JobDefinition:
        name = f"{function.__module__}.{function.__qualname__}"
        return _definitions.setdefault(name, JobDefinition(function, name, retries, lease, is_atomic, is_single, when_dead))

    return defined


def definition_of(task: str) -> JobDefinition:
    """Raise LookupError for a task that is no longer in the code."""
    return _definitions[task]


def idempotency_key(arguments: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(arguments, sort_keys=True, default=str).encode()).hexdigest()
