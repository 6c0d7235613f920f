from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.history.tables import left_out


class Job(models.Model):
    """A piece of work that waits, runs or has failed for good. One that is done is gone.

    `run_at`: not before. `lease_until`: a worker has it until then. `attempts`: begun so often; it is also the lease's
    token: a worker that lost its lease finds another number. `dead_at`: given up then; `last_error` says why.
    """

    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=64, null=True)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    dead_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("job")
        indexes = [models.Index(fields=["run_at", "id"], condition=Q(dead_at=None), name="jobs_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "key"],
                condition=Q(lease_until=None, dead_at=None, attempts=0, key__isnull=False),
                name="jobs_waiting_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"


left_out("jobs_job", reason="work that comes and goes; what it does is recorded where it does it")
