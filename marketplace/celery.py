"""Celery, where a broker is configured: it runs what the job table holds (see `kernel.jobs.celery`).

celery -A marketplace.celery worker -B
"""

import os

from celery import Celery
from celery.signals import task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.development")

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["marketplace.kernel.jobs"], related_name="celery")
app.conf.beat_schedule = {
    "pump": {"task": "marketplace.kernel.jobs.celery.pump_due_jobs", "schedule": 1.0, "options": {"expires": 2}}
}


@task_prerun.connect
def _fresh_connections(**_signal) -> None:
    from django.db import close_old_connections

    close_old_connections()
