"""Inside, keys are numbers; pages, addresses and forms name rows by code, RUC, slug or UUID (decision 6)."""

from collections.abc import Iterator

import pytest
from django import forms
from django.forms.models import ModelChoiceField
from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.kernel.screens.views import ScreenMixin
from tests.access.test_matrix import our_views


def patterns_of_ours(patterns=None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns_of_ours(pattern.url_patterns)
        elif issubclass(getattr(pattern.callback, "view_class", object), ScreenMixin):
            yield pattern


def test_no_address_bears_a_primary_key():
    converters = {type(each).__name__ for pattern in patterns_of_ours() for each in pattern.pattern.converters.values()}
    names = {name for pattern in patterns_of_ours() for name in pattern.pattern.converters}

    assert converters <= {"StringConverter", "SlugConverter", "UUIDConverter", "IntConverter"}
    assert names & {"pk", "id"} == set()


FORMS = sorted(
    {form for view in our_views().values() if (form := getattr(view, "form_class", None)) and form is not forms.Form},
    key=lambda form: f"{form.__module__}.{form.__qualname__}",
)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_no_choice_is_named_by_its_primary_key(form):
    """What `__init__` sets is seen where the form is used: `MappingForm` names its lot there."""
    by_key = {
        f"{form.__name__}.{name}"
        for name, field in form.base_fields.items()
        if isinstance(field, ModelChoiceField) and field.to_field_name is None
    }

    assert by_key - {"MappingForm.lot"} == set()
