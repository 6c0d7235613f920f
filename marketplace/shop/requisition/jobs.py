"""The clock of the price hold: each sending brings its own alarm, written in its transaction."""

from django.utils.timezone import now

from marketplace.kernel.jobs import job

from .holding import requisition_lapse


@job(retries=20)
def price_hold_ends(requisition_id: int) -> None:
    """Its prices are held no longer: what nobody has decided goes back to who asked for it."""
    requisition_lapse(requisition_id=requisition_id, at=now())
