"""Querysets whose SQL is written once, for reads on every page: Django takes longer to write some than PostgreSQL to answer.

best = Prepared(lambda: Listing.objects.on_sale(Given("on", DateField())).values_list("pk", "price"))
best.rows(on=localdate())
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Expression, Field, Func, QuerySet

from .sets import fetch


class _Place(NamedTuple):
    """Where a value goes among the parameters."""

    name: str


class Given(Expression):
    """A value that a `Prepared` is asked with. `output_field`: its type; a list of keys is given to an `ArrayField`."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[_Place]]:
        return f"%s::{self.output_field.db_type(connection)}", [_Place(self.name)]


class IsAnyOf(Func):
    """Whether a column is one of a list, however long: the SQL stays the same. `IsAnyOf("product", Given(…))`."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


class Prepared:
    """A query that is written when it is first asked. `make`: answers a `values_list` with each value as `Given`."""

    def __init__(self, make: Callable[[], QuerySet]) -> None:
        self._make = make

    def rows(self, **values: Any) -> list[tuple]:
        """The answer for these values, as the database gives it: no converter of a model field is asked."""
        sql, params = self._written
        return fetch(sql, [values[each.name] if isinstance(each, _Place) else each for each in params])

    @cached_property
    def _written(self) -> tuple[str, tuple]:
        return self._make().query.get_compiler(connection=connection).as_sql()
