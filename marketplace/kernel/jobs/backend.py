"""django-tasks over our job table, so that Wagtail's tasks are durable and run like ours."""

from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks.utils import normalize_json

from .registry import job


@job(retries=3, is_single=True)
def run_task(path: str, args: list, kwargs: dict) -> None:
    """`path`: the dotted path of a django-tasks task."""
    import_string(path).call(*args, **kwargs)


class JobBackend(BaseTaskBackend):
    """Equal tasks that still wait count as one: Wagtail enqueues two for each save."""

    supports_defer = True
    supports_priority = True  # accepted, and not used: jobs run in the order in which they fall due

    def enqueue(self, task, args, kwargs) -> TaskResult:
        self.validate_task(task)
        run_task.enqueue(
            run_at=task.run_after, path=task.module_path, args=normalize_json(list(args)), kwargs=normalize_json(dict(kwargs))
        )
        return TaskResult(
            task=task, id="", status=TaskResultStatus.READY, enqueued_at=timezone.now(), started_at=None, last_attempted_at=None,
            finished_at=None, args=args, kwargs=kwargs, backend=self.alias, errors=[], worker_ids=[],
        )  # fmt: skip
