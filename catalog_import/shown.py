"""Rows of a preview as the page shows them: what changes from what to what, and what is wrong with a cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.kernel.screens.shown import amount_text, number_text
from marketplace.shop.catalogue.units import unit_name
from marketplace.shop.partner.vat import CATEGORY_NAMES

from .models import ImportRun, Outcome, RowIssue, StagedRow
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
