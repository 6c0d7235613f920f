"""A query that is written once answers as the same query written each time."""

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DecimalField

from marketplace.kernel.limits.models import Limit
from marketplace.kernel.prepared import Given, IsAnyOf, Prepared


@pytest.fixture
def made(limit_factory) -> list[Limit]:
    return [limit_factory(limit=number) for number in (5, 10, 15, 20)]


@pytest.fixture
def above() -> Prepared:
    """Those of a list that are above something, by key."""

    def make():
        wanted = IsAnyOf("pk", Given("keys", ArrayField(BigIntegerField())))
        floor = Given("floor", DecimalField(max_digits=18, decimal_places=2))
        return Limit.objects.filter(wanted, limit__gt=floor, taken=0).order_by("pk").values_list("pk", "limit")

    return Prepared(make)


@pytest.mark.parametrize("floor", [0, 9, 15, 99])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_it_answers_each_time_for_what_is_given(db, made, above, floor, count):
    above.rows(keys=[each.pk for each in made], floor=0)
    keys = [each.pk for each in made[:count]]

    expected = Limit.objects.filter(pk__in=keys, limit__gt=floor).order_by("pk").values_list("pk", "limit")
    assert above.rows(keys=keys, floor=floor) == list(expected)


def test_a_value_that_is_forgotten_is_an_error(db, above):
    with pytest.raises(KeyError, match="floor"):
        above.rows(keys=[])
