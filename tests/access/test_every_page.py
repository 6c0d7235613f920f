"""What every page of ours has, in both languages: the way back, and no sentence in the other language."""

import re
from collections.abc import Iterator
from functools import cache

import polib
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from catalog_import.columns import NAMES
from marketplace.frame import AREAS, DOORS, first_segment
from tests.answers import SIGN_IN

from .matrix import MATRIX, who_opens
from .world import World

CATALOGUE = settings.ROOT / "marketplace/locale/es/LC_MESSAGES/django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}|%s|%%")
TAG = re.compile(r"<[^>]+>")
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-done", "data-back", "data-slow", "data-label")
BLOCKS = ("p", "li", "td", "th", "h1", "h2", "h3", "a", "button", "label")
OURS_IN_DATA = {"Papel", "Loja", *NAMES}  # the world's own names and the columns of its files, as they stand there


@pytest.fixture(scope="module")
def pages(world: World) -> dict[str, dict[str, BeautifulSoup]]:
    """Each page that is HTML, by language and name."""
    return {code: dict(pages_in(code, world)) for code in ("es", "en")}


def pages_in(code: str, world: World) -> Iterator[tuple[str, BeautifulSoup]]:
    for name, page in MATRIX.items():
        if page.is_act:
            continue
        client = Client()
        if not page.is_public:
            client.force_login(world[who_opens(name)].user, backend=SIGN_IN)
        with override(code):
            answer = client.get(reverse(name, kwargs=page.kwargs(world)))
        if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
            page = BeautifulSoup(answer.content, "html.parser")
            page.html["data-path"] = answer.wsgi_request.path
            yield name, page


def test_both_languages_have_the_same_pages(pages):
    assert pages["es"].keys() == pages["en"].keys()
    assert len(pages["es"]) > 70


@pytest.mark.parametrize("code", ["es", "en"])
def test_every_page_says_where_it_stands_and_leads_back(pages, code):
    """To the home page, and within an area to its door; a list or a document above it comes from its own room."""
    with override(code):
        doors = {area: reverse(name) for area, (name, _label) in DOORS.items()}
        home = "/" if code == "es" else "/en/"
    wrong = []
    for name, page in pages[code].items():
        trail = [link["href"] for link in page.select("nav.breadcrumb a")]
        path = page.html["data-path"]
        area = AREAS.get(first_segment(path))
        wanted = [home, doors[area]] if area and path != doors[area] else [home]
        if trail[: len(wanted)] != wanted:
            wrong.append((name, trail))

    assert wrong == []


# ---------------------------------------------------------------- languages


@cache
def sentences(code: str) -> tuple[set[str], list[re.Pattern]]:
    """What of the catalogue is spoken in this language alone: whole texts, and those with something filled in."""
    pairs = [pair for entry in polib.pofile(str(CATALOGUE)) for pair in texts_of(entry)]
    english, spanish = ({plain(text) for text in texts} for texts in zip(*pairs, strict=True))
    here, there = (spanish, english) if code == "es" else (english, spanish)
    own = {text for text in here - there if len(text) > 2}
    fixed = {text for text in own if not PLACEHOLDER.search(text)}
    filled = [pattern_of(text) for text in own - fixed if len(re.findall(r"[^\W\d_]{3,}", PLACEHOLDER.sub(" ", text))) >= 2]
    return fixed - OURS_IN_DATA, filled


def texts_of(entry: polib.POEntry) -> list[tuple[str, str]]:
    if entry.msgid_plural:
        return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]
    return [(entry.msgid, entry.msgstr)]


def plain(text: str) -> str:
    return " ".join(TAG.sub("", text).split())


def pattern_of(text: str) -> re.Pattern:
    return re.compile(".+".join(re.escape(part) for part in PLACEHOLDER.split(text)))


def spoken(page: BeautifulSoup) -> set[str]:
    """All that a page says: its texts, alone and by paragraph, and what only a screen reader or a script says."""
    for element in page.select("script, style, svg, body [lang]"):
        element.decompose()
    texts = [*page.find_all(string=True), *(element.get_text() for element in page.find_all(BLOCKS))]
    texts += [element[name] for name in SPOKEN for element in page.select(f"[{name}]")]
    return {plain(text) for text in texts} - {""}


@pytest.mark.parametrize(("code", "other"), [("en", "es"), ("es", "en")])
def test_no_page_says_a_sentence_in_the_other_language(pages, code, other):
    fixed, filled = sentences(other)
    said = {text: name for name, page in pages[code].items() for text in spoken(page)}
    foreign = {text: name for text, name in said.items() if text in fixed or any(each.fullmatch(text) for each in filled)}

    assert len(fixed) > 1000
    assert foreign == {}
