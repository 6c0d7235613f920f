"""Addresses of the same page, asked otherwise."""

from django.http import QueryDict


def query_with(asked: QueryDict, **changes: str | None) -> str:
    """«?…» as it was asked, with some parts changed; None takes a part away."""
    query = asked.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
