"""Querysets whose SQL is written once, for reads on every page: Django takes longer to write some than PostgreSQL to answer.

best = Prepared(lambda: Listing.objects.on_sale(Given("on", DateField())).values_list("pk", "price"))
best.rows(on=localdate())
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, Field, Func, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

from .sets import fetch


class _Place(NamedTuple):
    """Where a value goes among the parameters."""

    name: str


class Given(Expression):
    """A value that a `Prepared` is asked with. `output_field`: its type; a list of keys is given to an `ArrayField`."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return f"%s::{self.output_field.db_type(connection)}", [_Place(self.name)]


class IsAnyOf(Func):
    """Whether a column is one of a list, however long: the SQL stays the same. `IsAnyOf("product", Given(…))`."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


class Prepared:
    """A query that is written when it is first asked. `make`: answers it with each value that changes as `Given`."""

    def __init__(self, make: Callable[[], QuerySet]) -> None:
        self._make = make

    def rows(self, **values: Any) -> list[tuple]:
        """The answer for these values, as the database gives it: no converter of a model field is asked."""
        return fetch(self._written.sql, self._written.filled(values))

    def models(self, **values: Any) -> list[Any]:
        """The answer for these values as models, when the query is not a `values_list`."""
        statement = self._written.sql, self._written.filled(values)
        compiler = copy(self._written.compiler)
        vars(compiler).update(connection=connection, as_sql=lambda: statement)
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        asked: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return list(ModelIterable(asked))

    @cached_property
    def _written(self) -> "_Written":
        """Two threads that ask at first write it twice, each with a compiler of its own."""
        compiler = self._make().query.get_compiler(connection=connection)
        return _Written(compiler, *compiler.as_sql())


class _Written(NamedTuple):
    """The statement, and the compiler that knows which column is which field of which model."""

    compiler: SQLCompiler
    sql: str
    params: Sequence[Any]

    def filled(self, values: dict[str, Any]) -> list[Any]:
        return [values[each.name] if isinstance(each, _Place) else each for each in self.params]
