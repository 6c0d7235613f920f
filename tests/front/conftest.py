from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils.translation import override


@pytest.fixture(autouse=True)
def spanish() -> Iterator[None]:
    """Each test begins in the site's language; a request may leave another one behind."""
    with override(settings.LANGUAGE_CODE):
        yield
