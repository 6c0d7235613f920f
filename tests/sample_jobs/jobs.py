from django.db import connection

from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

NOTED = "test.noted"


@job()
def number_note(number: int) -> None:
    """Write one row, then pass the gate of this number: whoever holds that advisory lock holds the job half done."""
    Event.objects.create(kind=NOTED, subject_type="test", subject_id=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [number])
