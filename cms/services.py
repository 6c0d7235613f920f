"""The portal and the help of the screens as they are on the first day; editors go on from there."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.apps import apps as all_apps
from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from marketplace.kernel.acting import acting

from .help_texts import first_texts, forget
from .models import ContentPage, HomePage

LANGUAGES = ("es", "en")
FIRST_PAGES = Path(__file__).parent / "first_pages.json"


@transaction.atomic
def portal_load() -> bool:
    """Make the home page and the first articles in both languages, unless there is a home page. Whether it made them."""
    if HomePage.objects.exists():
        return False
    root = Page.get_first_root_node()
    for welcome in root.get_children().filter(slug="home"):
        welcome.delete()
    words = json.loads(FIRST_PAGES.read_text(encoding="utf-8"))
    homes = [_home(root, words, language) for language in LANGUAGES]
    homes[0].refresh_from_db()
    address = urlsplit(settings.BASE_URL)
    where = {"hostname": address.hostname, "port": address.port or (443 if address.scheme == "https" else 80)}
    Site.objects.update_or_create(is_default_site=True, defaults=where | {"root_page": homes[0], "site_name": settings.SITE_NAME})
    return True


def _home(root: Page, words: dict, language: str) -> HomePage:
    locale, _ = Locale.objects.get_or_create(language_code=language)
    root.refresh_from_db()
    of_home = words["home"]
    page = HomePage(**of_home[language], slug=f"inicio-{language}", locale=locale, translation_key=of_home["key"])
    home = root.add_child(instance=page)
    for article in words["articles"]:
        home.add_child(instance=_article(article, language, locale))
    return home


def _article(article: dict, language: str, locale: Locale) -> ContentPage:
    words = article[language]
    return ContentPage(
        title=words["title"],
        lead=words["lead"],
        body=words["body"],
        slug=article["slug"],
        locale=locale,
        translation_key=article["key"],
        show_in_menus=article["in_menus"],
    )


def help_texts_load(apps: Any = all_apps, **_signal: Any) -> None:
    """Bring in the help texts of this release: new ones, and those that nobody has edited as it words them.

    Runs after every migration, so that a new screen never lacks its text. `apps`: the models as they stand at that migration.
    """
    try:
        text, locale = apps.get_model("cms", "HelpText"), apps.get_model("wagtailcore", "Locale")
    except LookupError:
        return  # migrated back to before there was help
    with acting(reason="help texts"), transaction.atomic():  # whoever migrates need not say who acts
        _help_texts_bring_in(text, locale)
    forget()


def _help_texts_bring_in(text: Any, locale: Any) -> None:
    locales = {language: locale.objects.get_or_create(language_code=language)[0].pk for language in LANGUAGES}
    there = {(row.help_id, row.locale_id): row for row in text.objects.all()}
    new, worded = [], []
    for help_id, language, fields in first_texts():
        row = there.get((help_id, locales[language]))
        if row is None:
            key = uuid5(NAMESPACE_URL, help_id)
            new.append(text(help_id=help_id, locale_id=locales[language], translation_key=key, **fields))
        elif row.latest_revision_id is None and (row.title, row.body) != (fields["title"], fields["body"]):
            row.title, row.body = fields["title"], fields["body"]
            worded.append(row)
    text.objects.bulk_create(new)
    text.objects.bulk_update(worded, ["title", "body"])
