"""Rows of a preview as the page shows them: what changes from what to what, and what is wrong with a cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from marketplace.kernel.screens.shown import amount_text, number_text
from marketplace.shop.catalogue.units import unit_name
from marketplace.shop.partner.vat import CATEGORY_NAMES

from .columns import LABELS as COLUMN_LABELS
from .models import ImportRun, Outcome, RowIssue, StagedRow
from .progress import Told
from .undoing import Kept

LABELS = {
    "price": _("Price"),
    "stock": _("Stock"),
    "sales_unit": _("Sales unit"),
    "vat_category": _("VAT"),
    "minimum_quantity": _("Minimum quantity"),
    "lead_time_days": _("Delivery time in days"),
    "warranty_months": _("Warranty in months"),
    "image_url": _("Picture"),
}


Status = ImportRun.Status


@dataclass(frozen=True)
class Step:
    """`state`: done, now or empty."""

    name: Any
    state: str


STEPS = (_("File"), _("Columns"), _("Simulation"), _("Review"), _("Apply"))
REACHED = {
    Status.UPLOADED: 1, Status.COLUMNS: 1, Status.READING: 2, Status.PREVIEW: 3, Status.DISCARDED: 3, Status.APPLYING: 4,
}  # fmt: skip


def steps_of(run: ImportRun) -> list[Step]:
    """Which of the five steps are done, and at which one it is."""
    at = REACHED.get(Status(run.status), len(STEPS))
    if run.status == Status.FAILED:
        at = 4 if run.rows else 2 if run.layout else 1
    is_on_its_way = run.status != Status.DISCARDED
    return [
        Step(name, "done" if at > place else "now" if at == place and is_on_its_way else "") for place, name in enumerate(STEPS)
    ]


@dataclass(frozen=True)
class Work:
    """What is being done with a run, and how far it is. `told`: None while it waits its turn."""

    run: ImportRun
    told: Told | None

    @property
    def head(self) -> str:
        """«Simulation 62 %»."""
        if self.told is None:
            return str(self.run.get_status_display())
        return f"{DOES[Status(self.run.status)]} {self.told.share}\u00a0%"


DOES = {
    Status.UPLOADED: _("Reading"),
    Status.READING: _("Simulation"),
    Status.APPLYING: _("Applying"),
    Status.UNDOING: _("Undoing"),
}


@dataclass(frozen=True)
class FileColumn:
    """A column of the file. `holds`: what of ours it holds; empty when it is not used."""

    letter: str
    written: str
    holds: Any


@dataclass(frozen=True)
class ColumnRead:
    """A column of ours, and what the file calls it."""

    label: Any
    written: str


def columns_read(run: ImportRun) -> list[ColumnRead]:
    return [ColumnRead(label, run.header[name]) for name, label in COLUMN_LABELS.items() if name in run.header]


@dataclass(frozen=True)
class FirstRows:
    columns: list[FileColumn]
    rows: list[list[str]]


def first_rows_of(run: ImportRun) -> FirstRows:
    """The first lines of the file as it is read now."""
    cells, holds = run.look["cells"], {place: COLUMN_LABELS[name] for name, place in run.layout["places"].items()}
    columns = [FileColumn(get_column_letter(place + 1), cell, holds.get(place, "")) for place, cell in enumerate(cells)]
    return FirstRows(columns, run.look["rows"])


@dataclass(frozen=True)
class Tile:
    """How many rows come to what, and what that means."""

    outcome: Outcome
    count: int
    note: Any
    tone: str
    icon: str
    is_current: bool

    @property
    def label(self) -> str:
        return self.outcome.label


def tiles_of(run: ImportRun, current: str) -> list[Tile]:
    return [Tile(outcome, getattr(run, outcome), *look, is_current=outcome == current) for outcome, look in TILES.items()]


TILES = {
    Outcome.ADDED: (_("offers that come to be"), "ok", "plus-circle"),
    Outcome.CHANGED: (_("price, stock or terms"), "info", "pencil-square"),
    Outcome.PROPOSED: (_("an officer decides"), "info", "inboxes"),
    Outcome.UNCHANGED: (_("are not touched"), "", "dash-circle"),
    Outcome.REFUSED: (_("are not applied"), "bad", "x-octagon"),
}


@dataclass(frozen=True)
class Change:
    """A term of an offer before and after; equal when it stays."""

    label: Any
    old: str
    new: str


@dataclass(frozen=True)
class ChangedRow:
    """A row that changes a listing. `share`: by how many percent the price moves."""

    row: StagedRow

    @property
    def price(self) -> Change | None:
        return self._change("price")

    @property
    def share(self) -> Decimal | None:
        if "price" not in self.row.changes:
            return None
        old, new = self.row.changes["price"]
        return (Decimal(new) - Decimal(old)) * 100 / Decimal(old)

    @property
    def stock(self) -> Change | None:
        return self._change("stock")

    @property
    def is_on_sale_again(self) -> bool:
        return "status" in self.row.changes

    @property
    def others(self) -> list[Change]:
        names = (name for name in LABELS if name not in ("price", "stock", "status"))
        return [change for name in names if (change := self._change(name))]

    def _change(self, name: str) -> Change | None:
        if name not in self.row.changes:
            return None
        old, new = (SHOWN[name](value) if name in SHOWN else str(value) for value in self.row.changes[name])
        return Change(LABELS[name], old, new)


SHOWN = {
    "price": lambda value: amount_text(Decimal(value), is_unit_price=True),
    "stock": number_text,
    "sales_unit": unit_name,
    "vat_category": lambda code: str(CATEGORY_NAMES.get(code, code)),
}


@dataclass(frozen=True)
class ShownIssue:
    """`column`: as the file calls it. The message is what is wrong, and then what to do."""

    line: int
    column: str
    value: str
    problem: str
    remedy: str


def kept_shown(rows: Iterable[StagedRow]) -> Iterator[Kept]:
    return (Kept(row.line, row.sku, row.name, row.kept_because) for row in rows)


def issues_shown(run: ImportRun, issues: Iterable[RowIssue]) -> Iterator[ShownIssue]:
    for issue in issues:
        problem, _stop, remedy = issue.message.partition(". ")
        column = run.header.get(issue.column, issue.column)
        yield ShownIssue(issue.line, column, issue.value, f"{problem.rstrip('.')}.", remedy)
