"""The slow half of an import: files are read, and previews applied, in the background."""

from datetime import timedelta

from django.utils.timezone import now

from marketplace.kernel.errors import Broken, RuleBroken
from marketplace.kernel.events import subscribe
from marketplace.kernel.events.models import Event
from marketplace.kernel.jobs import job

from .layouts import run_look
from .models import ImportRun
from .services import run_apply, run_give_up, run_read
from .undoing import run_undo, run_undo_give_up

LEASE = timedelta(minutes=15)


def import_give_up(event: Event) -> None:
    """What went wrong is ours and in the log; the supplier must not wait for ever."""
    run_give_up(run_id=event.subject_id, refusal=RuleBroken([Broken("import_failed_here")]), at=now())


def undo_give_up(event: Event) -> None:
    """As above; the run stays applied."""
    run_undo_give_up(run_id=event.subject_id, refusal=RuleBroken([Broken("undo_failed_here")]), at=now())


@subscribe("import.submitted")
@job(is_atomic=False, lease=LEASE, when_dead=import_give_up)
def import_look(event: Event) -> None:
    """Look at the first lines of a file: its supplier says what the columns hold."""
    run_look(run_id=event.subject_id, at=now())


@subscribe("import.laid_out")
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


@subscribe("import.undo_asked")
@job(is_atomic=False, lease=LEASE, when_dead=undo_give_up)
def import_undo(event: Event) -> None:
    """Take a large run back, in one transaction; what may not be taken back stays applied, with the reason."""
    run = ImportRun.objects.select_related("undone_by").get(pk=event.subject_id)
    if run.status != ImportRun.Status.UNDOING or run.undone_by is None:
        return
    try:
        run_undo(run_id=run.pk, actor=run.undone_by, at=now())
    except RuleBroken as refusal:
        run_undo_give_up(run_id=run.pk, refusal=refusal, at=now())
