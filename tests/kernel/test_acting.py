import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.kernel.acting import acting, now_acting
from marketplace.kernel.limits.models import Limit
from marketplace.kernel.limits.services import Taking, take


def test_an_error_of_the_database_comes_out_as_it_is(entity_factory):
    """Leaving the block in a transaction that is broken stamps nothing into it."""
    entity = entity_factory()

    with pytest.raises(IntegrityError), transaction.atomic(), acting(reason="inner"):
        entity_factory(ruc=entity.ruc)

    assert now_acting().reason == "test"


def test_whoever_acted_before_acts_again_after_a_broken_transaction(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        with connection.cursor() as cursor, pytest.raises(IntegrityError):
            cursor.execute('INSERT INTO limits_limit ("limit", taken) VALUES (1, 2)')
        with acting(reason="inner"):
            pass
        assert now_acting().reason == "test"
        raise IntegrityError


def test_a_limit_that_does_not_exist_takes_nothing_of_the_others(limit_factory, entity_factory):
    limit, cause = limit_factory(limit=10), entity_factory()

    with pytest.raises(Limit.DoesNotExist):
        take([Taking(limit.pk, 1, cause), Taking(limit.pk + 1000, 1, cause)])

    limit.refresh_from_db()
    assert limit.taken == 0
