from collections.abc import Iterator

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.kernel.sets import copy_rows, execute, fetch, in_thousands, next_id, passing_table, receiving_table

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
MARKS = st.sampled_from(["\\", "\t", "\n", "\r", "\\.", "\\N", "\\t", "", " ", "a\tb", "\\\n"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.one_of(TEXT, MARKS), st.one_of(TEXT, MARKS)), max_size=8))
def test_every_text_comes_back_as_it_went(db, rows):
    receiving_table("copied", {"n": "integer", "a": "text", "b": "text"}, numbered(rows), joined_by="n")

    assert fetch("SELECT a, b FROM copied ORDER BY n") == rows


def numbered(rows) -> Iterator[tuple[str, str, str]]:
    return ((str(number), *row) for number, row in enumerate(rows))


@pytest.mark.budget("P11")
def test_rows_are_drawn_as_they_are_sent(db):
    """A long generator is never a list: what is ahead of the database is one piece."""
    drawn = []

    class Watched:
        def __iter__(self):
            for number in range(20_000):
                drawn.append(number)
                yield [str(number), "x" * 100]

    receiving_table("copied", {"n": "integer", "a": "text"}, [], joined_by="n")
    first_piece = []
    rows = iter(Watched())
    copy_rows("copied", ["n", "a"], watched(rows, drawn, first_piece))

    assert fetch("SELECT count(*), max(n) FROM copied") == [(20_000, 19_999)]
    assert max(first_piece) < 2


def watched(rows, drawn, ahead):
    for number, row in enumerate(rows):
        ahead.append(len(drawn) - number)
        yield row


def test_a_passing_table_is_gone_with_its_transaction(own_database):
    with transaction.atomic():
        passing_table("passing", "SELECT 1 AS a")
        passing_table("passing", "SELECT %(a)s AS a", {"a": 2})
        assert fetch("SELECT a FROM passing") == [(2,)]

    assert "passing" not in connection.introspection.table_names()
    assert fetch("SELECT to_regclass('passing')") == [(None,)]


def test_a_fresh_key_is_never_given_twice(entity_factory):
    ((first,),) = fetch(f"SELECT {next_id('registry_entity')}")
    assert entity_factory().pk == first + 1


def test_counts_what_it_wrote(entity_factory):
    entity_factory.create_batch(3)
    assert execute("UPDATE registry_entity SET name = %s", ["Otra"]) == 3


def test_portions():
    assert list(in_thousands(list(range(5)), size=2)) == [[0, 1], [2, 3], [4]]
    assert list(in_thousands([])) == []


def test_what_the_driver_refuses_is_an_error_of_djangos(db):
    """So that whoever catches a full disk or a lost connection catches it here as well."""
    with pytest.raises(ProgrammingError), transaction.atomic():
        copy_rows("no_such_table", ["a"], [("1",)])
