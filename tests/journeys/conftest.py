"""The demonstration as `deploy/run.sh` prepares it, small, on a running site; and people who work in it by the browser."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from cms.services import portal_load
from marketplace.demo.accounts import DOMAIN, PASSWORD
from marketplace.demo.services import demo_load
from marketplace.kernel.jobs.running import run_all_due
from tests.browser import DESKTOP, PHONE, Net, screenshot

from .spoken import in_english

LISTINGS = 300


@pytest.fixture
def demo_site(live_site, settings, tmp_path) -> str:
    """The address of the site, its demonstration loaded and found."""
    settings.SEARCH_ENGINE, settings.SEARCH_FOLDER = "tantivy", tmp_path / "index"
    portal_load()
    assert demo_load(listings=LISTINGS, seed=1, at=now(), say=lambda line: None)
    run_all_due()
    call_command("search_rebuild", verbosity=0)
    return live_site


@dataclass
class Person:
    """Somebody at a browser of their own, signed in by the form. `net`: what their pages asked for and complained of."""

    page: object
    net: Net
    language: str = "es"

    def goes_to(self, path: str) -> None:
        self.page.goto(path if self.language == "es" else f"/{self.language}{path}")

    def in_words(self, spanish: str) -> str | re.Pattern:
        """As the pages of this person's language say it."""
        return spanish if self.language == "es" else in_english(spanish)

    def presses(self, words: str, *, nth: int = 0) -> None:
        """A button, by what it says."""
        self.page.get_by_role("button", name=self.in_words(words)).nth(nth).click()

    def follows(self, words: str, *, nth: int = 0) -> None:
        """A link of ours, by what it says."""
        self.page.get_by_role("link", name=self.in_words(words)).nth(nth).click()

    def opens(self, name: str) -> None:
        """A link to something that has this name in every language."""
        self.page.get_by_role("link", name=name).first.click()

    def writes(self, label: str, text: str) -> None:
        self.page.get_by_label(self.in_words(label)).fill(text)

    def is_told(self, sentence: str) -> bool:
        words = self.in_words(sentence)
        return words in self.reads() if isinstance(words, str) else bool(words.search(self.reads()))

    def chooses(self, name: str, words: str) -> None:
        """The first option of a list that has these words."""
        control = self.page.locator(f"select[name={name}]")
        control.select_option(control.locator("option").filter(has_text=words).first.get_attribute("value"))

    def reads(self) -> str:
        return self.page.locator("body").inner_text()

    def searches(self, words: str) -> list[str]:
        """The titles that are found, in their order."""
        self.page.locator("header input[type=search], header input[name=q]").first.fill(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.page.locator("article h3").all_inner_texts()

    def asks_for(self, path: str) -> int:
        """With what status a page answers this person."""
        return self.page.request.get(path).status

    def photographs(self, name: str) -> None:
        """Wide and on a phone."""
        screenshot(self.page, f"journey-{name}-1280")
        self.page.set_viewport_size(PHONE)
        screenshot(self.page, f"journey-{name}-360")
        self.page.set_viewport_size(DESKTOP)


@pytest.fixture(params=["es", pytest.param("en", marks=pytest.mark.long)])
def language(request) -> str:
    """A journey that asks for it is walked in both; for every change, in Spanish."""
    return request.param


@pytest.fixture
def person(demo_site, new_page, request) -> Iterator[Callable[..., Person]]:
    """`person("solicitante")`: the one with this mailbox of the demonstration; at the end no page has complained."""
    everybody: list[Person] = []
    language = request.getfixturevalue("language") if "language" in request.fixturenames else "es"

    def sign_in(mailbox: str, **options) -> Person:
        page = new_page(**options)
        someone = Person(page, Net(page), language)
        everybody.append(someone)
        someone.goes_to("/cuenta/ingresar/")
        page.fill("input[name=login]", mailbox if "@" in mailbox else f"{mailbox}@{DOMAIN}")
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button[type=submit]")
        assert "/cuenta/ingresar/" not in page.url
        return someone

    yield sign_in
    assert [problem for someone in everybody for problem in someone.net.problems] == []


@pytest.fixture
def work() -> Callable[[], int]:
    """What the worker beside the site would do meanwhile."""
    return run_all_due
