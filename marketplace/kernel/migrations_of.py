"""A forked Oscar app keeps Oscar's migrations without copying them.

Its `migrations/__init__.py` says

    __path__ = migrations_with_stock(__path__, "oscar.apps.partner.migrations")

so that Django reads Oscar's files where they are installed and ours beside them. A new Oscar migration then shows up as a
second leaf, which `makemigrations` refuses, instead of going unnoticed.
"""

from collections.abc import Iterable
from importlib import import_module


def migrations_with_stock(path: Iterable[str], stock: str) -> list[str]:
    return [*path, *import_module(stock).__path__]
