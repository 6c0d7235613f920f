import json
from decimal import Decimal
from typing import Any

from django.db import models

from marketplace.kernel.history.tables import left_out

from ..sentences import broken_rule
from .outcome import Outcome
from .run import ImportRun


class ExactDecoder(json.JSONDecoder):
    """Numbers of JSON as Decimal: amounts are never floats."""

    def __init__(self, **options: Any) -> None:
        super().__init__(parse_float=Decimal, **options)


class StagedRow(models.Model):
    """A row of a file as it stands there, cell by cell, and what it comes to.

    `line`: where the row begins in the file; the header is 1. `cell_count`: as many as the row has; the cells of one
    that has too few or too many stay empty. `category_key`: the category, folded. `changes`: of a changed row, term →
    [old, new]. `product`, `listing`: what it was matched to, or brought. `kept_because`: the code of why
    an undoing left it. The keys are unchecked by the database, so that loading is quick.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="staged_rows", db_constraint=False, db_index=False)
    line = models.PositiveIntegerField()
    cell_count = models.PositiveIntegerField()
    sku = models.TextField()
    name = models.TextField()
    description = models.TextField()
    brand = models.TextField()
    gtin = models.TextField()
    category = models.TextField()
    unit = models.TextField()
    price = models.TextField()
    currency = models.TextField()
    vat_percent = models.TextField()
    stock = models.TextField()
    min_order_qty = models.TextField()
    lead_time_days = models.TextField()
    warranty_months = models.TextField()
    image_url = models.TextField()
    product_code = models.TextField()
    pack_factor = models.TextField()
    category_key = models.TextField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    net_price = models.DecimalField(max_digits=18, decimal_places=6, null=True)
    units_in_stock = models.BigIntegerField(null=True)
    product = models.ForeignKey(
        "catalogue.Product", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    listing = models.ForeignKey(
        "partner.StockRecord", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    changes = models.JSONField(null=True, decoder=ExactDecoder)
    kept_because = models.CharField(max_length=32, db_default="")

    class Meta:
        ordering = ["line"]
        indexes = [models.Index(fields=["run", "outcome", "line"], name="import_rows_by_outcome")]

    def __str__(self) -> str:
        return f"{self.line} {self.sku}"


class RowIssue(models.Model):
    """Why a row is refused: the column, the cell as it stands there, and the code whose sentence says what to do.

    `values`: what the sentence names.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="issues", db_index=False)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=32, blank=True)
    code = models.CharField(max_length=64)
    value = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict, decoder=ExactDecoder)

    class Meta:
        ordering = ["line", "pk"]
        indexes = [models.Index(fields=["run", "line"], name="import_issues_by_line")]

    def __str__(self) -> str:
        return f"{self.line} {self.column} {self.code}"

    @property
    def message(self) -> str:
        return broken_rule(self.code, self.values).sentence


left_out("catalog_import_stagedrow", reason="a stored file, row by row; what it does is recorded where it does it")
left_out("catalog_import_rowissue", reason="follows from a stored file and the rules")
