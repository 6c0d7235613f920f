"""What a row of a file, or a proposal, says, beside what stands: one SQL row per row, from which every rule is judged.

Two steps. `OFFERED` reads cells as texts and numbers (`TYPED`) and adds what the agreement and the law make of them;
`updated` does so for a file that names some terms only.
`FACTS` puts beside any offer, from a file or from a proposal, the sheet, item, lot and listing that it meets. Both take
the parameters of `World`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from framework_agreements.models import Adjudication, AgreementLot
from marketplace.shop.catalogue.units import units
from marketplace.shop.partner.bulk import TERMS, differs
from marketplace.shop.partner.rules import LARGEST_WHOLE
from marketplace.shop.partner.vat import vat_rates_on

from .models import ImportRun

BLANKS = " \t\n\r\f\v\u00a0"
SINGLE_THINGS = ("C62", "H87", "EA")  # three codes of the same unit: one thing
ADDRESS = r"^https?://[^ \t\n\r\f\v<>\"]+$"
OTHER_MARK = {".": ",", ",": "."}


@dataclass(frozen=True)
class World:
    """Before what an offer is judged: whose it is, under which agreement, on which day."""

    supplier_id: int
    agreement_id: int
    on: date

    def params(self) -> dict[str, Any]:
        return {
            "supplier": self.supplier_id,
            "agreement": self.agreement_id,
            "on": self.on,
            "single_things": list(SINGLE_THINGS),
            "blanks": BLANKS,
            "active_lot": AgreementLot.Status.ACTIVE,
            "active_adjudication": Adjudication.Status.ACTIVE,
        }

    def params_of_file(self, run: ImportRun) -> dict[str, Any]:
        """What reading cells takes besides: the file's decimal mark, the VAT of the day, the known units."""
        rates = vat_rates_on(self.on)
        return self.params() | {
            "mark": run.decimal_mark,
            "group": OTHER_MARK[run.decimal_mark],
            "width": run.width,
            "number": number_pattern(run.decimal_mark),
            "whole": whole_pattern(run.decimal_mark),
            "vat_categories": list(rates),
            "vat_percents": list(rates.values()),
            "units": list(units()),
            "largest_whole": LARGEST_WHOLE,
            "address": ADDRESS,
            "currency": settings.CURRENCY,
            "vat_known": ", ".join(f"{percent:f}" for percent in rates.values()),
        }


def number_pattern(mark: str) -> str:
    """1234, 1.234 and 1.234,56 where the mark is a comma; a sign may stand before."""
    return rf"^[+-]?([0-9]+|[0-9]{{1,3}}([{OTHER_MARK[mark]}][0-9]{{3}})+)([{mark}][0-9]+)?$"


def whole_pattern(mark: str) -> str:
    return rf"^[+-]?([0-9]+|[0-9]{{1,3}}([{OTHER_MARK[mark]}][0-9]{{3}})+)$"


def trimmed(cell: str) -> str:
    return f"btrim({cell}, %(blanks)s)"


def one_line(cell: str) -> str:
    """Runs of blanks and line ends as one blank."""
    return f"btrim(regexp_replace({cell}, '[' || %(blanks)s || ']+', ' ', 'g'), %(blanks)s)"


def in_capitals(cell: str) -> str:
    """Codes may be written small; only ASCII letters change, whatever the database's language."""
    return f'upper(btrim({cell}, %(blanks)s) COLLATE "C")'


def number(cell: str, pattern: str) -> str:
    """A number by the file's decimal mark; null for anything else."""
    return (
        f"CASE WHEN btrim({cell}, %(blanks)s) ~ %({pattern})s"
        f" THEN replace(replace(btrim({cell}, %(blanks)s), %(group)s, ''), %(mark)s, '.')::numeric END"
    )


def measure(unit: str) -> str:
    """The codes of one thing count as the same unit."""
    return f"CASE WHEN {unit} = ANY(%(single_things)s) THEN 'C62' ELSE {unit} END"


def sheet_of(gtin: str, key: str) -> str:
    """One sheet for each GTIN; without one, for each proposal."""
    return f"coalesce({gtin}, 'proposal ' || {key})"


TYPED = f"""
SELECT r.line AS key, r.cell_count, r.category_key,
    {one_line("r.sku")} AS sku,
    {one_line("r.name")} AS name,
    {trimmed("r.description")} AS description,
    {one_line("r.brand")} AS brand,
    translate(btrim(r.gtin, %(blanks)s), ' -', '') AS gtin_text,
    {in_capitals("r.unit")} AS unit_text,
    {number("r.price", "number")} AS price,
    {in_capitals("r.currency")} AS currency,
    {number("r.vat_percent", "number")} AS vat_percent,
    {number("r.stock", "whole")} AS stock,
    {number("r.min_order_qty", "whole")} AS minimum_quantity,
    {number("r.lead_time_days", "whole")} AS lead_time_days,
    {number("r.warranty_months", "whole")} AS warranty_months,
    {trimmed("r.image_url")} AS image_url,
    {in_capitals("r.product_code")} AS product_code,
    CASE {trimmed("r.pack_factor")} WHEN '' THEN 1 ELSE {number("r.pack_factor", "whole")} END AS pack_given,
    {trimmed("r.pack_factor")} <> '' AS has_pack
FROM import_raw r
"""
OFFERED = f"""
SELECT t.*,
    CASE WHEN t.gtin_text ~ '^([0-9]{{8}}|[0-9]{{12,14}})$' THEN lpad(t.gtin_text, 14, '0') END AS gtin,
    CASE WHEN t.unit_text = ANY(%(units)s) THEN t.unit_text END AS sales_unit,
    CASE WHEN t.pack_given BETWEEN 1 AND %(largest_whole)s THEN t.pack_given END AS pack_factor,
    min(t.key) OVER (PARTITION BY t.sku) AS first_line,
    m.lot_id, m.cpc_code, m.category_id,
    vat.category AS vat_category,
    coded.id AS named_product_id
FROM ({TYPED}) t
LEFT JOIN catalog_import_categorymapping m ON m.agreement_id = %(agreement)s AND m.file_category = t.category_key
LEFT JOIN unnest(%(vat_categories)s::text[], %(vat_percents)s::numeric[]) AS vat (category, percent)
    ON vat.percent = t.vat_percent
LEFT JOIN LATERAL (SELECT c.id FROM catalogue_product c WHERE c.code = t.product_code COLLATE "default" LIMIT 1) coded ON true
"""
# of a price update: terms that the file does not name stay as they stand
STANDING_TERMS = {
    "price": "s.price",
    "stock": 'l."limit" - l.taken',
    "minimum_quantity": "s.minimum_quantity",
    "lead_time_days": "s.lead_time_days",
    "warranty_months": "s.warranty_months",
    "image_url": "s.image_url",
    "vat_category": "s.vat_category",
    "sales_unit": "s.sales_unit",
    "pack_factor": "s.pack_factor",
    "has_pack": "true",
}
COLUMN_OF = {
    "minimum_quantity": "min_order_qty", "vat_category": "vat_percent", "sales_unit": "unit", "has_pack": "pack_factor",
}  # fmt: skip


def updated(columns: Collection[str]) -> str:
    """The rows of a price update with these columns, as `OFFERED` gives those of a whole price list."""
    kept = {term: old for term, old in STANDING_TERMS.items() if COLUMN_OF.get(term, term) not in columns}
    terms = "".join(f", {old} AS {term}" for term, old in kept.items())
    return f"""
    SELECT {", ".join(f"t.{column}" for column in OFFERED_COLUMNS if column not in kept)}{terms}
    FROM ({OFFERED}) t
    LEFT JOIN listings s ON s.partner_sku = t.sku
    LEFT JOIN limits_limit l ON l.id = s.stock_id
    """


OFFERED_COLUMNS = (
    "key", "cell_count", "category_key", "sku", "name", "description", "brand", "gtin_text", "unit_text", "price", "currency",
    "vat_percent", "stock", "minimum_quantity", "lead_time_days", "warranty_months", "image_url", "product_code", "pack_given",
    "has_pack", "gtin", "sales_unit", "pack_factor", "first_line", "lot_id", "cpc_code", "category_id", "vat_category",
    "named_product_id",
)  # fmt: skip
# a proposal as an offer; its sheet is the one that it matched, or the one just made for it
PROPOSED = f"""
SELECT p.id AS key, p.run_id, p.sku, p.name, p.description, p.brand, p.gtin, p.sales_unit, p.pack_factor, p.has_pack, p.price,
    p.vat_category, p.stock, p.minimum_quantity, p.lead_time_days, p.warranty_months, p.image_url, p.lot_id, p.cpc_code,
    p.category_id, coalesce(p.product_id, made.product_id) AS named_product_id
FROM catalog_import_proposal p LEFT JOIN new_sheets made ON made.sheet_of = {sheet_of("p.gtin", "p.id")}
WHERE p.id = ANY(%(proposals)s)
"""
SKUS_OF_FILE = f"SELECT {one_line('r.sku')} AS sku FROM import_raw r"
SKUS_PROPOSED = "SELECT sku FROM catalog_import_proposal WHERE id = ANY(%(proposals)s)"
LOTS = """
SELECT l.id AS lot_id, l.name, l.status = %(active_lot)s AS is_active, a.id AS adjudication_id,
    coalesce(a.status = %(active_adjudication)s AND a.valid_from <= %(on)s AND a.valid_until > %(on)s, false) AS is_adjudicated
FROM framework_agreements_agreementlot l
LEFT JOIN framework_agreements_adjudication a ON a.lot_id = l.id AND a.supplier_id = %(supplier)s
WHERE l.agreement_id = %(agreement)s
"""
# Each row is looked up by its number, one table after the other, which OFFSET 0 holds the planner to: its statistics know
# nothing of a file that was just read, and a plan that reads a supplier's whole catalogue for each row never ends.
STANDING_OFFERS = """
SELECT s.*, l.lot_id AS listed_lot_id, i.ceiling_price AS listed_ceiling
FROM (SELECT DISTINCT sku FROM ({skus}) named) k
CROSS JOIN LATERAL (SELECT * FROM partner_stockrecord r WHERE r.partner_sku = k.sku OFFSET 0) s
CROSS JOIN LATERAL (SELECT * FROM framework_agreements_adjudicateditem a WHERE a.id = s.adjudicated_item_id OFFSET 0) i
JOIN lots l ON l.adjudication_id = i.adjudication_id
"""
LISTINGS = f"""
SELECT DISTINCT ON (o.partner_sku) o.* FROM ({STANDING_OFFERS}) o ORDER BY o.partner_sku, o.status <> 'published', o.id
"""
# the item under which a sheet may be sold: in the lot of its category, else in the first that is open
ITEM = """
SELECT i.id AS item_id, i.ceiling_price, l.lot_id
FROM (SELECT * FROM framework_agreements_adjudicateditem a WHERE a.product_id = p.id OFFSET 0) i
JOIN lots l ON l.adjudication_id = i.adjudication_id AND l.is_active AND l.is_adjudicated
ORDER BY l.lot_id = o.lot_id DESC NULLS LAST, l.lot_id LIMIT 1
"""
FACTS = f"""
WITH lots AS ({LOTS}), listings AS ({LISTINGS})
SELECT o.*,
    s.id AS listing_id, s.product_id AS listing_product_id, s.pack_factor AS listing_pack,
    {", ".join(f"s.{term} AS listing_{term}" for term in TERMS)},
    {differs("o", "s", "stock")} AS is_different,
    stock."limit" - stock.taken AS listing_stock,
    s.status AS listing_status, 'published'::text AS status,
    named.id AS said_product_id, named.title AS said_title, named.gtin AS said_gtin,
    same.id AS gtin_product_id,
    p.id AS product_id, p.title, p.is_public, p.base_unit,
    {measure("p.base_unit")} AS base_measure, {measure("o.sales_unit")} AS sold_measure,
    coalesce(s.adjudicated_item_id, item.item_id) AS item_id,
    coalesce(s.listed_ceiling, item.ceiling_price) AS ceiling_price,
    target.lot_id AS target_lot_id, target.name AS lot_name, target.is_active AS lot_is_active,
    target.adjudication_id, target.is_adjudicated
FROM ({{offers}}) o
LEFT JOIN listings s ON s.partner_sku = o.sku
LEFT JOIN limits_limit stock ON stock.id = s.stock_id
LEFT JOIN catalogue_product named ON named.id = coalesce(o.named_product_id, s.product_id)
LEFT JOIN LATERAL (SELECT c.id FROM catalogue_product c WHERE c.gtin = o.gtin LIMIT 1) same ON true
LEFT JOIN LATERAL (SELECT * FROM catalogue_product c WHERE c.id = coalesce(named.id, same.id) LIMIT 1) p ON true
LEFT JOIN LATERAL ({ITEM}) item ON true
LEFT JOIN lots target ON target.lot_id = coalesce(s.listed_lot_id, item.lot_id, o.lot_id)
"""
# the listings that the rows of a file may change
LISTED = f"""
WITH lots AS ({LOTS}) SELECT o.id FROM ({STANDING_OFFERS.format(skus=SKUS_OF_FILE)}) o
"""
