import pytest
from django.db import connection

from marketplace.kernel.text import FOLD_SQL, fold, sort_key

WORDS = ["Pañal  Niño", "ÁCIDO tranexámico 500 mg", "Jeringuilla (5 ml)", "Lápiz No. 2", "  Cigüeña ", "100 %", "", "Ñandú"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Pañal  Niño", "panal nino"), ("ÁCIDO", "acido"), ("Jeringuilla (5 ml)", "jeringuilla 5 ml"), ("¡!", "")],
)
def test_folds(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("text", WORDS)
def test_sql_folds_as_python_does(db, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {FOLD_SQL.format(column='%s::text')}", [text])
        assert cursor.fetchone() == (fold(text),)


def test_sorts_as_a_spanish_dictionary():
    words = ["ñame", "nuez", "oca", "naranja", "Árbol", "nylon", "arco"]

    assert sorted(words, key=sort_key) == ["Árbol", "arco", "naranja", "nuez", "nylon", "ñame", "oca"]
