"""Lists find whatever the accents and capitals, sort as a Spanish dictionary does, and answer nonsense like nothing asked."""

import re

import pytest
from django.urls import reverse

from marketplace.kernel.screens.lists import ListScreen
from tests.access.test_matrix import our_views
from tests.answers import SIGN_IN

NAMES = ["Zapata", "Óptica", "Acero", "Ñandú", "Nuez"]


@pytest.fixture
def officer_at(client, officer):
    client.force_login(officer.user, backend=SIGN_IN)
    return client


def names_on(page) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', page.content.decode())


@pytest.mark.parametrize(("query", "expected"), [
    ("", ["Acero", "Nuez", "Ñandú", "Óptica", "Zapata"]), ("?orden=-name", ["Zapata", "Óptica", "Ñandú", "Nuez", "Acero"]),
])  # fmt: skip
def test_names_stand_in_the_order_of_a_spanish_dictionary(officer_at, supplier_factory, query, expected):
    for name in NAMES:
        supplier_factory(name=name)

    assert names_on(officer_at.get(reverse("registry:suppliers") + query)) == expected


@pytest.mark.parametrize("words", ["nandu", "ÑANDÚ", "ñan", "nandu andino", "s.a. ñandu"])
def test_finds_whatever_the_accents_and_capitals(officer_at, supplier_factory, words):
    supplier_factory(name="Ñandú Andino S.A.")
    supplier_factory(name="Acero")

    assert names_on(officer_at.get(reverse("registry:suppliers"), {"q": words})) == ["Ñandú Andino S.A."]


@pytest.mark.parametrize("query", [{"q": "\0"}, {"q": "a\0b"}, {"q": "¡!"}, {"orden": "\0"}, {"pagina": "\0"}, {"formato": "\0"}])
def test_nonsense_in_the_address_is_no_error(officer_at, supplier_factory, query):
    supplier_factory(name="Acero")

    page = officer_at.get(reverse("registry:suppliers"), query)

    assert page.status_code in (200, 404)


def test_a_file_of_rows_that_one_may_not_see_is_missing(officer_at, db):
    unknown = "0190a000-0000-7000-8000-000000000000"

    assert officer_at.get(reverse("framework_agreements:adjudication", args=[unknown]) + "?formato=csv").status_code == 404


def test_no_list_sorts_a_name_by_the_databases_collation():
    sorts = {
        (name, column.sort)
        for name, view in our_views().items()
        if issubclass(view, ListScreen)
        for column in view.columns
        if isinstance(column.sort, str) and column.sort.endswith(("name", "title", "need"))
    }
    assert sorts == set()
