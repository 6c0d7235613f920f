"""The portal as it is on the first day; editors go on from there."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

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
