import re

import pytest

from search.corrections import corrected, is_one_letter_away, words_to_check
from search.words import (
    LEFT_OUT,
    UNIT_NAMES,
    UNIT_OF,
    code_forms,
    compact,
    meanings,
    prepared,
    question,
    stem,
    stems_of,
    synonym_lines,
    synonyms,
    words_of,
)


@pytest.mark.parametrize(
    "forms",
    [
        "caja cajas", "resma resmas", "papel papeles", "guante guantes", "lapiz lapices", "luz luces", "dulce dulces",
        "color colores", "certificacion certificaciones", "blanco blanca blancos blancas", "quirurgico quirurgicas",
        "interes intereses", "pie pies", "gas gases", "toner toners toneres", "mes meses", "sobre sobres", "menu menus",
        "llave llaves", "base bases",
    ],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["gas gasa", "mes mesa", "papel papelera", "sal sala", "a4 a3", "cal cable"])
def test_other_words_have_another_stem(pair):
    one, other = pair.split()
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("75 g", "75g"), ("500 ML", "500ML"), ("5 m²", "5m2"), ("75 g/m²", "75g/m2"), ("Nº 3", "3"), ("N.º 15", "15"),
        ("n° 7", "7"), ("100 μg", "100ug"), ("2 gatos", "2 gatos"),
        ("75 gramos", "75gramos"), ("1 galón", "1galón"), ("5 Centimetros", "5Centimetros"), ("10 × 10 cm", "10 x 10cm"),
        ("pan\u0303al", "pañal"),
    ],
)  # fmt: skip
def test_prepared(text, plain):
    assert prepared(text) == plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("500mg", "500 mg"), ("75g/m2", "75 g m2"), ("A4", "a4"), ("CF-258A", "cf 258 a"), ("30x36", "30 x 36"), ("R16", "r16"),
        ("2x4x6cm", "2 x 4 x 6 cm"), ("xl", "xl"), ("15,6pulg", "15 6 pulg"),
    ],
)  # fmt: skip
def test_a_number_ends_a_word(text, words):
    assert words_of(text) == words.split()


@pytest.mark.parametrize(
    ("names", "one"),
    [
        ("g gr gramo gramos", "g"), ("mg miligramo miligramos", "mg"), ("ml cc mililitros", "ml"), ("l lt litro litros", "l"),
        ("kg kilo kilos kilogramos", "kg"), ("gb giga gigas", "gb"), ("cm centimetros", "cm"), ("mm milimetros", "mm"),
        ("m metro metros", "m"), ("gal galon galones", "gal"), ("in pulg pulgadas", "in"),
    ],
)  # fmt: skip
def test_a_unit_has_one_name(names, one):
    assert {stem(name) for name in names.split()} == {one}


def test_no_unit_takes_the_name_of_another():
    assert not UNIT_OF.keys() & UNIT_NAMES.keys()
    assert len(UNIT_OF) == sum(len(names.split()) for names in UNIT_NAMES.values())


@pytest.mark.parametrize(
    ("piece", "forms"), [("000227", ("227", "000227")), ("FN-000227-7", ("fn0002277",)), ("12", ("12",)), ("0", ("", "0"))]
)
def test_as_which_codes_a_piece_may_be_meant(piece, forms):
    assert code_forms(piece) == forms


@pytest.mark.parametrize(
    ("code", "plain"), [("RZ-00012", "rz00012"), ("07861234567895", "7861234567895"), ("FN-000123-4", "fn0001234"), ("000", "")]
)
def test_compact(code, plain):
    assert compact(code) == plain


def test_a_question_tells_words_from_codes():
    asked = question("Resma de papel 75 g RZ-0012")
    assert (asked.text, asked.pieces) == ("Resma de papel", ("75g", "RZ-0012"))
    assert asked.asked_words == ["resma", "papel"]
    assert question("rz 0012").whole_code == "rz0012"
    assert question("CM-DEMO").whole_code == "cmdemo"
    assert question("cm demo").whole_code == question("RZ-0012").whole_code == ""
    assert question("de la").is_empty and question(" ¿? ").is_empty and not question("a").is_empty


@pytest.mark.feature("SE-1")
@pytest.mark.parametrize("line", synonym_lines())
def test_each_synonym_finds_what_the_others_find(line):
    names = [tuple(stems_of(name)) for name in line.split(",")]
    assert len(set(names)) == len(names) > 1
    for name in names:
        assert set(names) <= synonyms()[name]


def test_synonyms_hold_no_word_that_is_left_out():
    assert not {word for line in synonym_lines() for word in words_of(line)} & LEFT_OUT
    assert not [line for line in synonym_lines() if re.search(r"\d", line)]


def test_the_longest_name_counts():
    assert meanings(["disco", "duro", "azul"]) == [{("disco", "duro"), ("hdd",)}, {("azul",)}]
    assert meanings(["disco", "azul"]) == [{("disco",)}, {("azul",)}]
    assert meanings([]) == []


@pytest.mark.parametrize(
    ("word", "other", "is_one"),
    [
        ("rezma", "resma", True), ("resma", "resmas", True), ("resma", "esma", True), ("ersma", "resma", True),
        ("resma", "resma", False), ("resam", "resma", True), ("rezmo", "resma", False), ("abcd", "badc", False),
        ("ab", "ba", True), ("a", "abc", False), ("salbutamol", "salvutamol", True), ("abcdef", "abcfed", False),
        ("aab", "aba", True), ("higiene", "igiene", True),
    ],
)  # fmt: skip
def test_one_letter_away(word, other, is_one):
    assert is_one_letter_away(word, other) is is_one
    assert is_one_letter_away(other, word) is is_one


def test_corrects_word_by_word_the_most_usual_first():
    similar = {"rezma": {"resma": 9, "rema": 9, "rezna": 12}, "asul": {"azul": 3}}
    assert list(corrected("Rezma A-4 ASUL Xerox", similar)) == [
        "rezna A-4 azul Xerox", "rema A-4 azul Xerox", "resma A-4 azul Xerox",
    ]  # fmt: skip
    assert list(corrected("rezma asul", {"rezma": {"resma": 1}, "asul": {}})) == []
    assert list(corrected("resma", {})) == []


def test_short_words_and_codes_are_not_checked():
    assert words_to_check("gas de 75g RZ-0012 rezma") == ["rezma"]
