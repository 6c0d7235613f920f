"""The slow half of an import: files are read, and previews applied, in the background."""

from datetime import timedelta

from django.utils.timezone import now

from marketplace.kernel.errors import Broken, RuleBroken
from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

from .services import run_apply, run_give_up, run_read

LEASE = timedelta(minutes=15)


def import_give_up(event: Event) -> None:
    """What went wrong is ours and in the log; the supplier must not wait for ever."""
    run_give_up(run_id=event.subject_id, refusal=RuleBroken([Broken("import_failed_here")]), at=now())


@subscribe("import.submitted")
@job(is_atomic=False, lease=LEASE, when_dead=import_give_up)
def import_read(event: Event) -> None:
    """Read a file into its preview. Killed half way, it begins anew; a file that was read stays as it is."""
    run_read(run_id=event.subject_id, at=now())


@subscribe("import.confirmed")
@job(is_atomic=False, lease=LEASE, when_dead=import_give_up)
def import_apply(event: Event) -> None:
    """Apply a confirmed preview, in one transaction; what may no longer be applied ends with the reason."""
    try:
        run_apply(run_id=event.subject_id, at=now())
    except RuleBroken as refusal:
        run_give_up(run_id=event.subject_id, refusal=refusal, at=now())
