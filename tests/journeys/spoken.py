"""What a button or a sentence is called in the other language: the journeys are written in Spanish and walked in both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import polib
from django.conf import settings

CATALOGUE = settings.ROOT / "marketplace/locale/es/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def in_english(spanish: str) -> re.Pattern:
    """Any of the source strings whose translation this is, with what was filled in. Raises LookupError for what nobody says."""
    matches = [(said, english, match) for said, english in _pairs() if (match := said.pattern.fullmatch(spanish))]
    if not matches:
        raise LookupError(f"no translation says «{spanish}»")
    closest = max(said.own_letters for said, _english, _match in matches)
    found = {_filled(english, match.groupdict()) for said, english, match in matches if said.own_letters == closest}
    return re.compile("|".join(map(re.escape, sorted(found))))


@dataclass(frozen=True)
class Said:
    """A Spanish string. `own_letters`: how many of its signs are not filled in; the more, the surer is a match."""

    pattern: re.Pattern
    own_letters: int


@cache
def _pairs() -> list[tuple[Said, str]]:
    pairs = (pair for entry in polib.pofile(str(CATALOGUE)) for pair in _texts(entry))
    return [(said, english) for english, spanish in pairs if (said := _said(spanish)).own_letters > 2]


def _said(spanish: str) -> Said:
    return Said(_pattern(spanish), len(re.findall(r"\w", PLACEHOLDER.sub("", spanish))))


def _texts(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    yield (entry.msgid, entry.msgstr_plural[0] if entry.msgid_plural else entry.msgstr)
    if entry.msgid_plural:
        yield (entry.msgid_plural, entry.msgstr_plural[1])


def _pattern(spanish: str) -> re.Pattern:
    """Each placeholder is a group of its name; where it stands again, it may be anything."""
    known: set[str] = set()
    written, end = "", 0
    for match in PLACEHOLDER.finditer(spanish):
        name = match[1] or match[2]
        written += re.escape(spanish[end : match.start()]) + (".+?" if name in known else f"(?P<{name}>.+?)")
        known.add(name)
        end = match.end()
    return re.compile(written + re.escape(spanish[end:]))


def _filled(english: str, words: dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda match: words.get(match[1] or match[2], match[0]), english)
