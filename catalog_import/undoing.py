"""An applied import is taken back, row by row, unless something has used the row since: that is kept, and said."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from marketplace.kernel.errors import Broken, RuleBroken, refuse
from marketplace.kernel.events import record
from marketplace.kernel.sets import execute, fetch, passing_table
from marketplace.registry.models import Membership
from marketplace.shop.partner.bulk import TERMS, listings_hold, listings_restore
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.services import partner_of

from .holding import suppliers_hold
from .models import ImportRun, Outcome, Proposal
from .progress import Progress, telling
from .services import acting_for, reasons_not_now, run_held

MOST_SHOWN = 100
MOST_AT_ONCE = 2_000  # rows that are taken back while the person waits; more go to the background
Status = ImportRun.Status


@dataclass(frozen=True)
class Kept:
    """A row that is not taken back. `code`: why."""

    line: int
    sku: str
    name: str
    code: str

    @property
    def sentence(self) -> str:
        return Broken(self.code).sentence


@dataclass(frozen=True)
class UndoPlan:
    """What undoing a run would do now: offers set back, offers taken off sale, proposals taken back; and what it would keep."""

    restored: int
    withdrawn: int
    proposals: int
    kept: int
    shown: list[Kept]

    @property
    def undone(self) -> int:
        return self.restored + self.withdrawn + self.proposals


def undo_plan(run: ImportRun) -> UndoPlan:
    counts: Counter[str] = Counter()
    for outcome, is_kept, count in fetch(_COUNTED, _params(run)):
        counts["kept" if is_kept else outcome] += count
    kept = [Kept(*row) for row in fetch(_SHOWN, _params(run))]
    return UndoPlan(counts[Outcome.CHANGED], counts[Outcome.ADDED], counts[Outcome.PROPOSED], counts["kept"], kept)


@transaction.atomic
def run_undo_ask(*, run_id: int, actor: Membership, at: datetime) -> ImportRun:
    """Take a run back: at once, or in the background when it wrote many rows (`undoing`). Raises RuleBroken as `run_undo`."""
    run = run_held(run_id)
    if run.writes <= MOST_AT_ONCE or run.status != Status.APPLIED:
        return run_undo(run_id=run_id, actor=actor, at=at)
    refuse(reasons_not_now(run, at))
    run.undone_by, run.failure = actor, None
    run.move_to(Status.UNDOING, at=at, also=("undone_by", "failure"))
    record("import.undo_asked", run, actor=actor, at=at)
    return run


@transaction.atomic
def run_undo_give_up(*, run_id: int, refusal: RuleBroken, at: datetime) -> ImportRun:
    """A run that could not be taken back stays applied, and says why; one that is not being undone stays as it is."""
    run = run_held(run_id)
    if run.status != Status.UNDOING:
        return run
    reason = refusal.broken[0]
    run.failure, run.undone_by = {"code": reason.code, "values": reason.values}, None
    run.move_to(Status.APPLIED, at=at, also=("failure", "undone_by"))
    record("import.undo_failed", run, at=at, code=reason.code)
    return run


@transaction.atomic
def run_undo(*, run_id: int, actor: Membership, at: datetime) -> ImportRun:
    """Set back what an applied run changed, take off sale what it added, take back its proposals that are open.

    The rule that a price only falls is for new offers: what was a slip is as before, and the record keeps both. Rows that an
    order, a later change or an officer has used since are kept and say why. Raises RuleBroken (``illegal_move``,
    ``undo_nothing``, and as `run_create`), and then nothing is taken back.
    """
    run = run_held(run_id)
    suppliers_hold([run.supplier_id])
    refuse(reasons_not_now(run, at))
    if not run.can_move_to(Status.UNDONE):
        refuse([Broken("illegal_move", status=run.get_status_display())])
    with acting_for(actor), telling(run.pk) as progress:
        _undo(run, actor, at, progress)
    return run


def _undo(run: ImportRun, actor: Membership, at: datetime, progress: Progress) -> None:
    progress.reach("looking-back")
    _hold(run)
    passing_table("undo_rows", _ROWS, _params(run), key="line")
    progress.reach("restoring")
    restored = listings_restore(_FORMER, partner=partner_of(run.supplier), at=at, actor=actor)
    run.undone = restored + execute(_TAKE_BACK, {"actor": actor.pk, "at": at})
    if not run.undone:
        refuse([Broken("undo_nothing")])
    run.kept = execute(_KEEP, {"run": run.pk})
    run.undone_by, run.failure = actor, None
    run.move_to(Status.UNDONE, at=at, also=("undone", "kept", "undone_by", "failure"))
    record("import.undone", run, actor=actor, at=at, undone=run.undone, kept=run.kept)


def _hold(run: ImportRun) -> None:
    """Nobody orders or changes the listings while they are judged."""
    listings_hold("SELECT listing_id FROM catalog_import_stagedrow WHERE run_id = %(run)s", {"run": run.pk})


def _params(run: ImportRun) -> dict:
    return {"run": run.pk, "applied": run.applied_at}


def _former(term: str, kind: str) -> str:
    """SQL: what a term was before the run; as it is now where the run did not change it."""
    return f"coalesce((r.changes->'{term}'->>0)::{kind}, s.{term}) AS {term}"


KINDS = {
    "price": "numeric", "minimum_quantity": "integer", "lead_time_days": "integer", "warranty_months": "integer",
}  # fmt: skip
_STOCK_NOW = 'l."limit" - l.taken'
_ROWS = f"""
SELECT r.line, r.outcome, r.sku, r.name, s.id AS listing_id, NULL::bigint AS proposal_id,
    {", ".join(_former(term, KINDS.get(term, "text")) for term in TERMS)},
    CASE r.outcome WHEN '{Outcome.ADDED}' THEN {_STOCK_NOW} ELSE coalesce((r.changes->'stock'->>0)::numeric, {_STOCK_NOW}) END
        AS stock,
    CASE r.outcome WHEN '{Outcome.ADDED}' THEN '{StockRecord.Status.WITHDRAWN}' ELSE coalesce(r.changes->'status'->>0, s.status) END
        AS status,
    CASE
        WHEN EXISTS (SELECT FROM limits_limitentry e WHERE e.limit_id = s.stock_id AND e.at >= %(applied)s) THEN 'undo_ordered'
        WHEN s.date_updated <> %(applied)s OR s.status <> '{StockRecord.Status.PUBLISHED}'
            OR {_STOCK_NOW} <> r.units_in_stock THEN 'undo_changed_since'
        WHEN (r.changes->'price'->>0)::numeric / s.pack_factor > i.ceiling_price THEN 'undo_over_ceiling'
        ELSE '' END AS reason
FROM catalog_import_stagedrow r
JOIN partner_stockrecord s ON s.id = r.listing_id
JOIN limits_limit l ON l.id = s.stock_id
JOIN framework_agreements_adjudicateditem i ON i.id = s.adjudicated_item_id
WHERE r.run_id = %(run)s AND r.outcome IN ('{Outcome.ADDED}', '{Outcome.CHANGED}')
UNION ALL
SELECT p.line, '{Outcome.PROPOSED}', p.sku, p.name, NULL, p.id, {", ".join(f"NULL::{KINDS.get(term, 'text')}" for term in TERMS)},
    NULL, NULL, CASE WHEN d.id IS NULL THEN '' ELSE 'undo_accepted' END
FROM catalog_import_proposal p LEFT JOIN catalog_import_proposaldecision d ON d.proposal_id = p.id
WHERE p.run_id = %(run)s AND (d.id IS NULL OR d.status = '{Proposal.Status.ACCEPTED}')
"""
_COUNTED = f"SELECT outcome, reason <> '', count(*) FROM ({_ROWS}) r GROUP BY 1, 2"
_SHOWN = f"SELECT line, sku, name, reason FROM ({_ROWS}) r WHERE reason <> '' ORDER BY line LIMIT {MOST_SHOWN}"
_FORMER = "(SELECT * FROM undo_rows WHERE listing_id IS NOT NULL AND reason = '')"
_TAKE_BACK = f"""
INSERT INTO catalog_import_proposaldecision (proposal_id, status, decided_by_id, reason, at)
SELECT proposal_id, '{Proposal.Status.WITHDRAWN}', %(actor)s, '', %(at)s
FROM undo_rows WHERE proposal_id IS NOT NULL AND reason = '' ORDER BY proposal_id
"""
_KEEP = """
UPDATE catalog_import_stagedrow r SET kept_because = u.reason FROM undo_rows u
WHERE r.run_id = %(run)s AND r.line = u.line AND u.reason <> ''
"""
