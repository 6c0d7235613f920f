"""How an index of entries is set up: analysers made of the tables of `words`, and the fields of an entry."""

from ..words import ENDINGS, LEFT_OUT, NUMBER_ENDS, UNIT_OF, synonym_lines

DEEPEST = 100_000  # hits that may be paged through

_endings = {
    f"ending_{number}": {"type": "pattern_replace", "pattern": pattern, "replacement": replacement, "all": False}
    for number, (pattern, replacement) in enumerate(ENDINGS, start=1)
}
_folding = ["lowercase", "asciifolding"]

SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    "refresh_interval": "-1",  # while it is being filled
    "max_result_window": DEEPEST,
    "analysis": {
        "tokenizer": {"words": {"type": "pattern", "pattern": r"[^\p{L}\p{N}]+|" + NUMBER_ENDS}},
        "filter": {
            **_endings,
            "units": {"type": "stemmer_override", "rules": [f"{name} => {unit}" for name, unit in UNIT_OF.items()]},
            "left_out": {"type": "stop", "stopwords": sorted(LEFT_OUT)},
            "synonyms": {"type": "synonym_graph", "synonyms": synonym_lines()},
        },
        "analyzer": {
            "as_written": {"tokenizer": "words", "filter": _folding},
            "as_typed": {"tokenizer": "words", "filter": [*_folding, "left_out"]},
            "spanish": {"tokenizer": "words", "filter": [*_folding, "units", *_endings]},
            "spanish_question": {"tokenizer": "words", "filter": [*_folding, "left_out", "units", *_endings, "synonyms"]},
        },
    },
}


def _text(*copied_to: str, **options) -> dict:
    return {"type": "text", "analyzer": "spanish", "search_analyzer": "spanish_question", "copy_to": list(copied_to), **options}


_exact = {"exact": {"type": "text", "analyzer": "as_written", "search_analyzer": "as_typed"}}
_shown = {"type": "keyword", "index": False, "doc_values": False}
_found = ("everything", "named", "vocabulary")
_elsewhere = ("everything", "vocabulary")

ENTRY_FIELDS = {
    "dynamic": "strict",
    "properties": {
        "everything": _text(),
        "named": _text(),
        "vocabulary": {"type": "text", "analyzer": "as_written", "norms": False, "index_options": "docs"},
        "title": _text(*_found, fields=_exact),
        "head": _text(),
        "thing": _text(),
        "brand_words": _text(*_found),
        "category_words": _text(*_elsewhere),
        "figures": _text("everything", index=False),
        "description": _text(*_found),
        "sellers": _text(*_elsewhere),
        "code": {"type": "keyword"},
        "place": {"type": "keyword"},
        "supplier": {"type": "keyword"},
        "brand": {"type": "keyword"},
        "category": {"type": "keyword"},
        "price": {"type": "long"},
        "order": {"type": "keyword"},
        "product": {"type": "long"},
        "sheet_code": _shown,
        "sku": _shown,
        "name": _shown,
    },
}
