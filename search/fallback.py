"""The answer of PostgreSQL while the engine is away: by code and by words of the name, by name, without counting or ranking.

Words are matched by the index over the folded name (`catalogue_name_words`); every filter still holds, at the place asked for.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from marketplace.shop.catalogue.models import Category, Product
from marketplace.shop.partner.models import StockRecord
from marketplace.shop.partner.querysets import BEST_FIRST, SUPPLIER

from .facets import price_ranges
from .port import MICRO_DOLLARS, Hit, Query, Result
from .words import ENDINGS, LEFT_OUT, words_of

COUNTED_UNTIL = 1000

NAME_WORDS = SearchVector("folded_title", config="simple")
_PLURAL = re.compile(ENDINGS[0][0])


def search(query: Query, *, on: date) -> Result:
    sheets = _offered(_sheets(query), query, on).order_by("sort_key", "pk")
    rows = sheets.values_list("pk", "code", "sku", "title")[query.offset : query.offset + query.size]
    total = sheets.order_by().values("pk")[:COUNTED_UNTIL].count()
    return Result(tuple(Hit(*row, score=0.0) for row in rows), total, is_degraded=True)


# ---------------------------------------------------------------- the sheet


def _sheets(query: Query) -> QuerySet[Product]:
    sheets = Product.objects.all()
    if query.words.strip():
        sheets = sheets.alias(name_words=NAME_WORDS).filter(_named(query.words, " & " if query.needs_all else " | "))
    if query.brands:
        sheets = sheets.filter(brand__in=query.brands)
    if query.within is not None:
        sheets = sheets.filter(_in_one_of([query.within]))
    return sheets.filter(_in_one_of(query.categories)) if query.categories else sheets


def _named(typed: str, joined: str) -> Q:
    """The words begin words of the name, all of them or some (`joined`), or it is the sheet's code or GTIN."""
    code = typed.strip().upper()
    named = Q(code=code) | (Q(gtin=code.zfill(14)) if code.isdigit() else Q())
    words = [_PLURAL.sub("", word) for word in words_of(typed) if word not in LEFT_OUT]
    if not words:
        return named
    return named | Q(name_words=SearchQuery(joined.join(f"{word}:*" for word in words), config="simple", search_type="raw"))


def _in_one_of(category_ids: Iterable[int]) -> Exists:
    branches = Q(pk=None)
    for path in Category.objects.filter(pk__in=category_ids).values_list("path", flat=True):
        branches |= Q(category__path__startswith=path)
    return Exists(Product.categories.through.objects.filter(branches, product=OuterRef("pk")))


# ---------------------------------------------------------------- its offers at the place asked for


def _offered(sheets: QuerySet[Product], query: Query, on: date) -> QuerySet[Product]:
    offers = StockRecord.objects.on_sale(on).filter(product=OuterRef("pk"))
    if query.canton:
        offers = offers.delivering_to(query.canton)
    if query.suppliers:
        sheets = sheets.filter(Exists(offers.filter(**{f"{SUPPLIER}__ruc__in": query.suppliers})))
    first = offers.order_by(*BEST_FIRST)
    sheets = sheets.filter(Exists(offers)).annotate(sku=Subquery(first.values("partner_sku")[:1]))
    prices = _prices(query)
    return sheets.alias(best_price=Subquery(first.values("base_price")[:1])).filter(prices) if prices else sheets


def _prices(query: Query) -> Q:
    ranges = Q()
    for low, high in map(price_ranges().get, query.price_ranges):
        ranges |= _between(low, high, "lt")
    return ranges & _between(*query.price_bounds, "lte")


def _between(low: int | None, high: int | None, until: str) -> Q:
    """In millionths of a dollar. `until`: whether `high` itself is still in (`lte`) or not (`lt`)."""
    bounds = {"best_price__gte": low, f"best_price__{until}": high}
    return Q(**{name: Decimal(bound) / MICRO_DOLLARS for name, bound in bounds.items() if bound is not None})
