"""Querysets whose SQL is written once, for reads on every page: Django takes longer to write some than PostgreSQL to answer.

best = Prepared(lambda: Listing.objects.on_sale(Given("on", DateField())).values_list("pk", "price"))
best.rows(on=localdate())
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, Field, Func, QuerySet
from django.db.models.query import get_related_populators
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
        return list(self._written.models_of(self.rows(**values)))

    @cached_property
    def _written(self) -> "_Written":
        """Two threads that ask at first write it twice, each with a compiler of its own."""
        compiler = self._make().query.get_compiler(connection=connection)
        return _Written(compiler, *compiler.as_sql())


class _Written:
    """The statement, and which column is which field of which model: what `ModelIterable` works out at each query, once."""

    def __init__(self, compiler: SQLCompiler, sql: str, params: Sequence[Any]) -> None:
        self.sql, self._compiler, self._params = sql, compiler, params

    def filled(self, values: dict[str, Any]) -> list[Any]:
        return [values[each.name] if isinstance(each, _Place) else each for each in self._params]

    def models_of(self, rows: Iterable[tuple]) -> Iterator[Any]:
        model, names, own, related, annotated, converters = self._reading
        for row in self._compiler.apply_converters(rows, converters) if converters else rows:
            found = model.from_db(DEFAULT_DB_ALIAS, names, row[own])
            for each in related:
                each.populate(row, found)
            for name, place in annotated:
                setattr(found, name, row[place])
            yield found

    @cached_property
    def _reading(self) -> tuple[Any, list[str], slice, list, list[tuple[str, int]], dict]:
        select, known = self._compiler.select, self._compiler.klass_info
        own = slice(known["select_fields"][0], known["select_fields"][-1] + 1)
        names = [column.target.attname for column, *_ in select[own]]
        related = get_related_populators(known, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs of a later Django
        converters = self._compiler.get_converters([column for column, *_ in select])
        return known["model"], names, own, related, list(self._compiler.annotation_col_map.items()), converters
