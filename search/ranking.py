"""In which order sheets are shown, the same idea in every engine.

Every sheet that is found holds all the words; the order says how well they name it. A word counts by the field that holds it,
and more the rarer it is (BM25). Nothing of an offer counts: neither who sells, nor how many do, nor what they call it. Equals
stand by name. The weights were set by hand and are checked on judged queries by the benchmark.
"""

from collections.abc import Iterable

from .words import LEFT_OUT, stem, words_of

# In the title; in it as typed (plural, gender and synonyms apart); as what the title is about, its first words; elsewhere.
WEIGHTS = {"title": 3.0, "title_exact": 1.0, "head": 2.0, "brand_words": 1.5, "category_words": 1.0, "description": 0.3}

HEAD_WORDS = 2

# What a word means unless more is said: who asks for «papel A4» means bond before carbon or photographic paper. The more usual
# thing is rewarded where its title says so; it says nothing of who offers it.
USUALLY = {"papel": "bond"}

CODE_SCORE = 100.0  # the sheet whose code was typed comes before all others


def head_of(title: str, length: int = HEAD_WORDS) -> str:
    """«Resma de papel» is a ream, «Bandeja para papel» is a tray: in Spanish the thing itself comes first."""
    return " ".join([word for word in words_of(title) if word not in LEFT_OUT][:length])


def usual_words(words: Iterable[str]) -> list[str]:
    """What these words of a question usually mean besides."""
    return [USUALLY[stem(word)] for word in words if stem(word) in USUALLY]
