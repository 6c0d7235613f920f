"""Every screen says what it is for, in both languages; editors reword it, and a release brings what is new."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.apps import apps
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Locale

from cms import help_texts
from cms.help_texts import first_texts, help_for
from cms.models import HelpText
from cms.services import help_texts_load
from marketplace.kernel.screens.views import RedirectScreen
from tests.access.matrix import MATRIX
from tests.access.test_matrix import our_views
from tests.access.world import build_world
from tests.answers import SIGN_IN

pytestmark = pytest.mark.feature("HT-1")

OF_THE_ACCOUNT = {
    "account_login",
    "account_change_password",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
}
SCREEN = "order:orders"


@pytest.fixture(autouse=True)
def read_anew():
    """What a test wrote is rolled back, and what the process keeps of it forgotten."""
    help_texts.forget()
    yield
    help_texts.forget()


@pytest.fixture
def text(db) -> HelpText:
    return HelpText.objects.get(help_id=SCREEN, locale__language_code="es")


@pytest.fixture
def editor(client, membership_factory) -> Client:
    client.force_login(membership_factory(role="editor").user, backend=SIGN_IN)
    return client


def edit(editor: Client, text: HelpText, words: str, **what_to_do: str):
    """As the form of the editor sends it; its text field takes a document of blocks."""
    block = {"key": "a", "text": words, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    written = {"title": "Órdenes", "body": json.dumps({"blocks": [block], "entityMap": {}})}
    return editor.post(reverse("wagtailsnippets_cms_helptext:edit", args=[text.pk]), written | what_to_do)


# ---------------------------------------------------------------- every screen
def screens() -> set[str]:
    """What answers GET with a page; doors that only lead on and files have nothing to say."""
    views = our_views()
    pages = {name for name, page in MATRIX.items() if not page.is_act and not issubclass(views[name], RedirectScreen)}
    return {name for name in pages if hasattr(views[name], "template_name")}


def test_every_screen_has_a_text_in_both_languages_on_a_fresh_installation(db):
    there = HelpText.objects.filter(live=True).values_list("help_id", "locale__language_code")

    assert set(there) == {(screen, language) for screen in screens() | OF_THE_ACCOUNT for language in ("es", "en")}


def test_each_text_says_what_for_what_first_and_what_then():
    for help_id, language, fields in first_texts():
        now, later = help_texts.LEADS[language]
        assert (help_id, fields["body"].count("<p>")) == (help_id, 3)
        assert all(len(part) > 25 for part in fields["body"].split("<p>")[1:]), help_id
        assert f"<b>{now}</b>" in fields["body"] and f"<b>{later}</b>" in fields["body"]
        assert len(fields["title"]) <= 60


def test_every_screen_shows_its_text(db):
    world = build_world()
    missing = []
    for name in sorted(screens()):
        page, client = MATRIX[name], Client()
        client.force_login(world["requester" if "requester" in page.roles else min(page.roles)].user, backend=SIGN_IN)
        answer = client.get(reverse(name, kwargs=page.kwargs(world))).content.decode()
        shown = help_for(name, "es")
        if answer.count('class="menu screen-help"') != 1 or shown.body not in answer:
            missing.append(name)

    assert missing == []


def test_is_in_the_language_of_the_page(client, db):
    with override("en"):
        page = client.get(reverse("account_login")).content.decode()

    assert "For whoever has an account" in page
    assert "Aquí entra quien ya tiene una cuenta" not in page


def test_a_page_that_failed_explains_no_screen(client, requester):
    client.force_login(requester.user, backend=SIGN_IN)
    missing = client.get(reverse("order:order", args=["OC-0"]))
    forbidden = client.get(reverse("registry:suppliers"))

    assert (missing.status_code, forbidden.status_code) == (404, 403)
    assert "screen-help" not in missing.content.decode() + forbidden.content.decode()


# ---------------------------------------------------------------- editing
def test_an_editor_rewords_it_and_the_screen_says_so_at_once(editor, text, requester):
    edit(editor, text, "Busque su orden.", **{"action-publish": "action-publish"})

    text.refresh_from_db()
    assert (text.title, text.body) == ("Órdenes", '<p data-block-key="a">Busque su orden.</p>')
    assert text.revisions.count() == 1
    buyer = Client()
    buyer.force_login(requester.user, backend=SIGN_IN)
    assert "Busque su orden." in buyer.get(reverse(SCREEN)).content.decode()


def test_a_draft_is_shown_to_nobody(editor, text):
    before = help_for(SCREEN, "es")
    edit(editor, text, "Un borrador.")

    assert text.revisions.count() == 1
    assert help_for(SCREEN, "es") == before


def test_what_an_editor_takes_back_is_shown_no_longer(editor, text):
    editor.post(reverse("wagtailsnippets_cms_helptext:unpublish", args=[text.pk]))

    assert help_for(SCREEN, "es") is None
    assert help_for(SCREEN, "en") is not None


@pytest.mark.parametrize("role", ["requester", "supplier_manager", "catalogue_officer", "auditor"])
def test_who_does_not_edit_pages_does_not_edit_help(client, membership_factory, text, role):
    client.force_login(membership_factory(role=role).user, backend=SIGN_IN)

    assert edit(client, text, "Mío.", **{"action-publish": "action-publish"}).status_code == 403
    assert text.revisions.count() == 0


def test_the_editor_finds_each_opens_it_and_adds_none(editor, text):
    page = editor.get(reverse("wagtailsnippets_cms_helptext:list"), {"q": "Órdenes de compra"})
    form = editor.get(reverse("wagtailsnippets_cms_helptext:edit", args=[text.pk])).content.decode()

    assert (page.status_code, SCREEN in page.content.decode()) == (200, True)
    assert "Primero:" in form and "action-publish" in form
    assert editor.get(reverse("wagtailsnippets_cms_helptext:add")).status_code == 302  # to the editor's front page: not allowed


# ---------------------------------------------------------------- releases
def test_a_release_rewords_what_nobody_edited_and_leaves_the_rest(text, editor):
    edit(editor, text, "Busque su orden.", **{"action-publish": "action-publish"})
    english = HelpText.objects.filter(help_id=SCREEN, locale__language_code="en")
    english.update(body="<p>As an older release said it.</p>")
    HelpText.objects.filter(help_id="order:order").delete()

    help_texts_load(apps)

    text.refresh_from_db()
    assert text.body == '<p data-block-key="a">Busque su orden.</p>'
    assert "Search by number or supplier" in english.get().body
    assert HelpText.objects.filter(help_id="order:order").count() == 2
    assert Locale.objects.count() == 2


def test_a_second_run_writes_nothing(db, count_queries):
    help_texts_load(apps)

    assert count_queries(lambda: help_texts_load(apps)) <= 5  # a savepoint and its end, two languages, the texts


# ---------------------------------------------------------------- what it costs
@pytest.mark.budget("P1")
def test_costs_a_page_no_query(client, db, count_queries):
    address = reverse("dashboard:appearance")
    page = client.get(address).content.decode()

    assert "screen-help" in page
    assert count_queries(lambda: client.get(address)) == 0


def test_other_processes_show_a_change_as_soon_as_what_they_keep_is_old(db, settings, monkeypatch):
    settings.HELP_FRESH_FOR = 60
    clock = iter([0, 59, 61, 61])  # read, asked, asked and read
    monkeypatch.setattr(help_texts, "monotonic", lambda: next(clock))
    before = help_for(SCREEN, "es")
    HelpText.objects.filter(help_id=SCREEN).update(title="Cambiado en otro proceso")

    assert help_for(SCREEN, "es") == before
    assert help_for(SCREEN, "es").title == "Cambiado en otro proceso"


@pytest.mark.threat("F1")
def test_while_the_database_is_away_pages_show_what_is_known(db):
    before = help_for(SCREEN, "es")

    def away(*args, **kwargs):
        raise OperationalError("the database is away")

    help_texts.forget()
    with connection.execute_wrapper(away):
        assert help_for(SCREEN, "es") == before


def test_a_migration_brings_the_texts_whoever_runs_it(own_database):
    """Another thread begins with nobody acting, as `python -m django migrate` does."""
    HelpText.objects.filter(help_id="search:landing").delete()

    with ThreadPoolExecutor(1) as anew:
        anew.submit(lambda: (help_texts_load(), connection.close())).result()

    assert HelpText.objects.filter(help_id="search:landing").count() == 2
