"""Of a limit, what there is in all is recorded; what is taken of it has its ledger."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from marketplace.kernel.acting import acting
from marketplace.kernel.history.models import RowVersion
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.limits.services import Taking, set_limit, take


@pytest.fixture
def limit(limit_factory) -> Limit:
    return limit_factory(limit=100)


def versions_of(limit) -> list[tuple[str, str]]:
    found = RowVersion.objects.filter(table_name="limits_limit", row_key=str(limit.pk)).order_by("pk")
    return [(version.operation, version.reason) for version in found]


def test_a_new_limit_is_recorded(limit):
    assert versions_of(limit) == [("I", "test")]


def test_a_change_of_the_limit_keeps_what_it_was_and_why(limit):
    with acting(reason="ampliación"):
        set_limit(limit, 150)

    assert versions_of(limit)[1:] == [("O", "ampliación"), ("U", "ampliación")]
    assert Decimal(str(RowVersion.objects.get(operation="O", row_key=str(limit.pk), table_name="limits_limit").old["limit"])) == 100


def test_raw_statements_are_recorded_too(limit):
    with connection.cursor() as cursor:
        cursor.execute('UPDATE limits_limit SET "limit" = "limit" + 1')
        cursor.execute("DELETE FROM limits_limit WHERE id = %s", [limit.pk])

    assert [operation for operation, _ in versions_of(limit)] == ["I", "O", "U", "D"]


def test_taking_leaves_the_history_as_it_is(limit, entity_factory):
    cause = entity_factory()
    before = RowVersion.objects.count()

    take([Taking(limit.pk, 3, cause)])

    assert RowVersion.objects.count() == before


def test_the_digest_of_the_live_row_fits_after_taking(limit, entity_factory):
    set_limit(limit, 150)
    take([Taking(limit.pk, 3, entity_factory())])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sha256(convert_to((to_jsonb(l) - 'taken')::text, 'UTF8')) FROM limits_limit l WHERE id = %s", [limit.pk]
        )
        live = bytes(cursor.fetchone()[0])
    assert bytes(RowVersion.objects.filter(table_name="limits_limit", operation="U").latest("pk").digest) == live


def test_nobody_acting_cannot_change_a_limit(limit):
    with pytest.raises(ProgrammingError, match="Nobody is acting"), transaction.atomic(), acting(reason=""):
        set_limit(limit, 150)
