"""What a word is, the same for every engine: preparing, endings, synonyms, and the pieces of a question that are codes.

Elasticsearch analyses by itself, with the tables of this module as its settings; Tantivy is given the words that these
functions make of a text. That both find the same sheets is held by `tests/search/test_contract.py`.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from marketplace.kernel.text import fold

SYNONYMS = Path(__file__).with_name("synonyms.txt")

# Left out of a question, never out of an index: «papel para impresora» asks for paper and printers.
LEFT_OUT = frozenset(fold("de del la el lo los las un una unos unas y con para por en al su sus").split())

# A number and its unit are asked for together, however they were spaced and whatever the unit was called: «75 g», «75g»,
# «75 gramos». In the index they are two words side by side, so that the number is also found without its unit. A unit has one
# name wherever it stands (`stem`): «kilo» is «kg».
UNIT_NAMES = {
    "kg": "kgs kilo kilos kilogramo kilogramos",
    "g": "gr grs gramo gramos",
    "mg": "miligramo miligramos",
    "mcg": "ug microgramo microgramos",
    "lb": "lbs libra libras",
    "oz": "onza onzas",
    "l": "lt lts litro litros",
    "ml": "cc mililitro mililitros",
    "gal": "galon galones",
    "m": "mt mts metro metros",
    "cm": "cms centimetro centimetros",
    "mm": "milimetro milimetros",
    "km": "kilometro kilometros",
    "in": "pulg pulgada pulgadas",
    "gb": "giga gigas gigabyte gigabytes",
    "tb": "tera teras terabyte terabytes",
    "mb": "mega megas megabyte megabytes",
    "w": "watt watts vatio vatios",
    "v": "volt volts voltio voltios",
}
UNIT_OF = {name: unit for unit, names in UNIT_NAMES.items() for name in names.split()}
_OTHER_UNITS = ["m2", "m3", "ghz", "mhz", "hz", "kw", "mah", "ah", "psi", "dpi", "ppm"]
_UNITS = "|".join([*UNIT_NAMES, *UNIT_OF, *_OTHER_UNITS]).replace("i", "[ií]").replace("o", "[oó]")

# Where a number ends a word ends: «500mg», «410A», «30x36». Not where it begins: «A4», «R16» are one word.
NUMBER_ENDS = r"(?<=[0-9])(?=[A-Za-z])|(?<=[0-9][Xx])(?=[0-9])"
_NUMBER_ENDS = re.compile(NUMBER_ENDS)

_DIGIT = re.compile(r"\d")
_NUMBER_SIGN = re.compile(r"\bn(?:\.?[º°]|o\.)\.?\s*(?=\d)", re.IGNORECASE)
_SPACED_UNIT = re.compile(rf"(\d)\s+({_UNITS})(?!\w)", re.IGNORECASE)

# Plural and gender, over folded words. Snowball's Spanish stemmer needs the accents that people leave out (certificación and
# certificaciones part without them), and the light stemmer of Lucene leaves words of four letters alone, so that caja and
# cajas part. Three rules are enough: resmas, resma → resmo; guantes, guante → guant; lápices, lápiz → lapic. They say nothing
# of verbs. Each is a regular expression that Java reads as Python does.
ENDINGS = (
    (r"(?<=[a-z]{3})(?:(?:es)+|e|s)$", ""),
    (r"(?<=[a-z]{2})a$", "o"),
    (r"z$", "c"),
)
_ENDINGS = tuple((re.compile(pattern), replacement) for pattern, replacement in ENDINGS)


def prepared(text: str) -> str:
    """«5 m²», «Nº 3» → «5m2», «3»: how a text goes to an engine."""
    plain = unicodedata.normalize("NFKC", _NUMBER_SIGN.sub("", text)).replace("μ", "u").replace("×", "x")
    return _SPACED_UNIT.sub(r"\1\2", plain)


def words_of(text: str) -> list[str]:
    """The folded words of a prepared text."""
    return _NUMBER_ENDS.sub(" ", fold(text)).split()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A folded word without plural and gender; a unit by its one name."""
    word = UNIT_OF.get(word, word)
    for pattern, replacement in _ENDINGS:
        word = pattern.sub(replacement, word)
    return word


def stems_of(text: str) -> list[str]:
    return [stem(word) for word in words_of(text)]


def compact(code: str) -> str:
    """«RZ-00012» → «rz00012»; the leading zeros of a number do not count, so that a GTIN may be typed with 8 to 14 digits."""
    plain = fold(code).replace(" ", "")
    return plain.lstrip("0") if plain.isdigit() else plain


def code_forms(piece: str) -> tuple[str, ...]:
    """As which codes a piece may be meant. «000227» is a number of a sheet, whose zeros count, or a GTIN, whose zeros do not."""
    return tuple(dict.fromkeys([compact(piece), fold(piece).replace(" ", "")]))


def has_digit(piece: str) -> bool:
    return _DIGIT.search(piece) is not None


def codes_in(text: str) -> list[str]:
    """The pieces of a prepared text that could be asked for as a code: «P-1102» → «p1102»."""
    return [compact(piece) for piece in text.split() if has_digit(piece)]


@dataclass(frozen=True)
class Question:
    """What someone typed. `text`: its words; `pieces`: what holds a digit, to be found as a code or as words side by side;
    `whole_code`: all of it read as one code, typed with blanks or without any digit («CM-BIENES»), if it could be one.
    """

    text: str
    pieces: tuple[str, ...] = ()
    whole_code: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.asked_words and not self.pieces

    @property
    def asked_words(self) -> list[str]:
        """Folded, without those that are left out."""
        return [word for word in words_of(self.text) if word not in LEFT_OUT]


def question(typed: str) -> Question:
    pieces = prepared(typed).split()
    words = [piece for piece in pieces if not has_digit(piece)]
    codes = [piece for piece in pieces if has_digit(piece)]
    is_one_code = len(pieces) > 1 if codes else len(pieces) == 1 and "-" in typed
    return Question(" ".join(words), tuple(codes), compact(typed) if is_one_code else "")


Phrase = tuple[str, ...]


@cache
def synonyms() -> dict[Phrase, frozenset[Phrase]]:
    """For each name in the list, as stems: all names of its groups, itself among them."""
    groups: dict[Phrase, frozenset[Phrase]] = {}
    for line in synonym_lines():
        group = frozenset(tuple(stems_of(name)) for name in line.split(","))
        for name in group:
            groups[name] = groups.get(name, frozenset()) | group
    return groups


def synonym_lines() -> list[str]:
    lines = (line.strip() for line in SYNONYMS.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def meanings(words: list[str]) -> list[frozenset[Phrase]]:
    """The words of a question as things that must all be there, each under any of its names. Longest names first."""
    stems = tuple(stem(word) for word in words)
    known, found, at = synonyms(), [], 0
    while at < len(stems):
        longest = next((size for size in range(_longest_name(), 1, -1) if stems[at : at + size] in known), 1)
        name = stems[at : at + longest]
        found.append(known.get(name, frozenset([name])))
        at += longest
    return found


@cache
def _longest_name() -> int:
    return max(len(name) for name in synonyms())
