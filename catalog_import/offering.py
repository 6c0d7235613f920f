"""One product by form: a price list of one row, read and applied in one go. No rule is written a second time for it."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import Broken, refuse
from marketplace.registry.models import Membership, Supplier

from .columns import LONGEST, NAMES
from .models import ImportRun, Outcome, StagedRow
from .readers.table import LONGEST_CELL
from .sentences import broken_rule
from .services import run_apply, run_create, run_read


@transaction.atomic
def offer_make(
    *, supplier: Supplier, agreement: FrameworkAgreement, cells: dict[str, str], actor: Membership, at: datetime
) -> StagedRow:
    """Put one product on sale, or propose it to the officer; the row says which. `cells`: column → text, as a file has it.

    Raises RuleBroken, each reason at its column (``offer_stands`` for a code that is offered already, and whatever refuses a
    row of a file), and then nothing is kept.
    """
    refuse(reasons_not_a_row(cells))
    content = _as_file(cells | {"currency": settings.CURRENCY})
    run = run_create(
        supplier=supplier, agreement=agreement, file=ContentFile(content), file_name=_("offer-{sku}.csv").format(sku=cells["sku"]),
        actor=actor, at=at, is_kept=False, is_confirmed=True,
    )  # fmt: skip
    run_read(run_id=run.pk, at=at, file=io.BytesIO(content))
    run = run_apply(run_id=run.pk, at=at)
    refuse(reasons_not_offered(run))
    return run.staged_rows.select_related("run", "listing").get()


def reasons_not_a_row(cells: dict[str, str]) -> list[Broken]:
    """A text beyond any cell makes a file unreadable as a whole; here one knows where it stands."""
    return [
        Broken("text_too_long", field=name, length=len(text), longest=LONGEST.get(name, LONGEST_CELL))
        for name, text in cells.items()
        if len(text) > LONGEST_CELL
    ]


def reasons_not_offered(run: ImportRun) -> Iterator[Broken]:
    """Why its one row brought no new offer. One that stands is changed on its own page, not by the way."""
    row = run.staged_rows.select_related("listing").get()
    if row.outcome in (Outcome.ADDED, Outcome.PROPOSED):
        return
    if row.listing:
        yield Broken("offer_stands", listing=str(row.listing.id_public))
        return
    for issue in run.issues.all():
        yield broken_rule(issue.code, issue.values, field=issue.column)


def _as_file(cells: dict[str, str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([NAMES, [cells.get(name, "") for name in NAMES]])
    return text.getvalue().encode()
