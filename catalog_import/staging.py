"""A file's rows in the database: streamed in by COPY, kept beside what they come to, taken up again when they are applied."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from marketplace.kernel.sets import execute, fetch, passing_table, receiving_table
from marketplace.kernel.text import fold
from marketplace.shop.partner.bulk import TERMS

from .columns import NAMES
from .models import ImportRun, Outcome
from .readers import Row

RAW = {"line": "integer", "cell_count": "integer"} | dict.fromkeys([*NAMES, "category_key"], "text")
JOINED_BY = "line, sku, gtin, product_code, category_key"
CATEGORY = NAMES.index("category")


def rows_stage(rows: Iterable[Row]) -> int:
    """Stream a file into the table `import_raw`. How many rows it has."""
    return receiving_table("import_raw", RAW, _texts(rows), joined_by=JOINED_BY)


def rows_take_up(run: ImportRun) -> None:
    """The rows of a preview again as the table `import_raw`."""
    columns = ", ".join(RAW)
    passing_table("import_raw", f"SELECT {columns} FROM catalog_import_stagedrow WHERE run_id = %s", [run.pk], joined_by=JOINED_BY)


def rows_keep(run: ImportRun) -> None:
    """Keep the judged rows for the preview."""
    execute(_KEEP, {"run": run.pk})


def rows_correct(run: ImportRun) -> None:
    """Bring the kept rows to what they come to now; those that come to the same are not written."""
    execute(_CORRECT, {"run": run.pk})


def count_outcomes() -> dict[str, int]:
    """How many judged rows come to what; none of a kind is 0."""
    return dict.fromkeys(Outcome.values, 0) | dict(fetch("SELECT outcome, count(*) FROM import_facts GROUP BY outcome"))


def _texts(rows: Iterable[Row]) -> Iterator[list[str]]:
    for line, count, cells in rows:
        yield [str(line), str(count), *cells, _category_key(cells[CATEGORY])]


@lru_cache(maxsize=1000)
def _category_key(category: str) -> str:
    """As `CategoryMapping` keeps it: a file has few categories and many rows."""
    return fold(category)


_CHANGES = ",\n".join(
    f"('{term}', to_jsonb(f.listing_{term}), to_jsonb(f.{term}))" for term in (*TERMS, "stock", "status")
)  # fmt: skip
_COMES_TO = f"""
f.outcome,
CASE WHEN f.outcome <> '{Outcome.REFUSED}' THEN f.price END AS net_price,
CASE WHEN f.outcome <> '{Outcome.REFUSED}' THEN f.stock END AS units_in_stock,
f.product_id,
f.listing_id,
CASE f.outcome WHEN '{Outcome.CHANGED}' THEN (
    SELECT coalesce(jsonb_object_agg(term, jsonb_build_array(old, new)), '{{}}')
    FROM (VALUES {_CHANGES}) AS terms (term, old, new) WHERE old <> new
) END AS changes
"""
_COLUMNS = "outcome, net_price, units_in_stock, product_id, listing_id, changes"
_KEEP = f"""
INSERT INTO catalog_import_stagedrow (run_id, {", ".join(RAW)}, {_COLUMNS})
SELECT %(run)s, {", ".join(f"r.{column}" for column in RAW)}, {_COMES_TO}
FROM import_raw r JOIN import_facts f ON f.key = r.line ORDER BY r.line
"""
_CORRECT = f"""
UPDATE catalog_import_stagedrow s
SET ({_COLUMNS}) = (n.outcome, n.net_price, n.units_in_stock, n.product_id, n.listing_id, n.changes)
FROM (SELECT f.key, {_COMES_TO} FROM import_facts f) n
WHERE s.run_id = %(run)s AND s.line = n.key AND (s.outcome, s.changes, s.units_in_stock)
    IS DISTINCT FROM (n.outcome, n.changes, n.units_in_stock)
"""
