"""Durable background work: a row written in the business transaction, run by a worker, with or without a broker.

    @job(retries=5)
    def supplier_notify(supplier_id: int) -> None: ...

    supplier_notify.enqueue(supplier_id=7)

The row is the truth: Celery or `manage.py jobs_work` only run it. A job that is done is deleted with its own effects; one
that fails comes back later; one that fails too often stays, dead, with its error.
"""

from .registry import JobDefinition, job

__all__ = ["JobDefinition", "job"]
