"""Judges whole sets: a boolean pass over all rows, then only those that fail are looked at rule by rule."""

import json
from collections import defaultdict

from marketplace.kernel.errors import Broken
from marketplace.kernel.sets import execute, fetch, passing_table

from .columns import updates
from .facts import FACTS, OFFERED, PROPOSED, SKUS_OF_FILE, SKUS_PROPOSED, World, updated
from .models import ImportRun, Outcome
from .models.staging import ExactDecoder
from .rules import OFFER_RULES, Rule, rules_of_file
from .sentences import broken_rule

# what the price rules of `shop.partner` call the standing listing and its item
STANDING = """
CROSS JOIN LATERAL (SELECT f.listing_price AS price) AS standing
CROSS JOIN LATERAL (SELECT f.ceiling_price AS ceiling_price) AS item
"""
FILE = f"JOIN import_raw r ON r.line = f.key {STANDING}"


def judge_file(run: ImportRun, world: World) -> None:
    """Judge the rows of the table `import_raw`.

    Leaves the table `import_facts`: their facts, `is_refused` and `outcome`. Writes the issues of the refused ones.
    """
    params, rules = world.params_of_file(run), rules_of_file(run.header)
    offers = updated(run.header) if updates(run.header) else OFFERED
    passing_table(
        "import_facts",
        _judged(FACTS.format(offers=offers, skus=SKUS_OF_FILE), FILE, rules),
        params,
        joined_by="key, sku, outcome",
        key="key",
    )
    execute("DELETE FROM catalog_import_rowissue WHERE run_id = %s", [run.pk])
    issues = _ISSUES.format(file=FILE, rules=_expanded(rules, has_cells=True), cell_count=CELL_COUNT)
    execute(issues, params | {"run": run.pk})


def judge_proposals(world: World, proposals: list[int]) -> None:
    """Judge open proposals against what stands now. Leaves the table `proposal_facts`, as `judge_file`."""
    params = world.params() | {"proposals": proposals}
    passing_table(
        "proposal_facts",
        _judged(FACTS.format(offers=PROPOSED, skus=SKUS_PROPOSED), STANDING, OFFER_RULES),
        params,
        joined_by="key, sku, product_id",
    )


def reasons_not_acceptable() -> dict[int, list[Broken]]:
    """Of the refused rows of `proposal_facts`: proposal → why."""
    found = defaultdict(list)
    for key, code, values in fetch(_REASONS):
        found[key].append(broken_rule(code, json.loads(values, cls=ExactDecoder)))
    return dict(found)


def _judged(facts: str, beside: str, rules: list[Rule]) -> str:
    any_broken = "\n    OR ".join(f"({rule.broken})" for rule in rules)
    return f"""
    SELECT j.*, {_OUTCOME} AS outcome
    FROM (SELECT f.*, ({any_broken}) IS TRUE AS is_refused FROM ({facts}) f {beside}) j
    """


_OUTCOME = f"""CASE
    WHEN j.is_refused THEN '{Outcome.REFUSED}'
    WHEN j.item_id IS NULL THEN '{Outcome.PROPOSED}'
    WHEN j.listing_id IS NULL THEN '{Outcome.ADDED}'
    WHEN j.is_different THEN '{Outcome.CHANGED}'
    ELSE '{Outcome.UNCHANGED}' END"""


def _expanded(rules: list[Rule], has_cells: bool) -> str:
    """Rules as rows: place in the order, code, column, the cell, the values of the sentence, whether it is broken."""
    return ",\n    ".join(
        f"({place}, '{rule.code}', '{rule.column}', {_cell(rule, has_cells)}, {_json(rule.values)}, ({rule.broken}))"
        for place, rule in enumerate(rules)
    )


def _cell(rule: Rule, has_cells: bool) -> str:
    return f"r.{rule.column}" if has_cells and rule.column else "''"


def _json(values: dict[str, str]) -> str:
    pairs = ", ".join(f"'{name}', {value}" for name, value in values.items())
    return f"jsonb_build_object({pairs})"


CELL_COUNT = 0  # the place of the first rule: a row that breaks it is judged by no other
_ISSUES = """
INSERT INTO catalog_import_rowissue (run_id, line, "column", code, value, "values")
SELECT %(run)s, f.key, rule.field, rule.code, left(rule.cell, 200), rule.details
FROM import_facts f {file}
CROSS JOIN LATERAL (VALUES
    {rules}
) AS rule (place, code, field, cell, details, is_broken)
WHERE f.is_refused AND rule.is_broken AND (rule.place = {cell_count} OR f.cell_count = %(width)s)
ORDER BY f.key, rule.place
"""
_REASONS = f"""
SELECT f.key, rule.code, rule.details
FROM proposal_facts f {STANDING}
CROSS JOIN LATERAL (VALUES
    {_expanded(OFFER_RULES, has_cells=False)}
) AS rule (place, code, field, cell, details, is_broken)
WHERE f.is_refused AND rule.is_broken
ORDER BY f.key, rule.place
"""
