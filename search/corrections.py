"""What someone meant who made a slip of the pen: one letter wrong, missing, too many, or two swapped."""

from collections.abc import Iterator
from itertools import islice, product

from .words import question, words_of

SHORTEST = 4  # of shorter words, and of codes, one letter away is another word
TRIED = 5


def is_one_letter_away(word: str, other: str) -> bool:
    if word == other or abs(len(word) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rest, rest_of_other = word[start:], other[start:]
    if len(word) != len(other):
        longer, shorter = sorted((rest, rest_of_other), key=len, reverse=True)
        return longer[1:] == shorter
    return rest[1:] == rest_of_other[1:] or (rest[:2] == rest_of_other[1::-1] and rest[2:] == rest_of_other[2:])


def words_to_check(typed: str) -> list[str]:
    return [word for word in question(typed).asked_words if len(word) >= SHORTEST]


def corrected(typed: str, similar: dict[str, dict[str, int]]) -> Iterator[str]:
    """The words as they may have been meant, the most usual first; nothing when a word has no likeness.

    `similar`: for each word that no sheet has, the words that sheets have, with their number.
    """
    if not similar or not all(similar.values()):
        return
    choices = [[(word, found) for found in _most_usual(found_words)] for word, found_words in similar.items()]
    for choice in islice(product(*choices), TRIED):
        yield _with(typed, dict(choice))


def _most_usual(found: dict[str, int]) -> list[str]:
    return sorted(found, key=lambda word: (-found[word], word))


def _with(typed: str, instead: dict[str, str]) -> str:
    """Piece by piece, so that what was right stays as it was typed."""
    pieces = [(piece, words_of(piece)) for piece in typed.split()]
    return " ".join(
        " ".join(instead.get(word, word) for word in words) if instead.keys() & set(words) else piece for piece, words in pieces
    )
