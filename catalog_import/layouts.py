"""How a supplier's file is read: looked at, corrected by the supplier, and remembered for the next file of the same layout.

The command line looks at nothing of this: the same file gives the same answer there, whatever was chosen on a screen.
"""

import hashlib
import logging
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace.kernel.errors import Broken, RuleBroken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.text import fold
from marketplace.registry.models import Membership

from .columns import read_header, reasons_not_a_layout
from .models import ImportRun, SavedLayout
from .readers import Layout, Look, look_at
from .services import reasons_not_now, rows_drop, run_give_up, run_held

logger = logging.getLogger(__name__)
Status = ImportRun.Status
CORRECTABLE = (Status.COLUMNS, Status.PREVIEW)
COUNTED = ("rows", *ImportRun.COUNTS)


def run_look(*, run_id: int, at: datetime) -> ImportRun:
    """Look at a stored file, so that its supplier can say what its columns hold. One that cannot be read ends with the reason."""
    try:
        return _look(run_id, at)
    except RuleBroken as refusal:
        return run_give_up(run_id=run_id, refusal=refusal, at=at)


@transaction.atomic
def run_look_again(*, run_id: int, layout: Layout, at: datetime) -> ImportRun:
    """Look at it as the supplier says that it is written; its columns are to be said anew, and a preview is dropped.

    Raises RuleBroken (``illegal_move``, ``encoding_not_this`` and whatever makes a file unreadable).
    """
    run = _correctable(run_id)
    look = _look_through(run, layout)
    _keep(run, look, replace(layout, places=_places_known(run, look)))
    run.save(update_fields=["look", "layout"])
    if run.status == Status.PREVIEW:
        _forget_preview(run)
        run.move_to(Status.COLUMNS, at=at, also=COUNTED)
    return run


@transaction.atomic
def run_lay_out(*, run_id: int, layout: Layout, actor: Membership, at: datetime) -> ImportRun:
    """Have a file read with these columns, and remember them. Raises RuleBroken (``column_used_twice``, ``column_not_said`` at
    their fields, ``illegal_move``, and as `run_create`)."""
    run = _correctable(run_id)
    refuse([*reasons_not_now(run, at), *reasons_not_a_layout(layout.places)])
    _forget_preview(run)
    run.layout = asdict(layout)
    run.move_to(Status.READING, at=at, also=("layout", *COUNTED))
    _remember(run, layout, actor, at)
    record("import.laid_out", run, actor=actor, at=at)
    return run


def is_corrected(run: ImportRun, layout: Layout) -> bool:
    """Whether the file is to be read in other characters, or parted otherwise, than it was looked at."""
    return (layout.encoding, layout.delimiter) != (run.look["encoding"], run.look["delimiter"])


# ---------------------------------------------------------------- looking


@transaction.atomic
def _look(run_id: int, at: datetime) -> ImportRun:
    run = run_held(run_id)
    if run.status != Status.UPLOADED:
        return run
    look, layout = _as_remembered(run, _look_through(run, Layout()))
    _keep(run, look, layout)
    run.move_to(Status.COLUMNS, at=at, also=("look", "layout", "fingerprint", "first_sight"))
    return run


def _look_through(run: ImportRun, layout: Layout) -> Look:
    try:
        with run.file.open("rb") as stored:
            return look_at(stored.file, run.file_size, layout)
    except FileNotFoundError as gone:
        logger.exception("the file of import %s is gone from the store", run.id_public)
        raise RuleBroken([Broken("import_failed_here")]) from gone


def _as_remembered(run: ImportRun, look: Look) -> tuple[Look, Layout]:
    """As the supplier's last file of this layout was read; as it seems to be, when there was none."""
    run.fingerprint, run.first_sight = fingerprint_of(look.cells), _written(look)
    saved = SavedLayout.objects.filter(supplier=run.supplier, fingerprint=run.fingerprint).first()
    if saved is None:
        return look, Layout(**_written(look), places=_places_known(run, look))
    as_saved = Layout(saved.encoding, saved.delimiter, saved.decimal_mark)
    try:
        again = look if as_saved == Layout() else _look_through(run, as_saved)
    except RuleBroken:  # the file only begins like that one
        return look, Layout(**_written(look), places=_places_known(run, look))
    return again, Layout(**_written(again), places=saved.places)


def _written(look: Look) -> dict[str, str]:
    return {"encoding": look.encoding, "delimiter": look.delimiter, "decimal_mark": look.decimal_mark}


def _keep(run: ImportRun, look: Look, layout: Layout) -> None:
    run.look, run.layout = asdict(look), asdict(layout)


def _places_known(run: ImportRun, look: Look) -> dict[str, int]:
    """Columns by our names, and by what this supplier has called them in other files; no column of the file serves twice."""
    places = dict(read_header(look.cells).places)
    theirs = _names_of(run.supplier_id)
    for place, cell in enumerate(look.cells):
        name = theirs.get(fold(cell))
        if name and name not in places and place not in places.values():
            places[name] = place
    return places


def _names_of(supplier_id: int) -> dict[str, str]:
    """What a supplier's files call our columns, folded; the latest word holds."""
    names: dict[str, str] = {}
    for saved in SavedLayout.objects.filter(supplier=supplier_id).order_by("saved_at", "pk"):
        names |= {fold(saved.cells[place]): name for name, place in saved.places.items() if fold(saved.cells[place])}
    return names


def fingerprint_of(cells: list[str]) -> str:
    return hashlib.sha256("\x1f".join(map(fold, cells)).encode()).hexdigest()


# ---------------------------------------------------------------- of both


def _correctable(run_id: int) -> ImportRun:
    run = run_held(run_id)
    if run.status not in CORRECTABLE or run.look is None:
        refuse([Broken("illegal_move", status=run.get_status_display())])
    return run


def _forget_preview(run: ImportRun) -> None:
    rows_drop(run)
    for name in COUNTED:
        setattr(run, name, 0)


def _remember(run: ImportRun, layout: Layout, actor: Membership, at: datetime) -> None:
    """Of how it is written only what first sight got wrong: the next file may well be written otherwise."""
    corrected = {name: value for name, value in run.first_sight.items() if getattr(layout, name) != value}
    values: dict[str, Any] = {name: getattr(layout, name) if name in corrected else "" for name in run.first_sight}
    SavedLayout.objects.update_or_create(
        supplier=run.supplier,
        fingerprint=run.fingerprint,
        defaults=values | {"cells": run.look["cells"], "places": layout.places, "saved_by": actor, "saved_at": at},
    )
