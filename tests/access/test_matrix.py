"""Every page of ours × every role: who may, who may not, who is a stranger (O7, AU-1, AU-2)."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from marketplace.kernel.screens.views import PUBLIC, SIGNED, ScreenMixin
from tests.answers import SIGN_IN

from .matrix import EVERYBODY, MATRIX, Page
from .world import ANONYMOUS, OTHER, World

ROLES = [ANONYMOUS, *sorted(EVERYBODY)]


def our_views() -> dict[str, type[ScreenMixin]]:
    """Every view of ours, by the name under which pages link to it."""
    found = {}

    def walk(patterns, namespace: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, pattern.namespace or namespace)
            elif isinstance(pattern, URLPattern):
                view = getattr(pattern.callback, "view_class", None)
                if view is not None and issubclass(view, ScreenMixin):
                    found[f"{namespace}:{pattern.name}"] = view

    walk(get_resolver().url_patterns, "")
    return found


def test_every_view_of_ours_is_in_the_matrix():
    assert set(our_views()) == set(MATRIX)


def test_every_page_of_our_rooms_is_a_screen():
    """So that a plain view cannot pass the matrix by."""
    ours = ("marketplace.", "framework_agreements.", "catalog_import.", "search.", "cms.")
    views = {getattr(pattern.callback, "view_class", pattern.callback) for pattern in all_patterns()}
    assert [view for view in views if view.__module__.startswith(ours) and not issubclass_of_screen(view)] == []


def all_patterns(patterns=None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from all_patterns(pattern.url_patterns)
        else:
            yield pattern


def issubclass_of_screen(view) -> bool:
    return isinstance(view, type) and issubclass(view, ScreenMixin)


def test_every_view_of_ours_names_its_permission():
    assert [name for name, view in our_views().items() if not getattr(view, "permission", "")] == []


def test_what_is_public_is_said_in_both_places():
    assert {name for name, view in our_views().items() if view.permission == PUBLIC} == {
        name for name, page in MATRIX.items() if page.is_public
    }


def test_what_only_a_signature_opens_is_said_in_both_places():
    assert {name for name, view in our_views().items() if view.permission == SIGNED} == {
        name for name, page in MATRIX.items() if page.is_signed
    }


@pytest.mark.feature("AU-1")
@pytest.mark.feature("AU-2")
@pytest.mark.threat("O7")
@pytest.mark.parametrize("name", sorted(MATRIX))
def test_answers_each_role_as_the_matrix_says(world, name):
    page = MATRIX[name]
    expected = {role: _expected(page, role) for role in ROLES}
    found = {role: _ask(name, page, world, role) for role in ROLES}
    if page.is_foreign_hidden:
        strangers = [role for role in sorted(page.roles) if OTHER + role in world.people]
        expected |= {OTHER + role: "missing" for role in strangers}
        found |= {OTHER + role: _ask(name, page, world, OTHER + role) for role in strangers}

    assert found == expected


def _expected(page: Page, role: str) -> str:
    if page.is_public or role in page.roles:
        return "answers"
    if page.is_signed:
        return "forbidden"
    if role in page.hidden_from:
        return "missing"
    return "to sign in" if role == ANONYMOUS else "forbidden"


def _ask(name: str, page: Page, world: World, role: str) -> str:
    client = Client()
    if role != ANONYMOUS:
        client.force_login(world[role].user, backend=SIGN_IN)
    url = reverse(name, kwargs=page.kwargs(world))
    with transaction.atomic():
        data = {"listing": world.listing.id_public, "quantity": 1} if page.is_act else None
        response = client.post(url, data) if page.is_act else client.get(url)
        transaction.set_rollback(True)
    if response.status_code == 302 and response.url.startswith(reverse("account_login")):
        return "to sign in"
    return {200: "answers", 302: "answers", 403: "forbidden", 404: "missing"}.get(response.status_code, str(response.status_code))
