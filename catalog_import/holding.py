"""Holding still what an import or a decision judges, until its transaction ends.

The order is the same everywhere, so that no two wait for each other: suppliers, sheets, terms, listings, stock.
"""

from collections.abc import Iterable

from marketplace.kernel.sets import fetch

from .facts import World

IMPORTING = 7_310_003  # the advisory lock of one supplier's imports and decisions


def suppliers_hold(supplier_ids: Iterable[int]) -> None:
    """One import or decision about a supplier at a time."""
    for supplier_id in sorted(set(supplier_ids)):
        fetch("SELECT pg_advisory_xact_lock(%s, %s)", [IMPORTING, supplier_id % 2**31])


def terms_hold(world: World) -> None:
    """Nobody suspends the supplier, its lots or adjudications, or the agreement meanwhile; orders go on beside."""
    for statement in _HOLD:
        fetch(statement, {"supplier": world.supplier_id, "agreement": world.agreement_id})


_HOLD = (
    "SELECT id FROM registry_supplier WHERE id = %(supplier)s FOR SHARE",
    "SELECT id FROM framework_agreements_frameworkagreement WHERE id = %(agreement)s FOR SHARE",
    "SELECT id FROM framework_agreements_agreementlot WHERE agreement_id = %(agreement)s ORDER BY id FOR SHARE",
    """
    SELECT a.id FROM framework_agreements_adjudication a JOIN framework_agreements_agreementlot l ON l.id = a.lot_id
    WHERE l.agreement_id = %(agreement)s AND a.supplier_id = %(supplier)s ORDER BY a.id FOR SHARE OF a
    """,
)
