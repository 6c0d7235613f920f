"""Finding sheets: by the engine, with slips of the pen corrected; by PostgreSQL while the engine is away."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

from django.utils.timezone import localdate

from marketplace.shop.catalogue.models import Category

from . import corrections, fallback
from .engines import engine
from .facets import CATEGORY
from .patience import patience
from .port import EngineUnavailable, Query, Reach, Result, SearchEngine
from .words import question

logger = logging.getLogger(__name__)

NEAREST, CONSIDERED = 4, 50
PAUSE = 5.0  # seconds for which an engine that did not answer is not asked again, so that pages do not wait one after another


def search(query: Query) -> Result:
    """What every page asks. Never fails for want of an engine: then the result says that it is degraded."""
    asked = engine()
    try:
        with patience(), breaker_of(asked).guarding():
            return ask(asked, query)
    except EngineUnavailable as away:
        logger.warning("search: %s", away)
        return fallback.search(query, on=localdate())


def ask(asked: SearchEngine, query: Query) -> Result:
    """The engine's answer; if there is nothing, the answer to what was probably meant. Raises EngineUnavailable."""
    result = asked.search(narrowed(asked, query))
    checked = corrections.words_to_check(query.words)
    if result.total or query.is_exact or not checked:
        return result
    similar = asked.similar_words(checked)
    for words in corrections.corrected(query.words, similar):
        if asked.search(replace(query.without_filters(), words=words, size=0, facets=())).total:
            return replace(asked.search(narrowed(asked, replace(query, words=words))), corrected=words)
    return result


def narrowed(asked: SearchEngine, query: Query) -> Query:
    """When there are sheets of the thing, without those that only stand on a shelf, or are sold by someone, of that name:
    «escoba» asks for brooms, not for all of «Escobas, trapeadores y recipientes»; «oficina» is no thing, and asks for the shelf.
    Judged without filters, so that a filter never brings in other things.
    """
    if not query.needs_all or question(query.words).is_empty:
        return query
    about = replace(query.without_filters(), reach=Reach.ABOUT, offset=0, cursor=None, size=0, facets=())
    return replace(query, reach=Reach.NAMED) if asked.search(about).total else query


def nearest_shelves(result: Result) -> list[tuple[Category, int]]:
    """The shelves on which most of these sheets stand, with their number; the narrower of two that hold the same."""
    counts = result.facets.get(CATEGORY, {})
    shelves = Category.objects.filter(pk__in=list(counts)[:CONSIDERED], is_public=True, ancestors_are_public=True)
    narrowest_first = sorted(shelves, key=lambda shelf: (-counts[str(shelf.pk)], -shelf.depth))
    chosen: list[Category] = []
    for shelf in narrowest_first:
        if not any(other.path.startswith(shelf.path) or shelf.path.startswith(other.path) for other in chosen):
            chosen.append(shelf)
    return [(shelf, counts[str(shelf.pk)]) for shelf in chosen[:NEAREST]]


class Breaker:
    """Leaves an engine alone for a while after it did not answer; then one caller tries while the others still go without."""

    def __init__(self) -> None:
        self._closed_until = 0.0

    @contextmanager
    def guarding(self) -> Iterator[None]:
        now = time.monotonic()
        if now < self._closed_until:
            raise EngineUnavailable("The search engine did not answer a moment ago; it is tried again shortly.")
        if self._closed_until:
            self._closed_until = now + PAUSE
        try:
            yield
        except EngineUnavailable:
            self._closed_until = time.monotonic() + PAUSE
            raise
        self._closed_until = 0.0


@cache
def breaker_of(asked: SearchEngine) -> Breaker:
    return Breaker()
