"""A supplier's file from upload to listings. Each service owns its transaction; one that was done answers the same again."""

import hashlib
from contextlib import nullcontext
from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils.timezone import localdate

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.acting import acting
from marketplace.kernel.errors import Broken, RuleBroken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.sets import execute
from marketplace.registry.models import Membership, Supplier
from marketplace.shop.partner.bulk import listings_apply, listings_hold
from marketplace.shop.partner.services import partner_of

from .facts import LISTED, World
from .holding import suppliers_hold, terms_hold
from .judging import judge_file
from .models import ImportRun, Outcome, Proposal
from .progress import Progress, Stopped, telling, wish_to_stop
from .readers import Layout, Table, open_table
from .rules import reasons_not_importable
from .staging import count_outcomes, rows_correct, rows_keep, rows_stage, rows_take_up

Status = ImportRun.Status


@transaction.atomic
def run_create(
    *,
    supplier: Supplier,
    agreement: FrameworkAgreement,
    file: File,
    file_name: str,
    actor: Membership | None,
    at: datetime,
    is_kept: bool = True,
    is_confirmed: bool = False,
) -> ImportRun:
    """Store a supplier's file. `is_kept`: whether the upload itself is; a trial and an offer by form keep nothing.

    `is_confirmed`: the actor wants it applied as it is; nobody is told to look at a preview.

    Raises RuleBroken (``import_supplier_suspended``, ``import_agreement_not_in_force``).
    """
    refuse(reasons_not_importable(supplier, agreement, localdate(at)))
    run = ImportRun(
        supplier=supplier,
        agreement=agreement,
        file_name=file_name[:200],
        file_size=file.size,
        sha256=sha256_of(file),
        created_by=actor,
        confirmed_by=actor if is_confirmed else None,
        created_at=at,
        status_at=at,
    )
    if is_kept:
        run.file.save(file_name, file, save=False)
    run.save(force_insert=True)
    record("import.uploaded", run, actor=actor, at=at)
    return run


def run_submit(**values) -> ImportRun:
    """Store a file and have it looked at in the background. `values`: as `run_create`."""
    with transaction.atomic():
        run = run_create(**values)
        record("import.submitted", run, actor=run.created_by, at=run.created_at)
    return run


def run_read(*, run_id: int, at: datetime, file: BinaryIO | None = None) -> ImportRun:
    """Read a stored file into a preview of what it would do. `file`: the upload of a trial, which is not stored.

    A file that cannot be read whole fails with one reason, and nothing of it is kept; nor is it when somebody stops it.
    Killed half way, it begins anew.
    """
    run = _begin_reading(run_id, at)
    if run.status != Status.READING:
        return run
    try:
        with telling(run_id, can_stop=True) as progress:
            return _read(run_id, file, at, progress)
    except RuleBroken as refusal:
        return _fail(run_id, refusal, at)
    except Stopped as stop:
        return run_discard(run_id=run_id, actor=Membership.objects.get(pk=stop.membership_id), at=at)


@transaction.atomic
def run_confirm(*, run_id: int, actor: Membership, at: datetime) -> ImportRun:
    """Have a preview applied in the background. Raises RuleBroken (``illegal_move``, and as `run_create`)."""
    run = run_held(run_id)
    refuse(reasons_not_now(run, at))
    run.confirmed_by = actor
    run.move_to(Status.APPLYING, at=at, also=("confirmed_by",))
    record("import.confirmed", run, actor=actor, at=at)
    return run


@transaction.atomic
def run_apply(*, run_id: int, at: datetime) -> ImportRun:
    """Put on sale what is adjudicated, and propose the rest to the officer: all of it in one transaction, or nothing.

    The rows are judged once more: prices and states may have moved since the preview. Raises RuleBroken as `run_create`.
    """
    run = run_held(run_id)
    if run.status in (Status.APPLIED, Status.FAILED):
        return run
    suppliers_hold([run.supplier_id])
    terms_hold(world_of(run, at))
    refuse(reasons_not_now(run, at))
    if run.status == Status.PREVIEW:
        run.move_to(Status.APPLYING, at=at)
    with acting_for(run.confirmed_by or run.created_by), telling(run.pk) as progress:
        _apply(run, at, progress)
    return run


@transaction.atomic
def run_give_up(*, run_id: int, refusal: RuleBroken, at: datetime) -> ImportRun:
    """End a run that could not be read or applied, with the reason; one that has ended stays as it is."""
    return _fail(run_id, refusal, at)


@transaction.atomic
def run_discard(*, run_id: int, actor: Membership, at: datetime) -> ImportRun:
    """Drop a file before it is applied: nothing of it is kept but the file and who did it."""
    run = run_held(run_id)
    run.move_to(Status.DISCARDED, at=at)
    rows_drop(run)
    record("import.discarded", run, actor=actor, at=at)
    return run


@transaction.atomic
def run_stop(*, run_id: int, actor: Membership, at: datetime) -> ImportRun:
    """Discard a run that waits. One that is being read this moment is told to stop, and does so at its next step.

    Raises RuleBroken (``illegal_move``) for one that is further on.
    """
    run = ImportRun.objects.get(pk=run_id)
    if not run.can_stop:
        refuse([Broken("illegal_move", status=run.get_status_display())])
    if ImportRun.objects.select_for_update(skip_locked=True).filter(pk=run_id).exists():
        return run_discard(run_id=run_id, actor=actor, at=at)
    wish_to_stop(run_id, actor.pk)
    return run


# ---------------------------------------------------------------- reading


@transaction.atomic
def _begin_reading(run_id: int, at: datetime) -> ImportRun:
    run = run_held(run_id)
    if run.status == Status.UPLOADED:
        run.move_to(Status.READING, at=at)
    return run


@transaction.atomic
def _read(run_id: int, file: BinaryIO | None, at: datetime, progress: Progress) -> ImportRun:
    run = run_held(run_id)
    if run.status != Status.READING:
        return run
    if file is None:
        with run.file.open("rb") as stored:
            _stage(run, stored.file, progress)
    else:
        _stage(run, file, progress)
    progress.reach("judging")
    judge_file(run, world_of(run, at))
    progress.reach("keeping")
    rows_keep(run)
    _count(run)
    run.move_to(Status.PREVIEW, at=at, also=READ_FIELDS)
    if run.confirmed_by is None:
        record("import.previewed", run, actor=run.created_by, at=at, **counts_of(run))
    return run


def _stage(run: ImportRun, file: BinaryIO, progress: Progress) -> None:
    progress.reach("reading")
    table = open_table(file, run.file_size, Layout(**run.layout))
    run.rows = rows_stage(progress.counting(table.rows, table.share))
    _describe(run, table)


def _describe(run: ImportRun, table: Table) -> None:
    """How the file is written, for the preview and for judging its numbers."""
    run.encoding, run.delimiter, run.decimal_mark = table.encoding, table.delimiter, table.decimal_mark
    run.header, run.width, run.unused_columns = table.header.written, table.header.width, table.header.unused


READ_FIELDS = ("rows", *ImportRun.COUNTS, "encoding", "delimiter", "decimal_mark", "header", "width", "unused_columns")


# ---------------------------------------------------------------- applying


def _apply(run: ImportRun, at: datetime, progress: Progress) -> None:
    progress.reach("taking-up")
    rows_take_up(run)
    world = world_of(run, at)
    listings_hold(LISTED, world.params_of_file(run))
    progress.reach("judging-again")
    judge_file(run, world)
    rows_correct(run)
    _count(run)
    actor = run.confirmed_by
    progress.reach("selling")
    listings_apply(_ON_SALE, partner=partner_of(run.supplier), at=at, actor=actor)
    execute(_NOTE_ADDED, {"run": run.pk})
    progress.reach("proposing")
    execute(_SUPERSEDE, _params(run, at))
    execute(_PROPOSE, _params(run, at))
    run.applied_at = at
    run.move_to(Status.APPLIED, at=at, also=(*ImportRun.COUNTS, "applied_at"))
    record("import.applied", run, actor=actor, at=at, **counts_of(run))


def _params(run: ImportRun, at: datetime) -> dict:
    return {"run": run.pk, "supplier": run.supplier_id, "agreement": run.agreement_id, "at": at}


_ON_SALE = f"(SELECT * FROM import_facts WHERE outcome IN ('{Outcome.ADDED}', '{Outcome.CHANGED}'))"
_NOTE_ADDED = f"""
UPDATE catalog_import_stagedrow r SET listing_id = s.id
FROM import_facts f JOIN partner_stockrecord s ON s.adjudicated_item_id = f.item_id AND s.partner_sku = f.sku
WHERE r.run_id = %(run)s AND r.line = f.key AND f.outcome = '{Outcome.ADDED}'
"""
_SUPERSEDE = f"""
INSERT INTO catalog_import_proposaldecision (proposal_id, status, reason, at)
SELECT p.id, '{Proposal.Status.SUPERSEDED}', '', %(at)s
FROM catalog_import_proposal p JOIN import_facts f ON f.sku = p.sku AND f.outcome <> '{Outcome.REFUSED}'
WHERE p.supplier_id = %(supplier)s AND p.agreement_id = %(agreement)s
    AND NOT EXISTS (SELECT FROM catalog_import_proposaldecision d WHERE d.proposal_id = p.id)
"""
PROPOSED = (
    "sku", "name", "description", "brand", "gtin", "price", "sales_unit", "pack_factor", "has_pack", "vat_category", "stock",
    "minimum_quantity", "lead_time_days", "warranty_months", "image_url", "lot_id", "cpc_code", "category_id", "product_id",
)  # fmt: skip
_PROPOSE = f"""
INSERT INTO catalog_import_proposal (
    id_public, run_id, line, supplier_id, agreement_id, {", ".join(PROPOSED)}, created_at
)
SELECT uuidv7(), %(run)s, key, %(supplier)s, %(agreement)s, {", ".join(PROPOSED)}, %(at)s
FROM import_facts WHERE outcome = '{Outcome.PROPOSED}' ORDER BY key
"""


# ---------------------------------------------------------------- of both


def run_held(run_id: int) -> ImportRun:
    """The run, locked until the transaction ends."""
    return ImportRun.objects.select_for_update(of=["self"]).select_related("supplier", "agreement").get(pk=run_id)


def reasons_not_now(run: ImportRun, at: datetime) -> list[Broken]:
    """Read anew: they may have been suspended while this waited."""
    supplier, agreement = Supplier.objects.get(pk=run.supplier_id), FrameworkAgreement.objects.get(pk=run.agreement_id)
    return reasons_not_importable(supplier, agreement, localdate(at))


def rows_drop(run: ImportRun) -> None:
    """What was staged of it, and why rows were refused."""
    execute("DELETE FROM catalog_import_rowissue WHERE run_id = %s", [run.pk])
    execute("DELETE FROM catalog_import_stagedrow WHERE run_id = %s", [run.pk])


@transaction.atomic
def _fail(run_id: int, refusal: RuleBroken, at: datetime) -> ImportRun:
    run = run_held(run_id)
    if not run.can_move_to(Status.FAILED):
        return run
    reason = refusal.broken[0]
    run.failure = {"code": reason.code, "values": reason.values}
    run.move_to(Status.FAILED, at=at, also=("failure",))
    record("import.failed", run, actor=run.created_by, at=at, code=reason.code)
    return run


def _count(run: ImportRun) -> None:
    for outcome, count in count_outcomes().items():
        setattr(run, outcome, count)


def counts_of(run: ImportRun) -> dict[str, int]:
    return {name: getattr(run, name) for name in ("rows", *ImportRun.COUNTS)}


def world_of(run: ImportRun, at: datetime) -> World:
    return World(run.supplier_id, run.agreement_id, localdate(at))


def acting_for(membership: Membership | None):
    """A job does what a person asked for: its rows bear that person's name."""
    if membership is None:
        return nullcontext()
    return acting(reason="import", actor_id=membership.user_id, membership_id=membership.pk)


def sha256_of(file: File) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
