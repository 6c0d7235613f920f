"""What each screen says of itself, kept in this process: a page asks it of memory, so help costs no query.

A change shows at once in the process that made it, and in the others as soon as what they keep is `HELP_FRESH_FOR` old. While
the database is away, what is kept goes on being shown.
"""

import logging
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.rich_text import expand_db_html

FIRST_HELP = Path(__file__).parent / "first_help"
LEADS = {"es": ("Primero:", "Después:"), "en": ("First:", "Then:")}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Help:
    title: str
    body: SafeString


class _Kept:
    texts: dict[tuple[str, str], Help] = {}
    since: float | None = None


def help_for(help_id: str, language: str) -> Help | None:
    """`help_id`: the URL name of the screen. None where nobody wrote one, or an editor took it back."""
    if _Kept.since is None or monotonic() - _Kept.since > settings.HELP_FRESH_FOR:
        _read()
    return _Kept.texts.get((help_id, language))


def forget() -> None:
    """Read anew when a page next asks."""
    _Kept.since = None


def _read() -> None:
    from .models import HelpText

    _Kept.since = monotonic()  # first, so that others meanwhile use what is there
    rows = HelpText.objects.filter(live=True).values_list("help_id", "locale__language_code", "title", "body")
    try:
        _Kept.texts = {
            (help_id, language): Help(title, SafeString(expand_db_html(body))) for help_id, language, title, body in rows
        }
    except (OperationalError, InterfaceError):
        logger.warning("help texts could not be read; pages show those that are known", exc_info=True)


# ---------------------------------------------------------------- as they come with the release
def first_texts() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(help id, language, fields) of every text in `first_help/`."""
    for file in sorted(FIRST_HELP.glob("*.toml")):
        for help_id, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for language, (title, *sentences) in texts.items():
                yield help_id, language, {"title": title, "body": _body(language, *sentences)}


def _body(language: str, what: str, first: str, then: str) -> str:
    now, later = LEADS[language]
    return format_html("<p>{}</p><p><b>{}</b> {}</p><p><b>{}</b> {}</p>", what, now, first, later, then)
