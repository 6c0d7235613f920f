"""Claim a job, run it, and either delete it with its effects or give it back with its error."""

import logging
import traceback
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models.functions import Now

from marketplace.kernel.acting import acting
from marketplace.kernel.failpoints import failpoint

from .models import Job
from .registry import definition_of

logger = logging.getLogger(__name__)

CLAIM = """
UPDATE jobs_job SET attempts = attempts + 1, lease_until = clock_timestamp() + make_interval(secs => %s)
WHERE id = (
    SELECT id FROM jobs_job
    WHERE dead_at IS NULL AND run_at <= clock_timestamp() AND (lease_until IS NULL OR lease_until < clock_timestamp())
      AND id = coalesce(%s, id)
    ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
SHORTEST_LEASE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


class LeaseRanOut(Exception):
    """Nobody brought the job to an end, as often as it may be tried."""


class LeaseLost(Exception):
    """Another worker took the job over meanwhile; what this one did is rolled back."""


def claim(job_id: int | None = None) -> Job | None:
    """Take the next job that is due (or this one, if it is due and free)."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [SHORTEST_LEASE.total_seconds(), job_id])
        row = cursor.fetchone()
    return Job.objects.get(pk=row[0]) if row else None


def run_next() -> bool:
    """Run one job that is due. False when none is."""
    job = claim()
    if job is not None:
        run(job)
    return job is not None


def run_all_due(*, until: Callable[[], bool] = lambda: False) -> int:
    """Run until nothing is due, or until it is to stop. How many ran."""
    count = 0
    while not until() and run_next():
        count += 1
    return count


def run(job: Job) -> None:
    """Run a claimed job to its end. A failure is kept with the job, never raised."""
    with acting(reason=f"job {job.task.rpartition('.')[2]}"):
        try:
            _refuse_if_its_workers_die(job)
            failpoint("job.claimed")
            _perform(job)
            failpoint("job.committed")
        except LeaseLost:
            logger.warning("job %s was taken over", job)
        except Exception:
            logger.exception("job %s failed", job)
            _give_back(job, traceback.format_exc())


def _refuse_if_its_workers_die(job: Job) -> None:
    """A job that takes its worker down with it never comes to its own failing: it is given up by its attempts."""
    if job.attempts > definition_of(job.task).retries + 1:
        raise LeaseRanOut(f"{job.attempts - 1} workers began it and none came to an end")


def _perform(job: Job) -> None:
    definition = definition_of(job.task)
    if definition.lease > SHORTEST_LEASE:
        Job.objects.filter(pk=job.pk, attempts=job.attempts).update(lease_until=Now() + definition.lease)
    if definition.is_atomic:
        with transaction.atomic():
            _finish(job)
            _call(definition.function, job)
            failpoint("job.done")
    else:
        _call(definition.function, job)
        _finish(job)


def _call(function: Callable[..., None], job: Job) -> None:
    from marketplace.kernel.events.models import Event

    arguments = dict(job.arguments)
    if "event" in arguments:
        arguments["event"] = Event.objects.get(pk=arguments["event"])
    function(**arguments)


def _finish(job: Job) -> None:
    deleted, _ = Job.objects.filter(pk=job.pk, attempts=job.attempts).delete()
    if not deleted:
        raise LeaseLost(job.pk)


def _give_back(job: Job, error: str) -> None:
    """Later again, each time twice as late; after the last retry it stays, dead."""
    mine = Job.objects.filter(pk=job.pk, attempts=job.attempts)
    try:
        may_retry = job.attempts <= definition_of(job.task).retries
    except LookupError:
        may_retry = False
    if may_retry:
        wait = min(timedelta(seconds=2 ** min(job.attempts, 20)), LONGEST_WAIT)
        mine.update(lease_until=None, run_at=Now() + wait, last_error=error)
        return
    with transaction.atomic():
        if mine.update(lease_until=None, dead_at=Now(), last_error=error):
            _tell_that_it_is_dead(job)


def _tell_that_it_is_dead(job: Job) -> None:
    """What waits for the job hears that it will not come (`@job(when_dead=…)`)."""
    try:
        definition = definition_of(job.task)
    except LookupError:
        return
    if definition.when_dead:
        _call(definition.when_dead, job)
