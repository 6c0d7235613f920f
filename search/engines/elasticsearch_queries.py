"""A query of ours as Elasticsearch's: which entries match, and which of them come first."""

from collections.abc import Iterable, Iterator

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Part

from ..facets import BRAND, CANTON, CATEGORY, PRICE, SUPPLIER, price_ranges
from ..port import Query, Sort
from ..ranking import CODE_SCORE, WEIGHTS
from ..words import Question, compact, question

FIELDS = {"title_exact": "title.exact"}
FILTER_OF = {CATEGORY: "category", SUPPLIER: "supplier", BRAND: "brand", PRICE: "price_range", CANTON: "place"}

# Words of the index one edit away from one that is not in it.
LIKENESS = {
    "field": "vocabulary",
    "analyzer": "as_written",
    "suggest_mode": "always",
    "max_edits": 1,
    "prefix_length": 0,
    "min_word_length": 4,
    "size": 50,
    "shard_size": 200,
}


def filters(query: Query) -> dict[str, Part]:
    """What was chosen, by the facet in which it was chosen."""
    chosen = {"place": Q("terms", place=list(query.places))}
    if query.categories:
        chosen["category"] = Q("terms", category=[str(key) for key in query.categories])
    if query.suppliers:
        chosen["supplier"] = Q("terms", supplier=list(query.suppliers))
    if query.brands:
        chosen["brand"] = Q("terms", brand=list(query.brands))
    if query.price_ranges:
        ranges = map(price_ranges().get, query.price_ranges)
        chosen["price_range"] = any_of([_prices("lt", low, high) for low, high in ranges])
    if query.price_bounds != (None, None):
        chosen["price"] = _prices("lte", *query.price_bounds)
    return chosen


def found(query: Query) -> Part:
    """What holds the words, in the branch."""
    asked = question(query.words)
    must = [] if asked.is_empty else [_words(asked, needs_all=query.needs_all)]
    if query.within is not None:
        must.append(Q("term", category=str(query.within)))
    return all_of(must)


def ranked(query: Query) -> Part:
    """The same, with what was chosen; and a score for how well an entry fits the words."""
    asked = question(query.words)
    return Q("bool", filter=[found(query), *filters(query).values()], should=[] if asked.is_empty else list(_rewards(asked)))


def order_of(query: Query) -> list[str]:
    first = ["_score"] if query.is_ranked else ["price"] if query.sort == Sort.PRICE else []
    return [*first, "order", "product"]


def beside(query: Query) -> tuple[list[str], list]:
    """The order in which to go on from the cursor (backwards, if it says so), and where it stands in it."""
    values = {"price": query.cursor.price, "order": query.cursor.sort_key, "product": query.cursor.product_id}
    fields = order_of(query)
    return [f"-{name}" if query.cursor.is_backwards else name for name in fields], [values[name] for name in fields]


def words_anywhere(asked: Question, *, needs_all: bool = True) -> Part:
    """The words of a question, under any of their names, wherever they stand."""
    return Q("match", everything={"query": asked.text, "operator": "and" if needs_all else "or"})


def _words(asked: Question, *, needs_all: bool) -> Part:
    words = [words_anywhere(asked, needs_all=needs_all)] if asked.asked_words else []
    parts = [*words, *(_piece(piece) for piece in asked.pieces)]
    found = all_of(parts) if needs_all else any_of(parts)
    return any_of([found, Q("term", code=asked.whole_code)]) if asked.whole_code else found


def _piece(piece: str) -> Part:
    side_by_side = Q("match_phrase", everything={"query": piece, "analyzer": "spanish"})
    return any_of([side_by_side, Q("term", code=compact(piece))])


def _rewards(asked: Question) -> Iterator[Part]:
    for name, weight in WEIGHTS.items():
        field = FIELDS.get(name, name)
        if asked.text:
            yield Q("match", **{field: {"query": asked.text, "boost": weight}})
        for piece in asked.pieces:
            yield Q("match_phrase", **{field: {"query": piece, "boost": weight}})
    for code in filter(None, [*map(compact, asked.pieces), asked.whole_code]):
        yield Q("constant_score", filter=Q("term", code=code), boost=CODE_SCORE)


def _prices(until: str, low: int | None, high: int | None) -> Part:
    """`until`: whether `high` itself is still in (`lte`) or not (`lt`)."""
    bounds = {name: bound for name, bound in (("gte", low), (until, high)) if bound is not None}
    return Q("range", price=bounds)


def all_of(parts: Iterable[Part]) -> Part:
    return Q("bool", filter=list(parts))


def any_of(parts: Iterable[Part]) -> Part:
    return Q("bool", should=list(parts), minimum_should_match=1)
