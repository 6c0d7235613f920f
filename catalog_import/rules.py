"""Why a row of a file is refused: each rule once, as SQL over the row's facts (`facts.FACTS`, alias `f`).

`ROW_RULES` judge what stands in the cells; `OFFER_RULES` judge an offer against what stands in the catalogue, and judge a
proposal once more when an officer accepts it. Before a file is taken at all, `reasons_not_importable`.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from framework_agreements.models import FrameworkAgreement
from marketplace.kernel.errors import Broken
from marketplace.kernel.fields import PRICE_PLACES
from marketplace.registry.models import Supplier
from marketplace.shop.partner.rules import BOUNDS, LARGEST_WHOLE, PRICE_RULES, Bounds

from .columns import LONGEST, updates

PRICE_DIGITS = 8  # before the decimal mark: a cart of a million such things still fits its column


@dataclass(frozen=True)
class Rule:
    """`broken`: SQL, true for the rows that break it. `values`: what the sentence names → SQL."""

    code: str
    column: str
    broken: str
    values: dict[str, str] = field(default_factory=dict)


def reasons_not_importable(supplier: Supplier, agreement: FrameworkAgreement, on: date) -> list[Broken]:
    """Why nothing of this supplier can be imported under this agreement now."""
    broken = []
    if not supplier.is_enabled:
        broken.append(Broken("import_supplier_suspended", supplier=supplier.name))
    if not agreement.is_in_force(on):
        broken.append(Broken("import_agreement_not_in_force", agreement=agreement.code))
    return broken


# ---------------------------------------------------------------- what stands in the cells


def empty(column: str) -> Rule:
    return Rule("cell_empty", column, f"btrim(r.{column}, %(blanks)s) = ''")


def too_long(column: str, text: str) -> Rule:
    longest = LONGEST[column]
    return Rule("text_too_long", column, f"length({text}) > {longest}", {"longest": str(longest), "length": f"length({text})"})


def control_character(column: str) -> Rule:
    """Characters that no keyboard writes, left over from another program."""
    return Rule("control_character", column, f"r.{column} ~ E'[\\x01-\\x08\\x0e-\\x1f\\x7f]'")


def not_a_number(column: str, number: str, code: str) -> Rule:
    broken = f"btrim(r.{column}, %(blanks)s) <> '' AND {number} IS NULL"
    return Rule(code, column, broken, {"mark": "%(mark)s::text"})


def out_of_bounds(column: str, number: str, bounds: Bounds) -> list[Rule]:
    least, most = bounds.least, bounds.most
    return [
        Rule("number_too_small", column, f"{number} < {least}", {"least": str(least)}),
        Rule("number_too_large", column, f"{number} > {most}", {"most": str(most)}),
    ]


def whole_number(column: str, number: str, bounds: Bounds) -> list[Rule]:
    return [not_a_number(column, number, "number_not_whole"), *out_of_bounds(column, number, bounds)]


_CHECKSUM = " + ".join(f"{3 if place % 2 else 1} * substr(f.gtin, {place}, 1)::int" for place in range(1, 15))


def error_value(column: str) -> Rule:
    """What a workbook shows where a formula failed, or was never computed."""
    return Rule("cell_with_error", column, f"f.{column} ~ '^#(N/A|REF!|VALUE!|DIV/0!|NAME[?]|NULL!|NUM!|FORMULA!)$'")


ROW_RULES = [
    Rule("cell_count", "", "f.cell_count <> %(width)s", {"found": "f.cell_count", "expected": "%(width)s::int"}),
    empty("sku"),
    too_long("sku", "f.sku"),
    control_character("sku"),
    error_value("sku"),
    Rule("sku_repeated", "sku", "f.sku <> '' AND f.key <> f.first_line", {"first_line": "f.first_line"}),
    empty("name"),
    too_long("name", "f.name"),
    control_character("name"),
    error_value("name"),
    too_long("description", "f.description"),
    control_character("description"),
    error_value("description"),
    too_long("brand", "f.brand"),
    control_character("brand"),
    error_value("brand"),
    Rule("gtin_malformed", "gtin", "f.gtin_text <> '' AND f.gtin IS NULL"),
    Rule("gtin_check_digit", "gtin", f"({_CHECKSUM}) %% 10 <> 0"),
    Rule("gtin_placeholder", "gtin", "f.gtin = repeat('0', 14)"),
    empty("category"),
    Rule("category_unmapped", "category", "btrim(r.category, %(blanks)s) <> '' AND f.lot_id IS NULL"),
    empty("unit"),
    Rule("unit_unknown", "unit", "btrim(r.unit, %(blanks)s) <> '' AND f.sales_unit IS NULL"),
    empty("price"),
    not_a_number("price", "f.price", "number_malformed"),
    Rule("price_not_positive", "price", "f.price <= 0"),
    Rule("number_too_large", "price", f"f.price >= 1e{PRICE_DIGITS}", {"most": f"repeat('9', {PRICE_DIGITS})::numeric"}),
    Rule("price_too_precise", "price", f"scale(trim_scale(f.price)) > {PRICE_PLACES}"),
    empty("currency"),
    Rule("currency_refused", "currency", "f.currency NOT IN ('', %(currency)s)", {"currency": "%(currency)s::text"}),
    empty("vat_percent"),
    not_a_number("vat_percent", "f.vat_percent", "number_malformed"),
    Rule("vat_unknown", "vat_percent", "f.vat_percent IS NOT NULL AND f.vat_category IS NULL", {"known": "%(vat_known)s::text"}),
    empty("stock"),
    *whole_number("stock", "f.stock", BOUNDS["stock"]),
    empty("min_order_qty"),
    *whole_number("min_order_qty", "f.minimum_quantity", BOUNDS["minimum_quantity"]),
    empty("lead_time_days"),
    *whole_number("lead_time_days", "f.lead_time_days", BOUNDS["lead_time_days"]),
    empty("warranty_months"),
    *whole_number("warranty_months", "f.warranty_months", BOUNDS["warranty_months"]),
    too_long("image_url", "f.image_url"),
    Rule("address_malformed", "image_url", "f.image_url <> '' AND f.image_url !~* %(address)s"),
    Rule("product_code_unknown", "product_code", "f.product_code <> '' AND f.named_product_id IS NULL"),
    *whole_number("pack_factor", "f.pack_given", Bounds(1, LARGEST_WHOLE)),
]

# ---------------------------------------------------------------- a price update

UPDATE_RULE = Rule("sku_unknown", "sku", "f.sku <> '' AND f.listing_id IS NULL")


def rules_of_file(columns: Collection[str]) -> list[Rule]:
    """Those for a file with these columns: a price update has no cells but those that it names."""
    if not updates(columns):
        return [*ROW_RULES, *OFFER_RULES]
    named = [rule for rule in ROW_RULES if not rule.column or rule.column in columns]
    return [*named, UPDATE_RULE, *OFFER_RULES]


# ---------------------------------------------------------------- an offer against what stands

_UNIT_IS_ANOTHER = "f.sold_measure <> f.base_measure"
_RISES = PRICE_RULES["price_rise"].format(row="f", listing="standing")
_PASSES_CEILING = PRICE_RULES["price_over_ceiling"].format(row="f", item="item")
# whoever heeds «offer the present price or less» heeds the ceiling too, unless the present price itself is over it
_STANDS_OVER_CEILING = "f.listing_price / f.listing_pack > f.ceiling_price"
_PACK = {"unit": "f.sales_unit", "base": "f.base_unit"}

OFFER_RULES = [
    Rule("sku_of_another_sheet", "product_code", "f.named_product_id <> f.listing_product_id", {"sku": "f.sku"}),
    Rule(
        "gtin_of_another_sheet", "gtin",
        "f.gtin IS NOT NULL AND (f.gtin_product_id <> f.said_product_id OR f.said_gtin <> f.gtin)",
        {"name": "f.said_title", "gtin": "coalesce(f.said_gtin, '')"},
    ),
    Rule("sheet_withdrawn", "gtin", "NOT f.is_public", {"name": "f.title"}),
    Rule("lot_suspended_now", "category", "NOT f.lot_is_active", {"lot": "f.lot_name"}),
    Rule(
        "adjudication_not_in_force_now", "category", "f.adjudication_id IS NOT NULL AND NOT f.is_adjudicated",
        {"lot": "f.lot_name"},
    ),
    Rule("pack_factor_needed", "unit", f"{_UNIT_IS_ANOTHER} AND NOT f.has_pack", _PACK),
    Rule(
        "pack_of_itself", "pack_factor",
        "f.pack_factor > 1 AND coalesce(f.sold_measure = f.base_measure, f.sold_measure = 'C62')", _PACK | {"base": "f.sales_unit"},
    ),
    Rule(
        "pack_changed", "pack_factor", "f.pack_factor <> f.listing_pack",
        {"pack": "f.listing_pack", "unit": "f.listing_sales_unit"},
    ),
    Rule("price_rise", "price", _RISES, {"current": "f.listing_price"}),
    Rule(
        "price_over_ceiling", "price", f"{_PASSES_CEILING} AND ({_RISES} AND NOT {_STANDS_OVER_CEILING}) IS NOT TRUE",
        {"ceiling": "f.ceiling_price", "unit": "f.base_unit"},
    ),
]  # fmt: skip
