"""Celery as the runner: a pump sends the ids of due jobs, a task runs each. The job row stays the truth."""

from celery import shared_task
from django.db.models import Q
from django.db.models.functions import Now

from .models import Job
from .running import claim, run

PUMPED_AT_ONCE = 200
OFFER_HOLDS = 5  # seconds


@shared_task(ignore_result=True)
def pump_due_jobs() -> None:
    """Offer each job that is due and free. One offered twice is claimed once."""
    due = Job.objects.filter(Q(lease_until=None) | Q(lease_until__lt=Now()), dead_at=None, run_at__lte=Now())
    for job_id in due.order_by("run_at", "id").values_list("pk", flat=True)[:PUMPED_AT_ONCE]:
        run_job.apply_async((job_id,), expires=OFFER_HOLDS)  # as long as it is due it is offered again


@shared_task(ignore_result=True)
def run_job(job_id: int) -> None:
    job = claim(job_id)
    if job is not None:
        run(job)
