"""A query of ours as Tantivy's: which entries match, and which of them come first."""

from collections.abc import Iterable

import tantivy
from tantivy import FieldType, Occur

from ..facets import CANTON, price_ranges, without
from ..port import Query, Reach
from ..ranking import CODE_SCORE, WEIGHTS, usual_words
from ..words import Phrase, Question, code_forms, meanings, question, stem, stems_of, words_of

MUST, SHOULD = Occur.Must, Occur.Should


def matching(schema: tantivy.Schema, query: Query) -> tantivy.Query:
    """All words, one value of each filter, at the place asked for. Every match counts the same."""
    return _all_of([*_everywhere(schema, query), _one_of(schema, "place", query.places)])


def anywhere(schema: tantivy.Schema, query: Query) -> tantivy.Query:
    """The same for entries of all places, as places are counted."""
    return _all_of(_everywhere(schema, without(query, CANTON)))


def ranked(schema: tantivy.Schema, found: tantivy.Query, query: Query) -> tantivy.Query:
    """The same entries, with a score for how well they fit the words."""
    asked = question(query.words)
    scored = [tantivy.Query.boost_query(part, weight) for part, weight in _rewards(schema, asked)]
    return tantivy.Query.boolean_query([(MUST, tantivy.Query.const_score_query(found, 0.0)), *((SHOULD, part) for part in scored)])


def beyond(schema: tantivy.Schema, found: tantivy.Query, field: str, number: int, *, is_backwards: bool) -> tantivy.Query:
    """What has this number or a later one; or this or an earlier one."""
    low, high = (None, number) if is_backwards else (number, None)
    return _all_of([found, tantivy.Query.range_query(schema, field, FieldType.Integer, low, high)])


# ---------------------------------------------------------------- which


def _everywhere(schema: tantivy.Schema, query: Query) -> Iterable[tantivy.Query]:
    asked = question(query.words)
    if not asked.is_empty:
        yield _words(schema, asked, query)
        if query.reach == Reach.ABOUT:
            yield _any_of(_parts(schema, asked, "thing"))
    if query.within is not None:
        yield tantivy.Query.term_query(schema, "category", str(query.within))
    if query.categories:
        yield _one_of(schema, "category", map(str, query.categories))
    if query.suppliers:
        yield _one_of(schema, "supplier", query.suppliers)
    if query.brands:
        yield _one_of(schema, "brand", query.brands)
    if query.price_ranges:
        yield _any_of([_prices(schema, low, high, is_open=True) for low, high in map(price_ranges().get, query.price_ranges)])
    if query.price_bounds != (None, None):
        yield _prices(schema, *query.price_bounds)


def _words(schema: tantivy.Schema, asked: Question, query: Query) -> tantivy.Query:
    parts = _parts(schema, asked, "everything" if query.reach == Reach.ANYWHERE else "named")
    found = _all_of(parts) if query.needs_all else _any_of(parts)
    return _any_of([found, _code(schema, asked.whole_code)]) if asked.whole_code else found


def _parts(schema: tantivy.Schema, asked: Question, field: str) -> list[tantivy.Query]:
    things = [thing(schema, names, field) for names in meanings(asked.asked_words)]
    return [*things, *(_piece(schema, piece, field) for piece in asked.pieces)]


def thing(schema: tantivy.Schema, names: Iterable[Phrase], field: str = "everything") -> tantivy.Query:
    """Whatever goes by one of these names."""
    return _any_of([_side_by_side(schema, name, field) for name in names])


def _piece(schema: tantivy.Schema, piece: str, field: str) -> tantivy.Query:
    return _any_of([_side_by_side(schema, tuple(stems_of(piece)), field), *(_code(schema, code) for code in code_forms(piece))])


def _side_by_side(schema: tantivy.Schema, words: Phrase, field: str) -> tantivy.Query:
    if len(words) == 1:
        return tantivy.Query.term_query(schema, field, words[0])
    return tantivy.Query.phrase_query(schema, field, list(words))


def _code(schema: tantivy.Schema, code: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema, "code", code)


def _prices(schema: tantivy.Schema, low: int | None, high: int | None, *, is_open: bool = False) -> tantivy.Query:
    """In millionths of a dollar. `is_open`: `high` itself is too much."""
    return tantivy.Query.range_query(schema, "price", FieldType.Integer, low, high, True, high is None or not is_open)


def _one_of(schema: tantivy.Schema, field: str, values: Iterable[str]) -> tantivy.Query:
    return tantivy.Query.term_set_query(schema, field, list(values))


# ---------------------------------------------------------------- in which order


def _rewards(schema: tantivy.Schema, asked: Question) -> Iterable[tuple[tantivy.Query, float]]:
    names = [name for names in meanings(asked.asked_words) for name in sorted(names)]
    names += [tuple(stems_of(piece)) for piece in asked.pieces]
    as_typed = [(word,) for word in asked.asked_words] + [tuple(words_of(piece)) for piece in asked.pieces]
    for field, weight in WEIGHTS.items():
        for name in as_typed if field == "title_exact" else names:
            yield _side_by_side(schema, name, field), weight
    for word in usual_words(asked.asked_words):
        yield _side_by_side(schema, (stem(word),), "title"), WEIGHTS["title"]
    for codes in [*map(code_forms, asked.pieces), (asked.whole_code,)]:
        named_so = _any_of([_code(schema, code) for code in codes if code])
        yield tantivy.Query.const_score_query(named_so, 1.0), CODE_SCORE


def _all_of(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    every = [(MUST, part) for part in parts]
    return tantivy.Query.boolean_query(every) if every else tantivy.Query.all_query()


def _any_of(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(SHOULD, part) for part in parts])
