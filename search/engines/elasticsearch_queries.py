"""A query of ours as Elasticsearch's: which entries match, and which of them come first."""

from collections.abc import Iterable, Iterator

from elasticsearch.dsl import Q
from elasticsearch.dsl.query import Query as Part

from ..facets import BRAND, CANTON, CATEGORY, PRICE, SUPPLIER, price_ranges
from ..port import Query, Reach, Sort
from ..ranking import CODE_SCORE, WEIGHTS, usual_words
from ..words import Question, code_forms, question

FIELDS = {"title_exact": "title.exact"}
READS = {"title.exact": "as_written"}  # how the pieces of a question are read, where not as Spanish
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
    must = [] if asked.is_empty else [_words(asked, query)]
    if query.reach == Reach.ABOUT and not asked.is_empty:
        must.append(any_of(_parts(asked, "thing")))
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


def words_anywhere(asked: Question) -> Part:
    """The words of a question, under any of their names, wherever they stand."""
    return Q("match", everything={"query": asked.text, "operator": "and"})


def _words(asked: Question, query: Query) -> Part:
    field = "everything" if query.reach == Reach.ANYWHERE else "named"
    parts = _parts(asked, field, operator="and" if query.needs_all else "or")
    found = all_of(parts) if query.needs_all else any_of(parts)
    return any_of([found, Q("term", code=asked.whole_code)]) if asked.whole_code else found


def _parts(asked: Question, field: str, operator: str = "or") -> list[Part]:
    words = [Q("match", **{field: {"query": asked.text, "operator": operator}})] if asked.asked_words else []
    return [*words, *(_piece(piece, field) for piece in asked.pieces)]


def _piece(piece: str, field: str) -> Part:
    return any_of([_side_by_side(piece, field), Q("terms", code=list(code_forms(piece)))])


def _side_by_side(piece: str, field: str, **options: float) -> Part:
    return Q("match_phrase", **{field: {"query": piece, "analyzer": READS.get(field, "spanish"), **options}})


def _rewards(asked: Question) -> Iterator[Part]:
    for name, weight in WEIGHTS.items():
        field = FIELDS.get(name, name)
        if asked.text:
            yield Q("match", **{field: {"query": asked.text, "boost": weight}})
        for piece in asked.pieces:
            yield _side_by_side(piece, field, boost=weight)
    for word in usual_words(asked.asked_words):
        yield Q("match", title={"query": word, "boost": WEIGHTS["title"]})
    for codes in [*map(code_forms, asked.pieces), (asked.whole_code,)]:
        yield Q("constant_score", filter=Q("terms", code=[code for code in codes if code]), boost=CODE_SCORE)


def _prices(until: str, low: int | None, high: int | None) -> Part:
    """`until`: whether `high` itself is still in (`lte`) or not (`lt`)."""
    bounds = {name: bound for name, bound in (("gte", low), (until, high)) if bound is not None}
    return Q("range", price=bounds)


def all_of(parts: Iterable[Part]) -> Part:
    return Q("bool", filter=list(parts))


def any_of(parts: Iterable[Part]) -> Part:
    return Q("bool", should=list(parts), minimum_should_match=1)
