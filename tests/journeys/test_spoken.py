"""The English of a Spanish sentence is found whatever was filled in, and what nobody says is no sentence."""

import pytest

from .spoken import in_english


@pytest.mark.parametrize(("spanish", "english"), [
    ("Enviar a aprobación", "Send to approval"),
    ("Cantidad de Resma A4", "Quantity of Resma A4"),
    ("AER-1 queda registrada: falta 1 unidad de OC-2.", "AER-1 is recorded: 1 unit of OC-2 is still owed."),
])  # fmt: skip
def test_the_same_in_english(spanish, english):
    assert in_english(spanish).fullmatch(english)


def test_what_nobody_says():
    with pytest.raises(LookupError):
        in_english("Operación realizada exitosamente.")
