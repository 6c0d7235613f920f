"""The letter of a notice, and that of a day: what happened, the way to its page, the same as text. It never acts.

A letter is in the language that its reader has chosen, and so are the pages to which it leads.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, override

from marketplace.kernel.screens.shown import day_text, moment_text
from marketplace.kernel.text import sort_key

from .groups import GROUPS, NoticeGroup
from .models import Notice

TOKENS = Path(__file__).resolve().parents[2] / "frontend/scss/tokens.scss"
FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
LOOKS = {
    "page": "margin:0;padding:24px 12px;background:{body-bg};color:{body-color};" + FONT,
    "letter": "max-width:600px;margin:0 auto;padding:24px;background:white;border-top:4px solid {primary};border-radius:10px;"
    "overflow-wrap:anywhere",
    "lead": "margin:0 0 20px;font-size:18px;line-height:1.5;font-weight:600",
    "button": "display:inline-block;padding:12px 20px;border-radius:6px;background:{primary};color:white;text-decoration:none",
    "small": "margin:20px 0 0;font-size:14px;line-height:1.5",
    "organisation": "margin:28px 0 0;padding:0 0 8px;border-bottom:2px solid {primary};font-size:17px;line-height:1.4",
    "group": "margin:20px 0 4px;font-size:14px;line-height:1.4;font-weight:600",
    "list": "margin:0;padding:0;list-style:none",
    "line": "margin:0;padding:8px 0;font-size:16px;line-height:1.5",
    "link": "color:{primary}",
    "due": "display:block;font-size:14px;font-weight:600",
}


@lru_cache(maxsize=1)
def looks() -> dict[str, SafeString]:
    """Letters bear their styles inline, in the colours of the pages; they are made from the pages' own tokens."""
    colours = dict(re.findall(r"^\$(primary|body-color|body-bg): (#\w+);", TOKENS.read_text(encoding="utf-8"), re.MULTILINE))
    return {name: mark_safe(f'style="{_filled(look, colours)}"') for name, look in LOOKS.items()}


def _filled(look: str, colours: dict[str, str]) -> str:
    return re.sub(r"{([\w-]+)}", lambda found: colours[found[1]], look)


def notice_letter(notice: Notice) -> EmailMultiAlternatives:
    with override(notice.membership.user.language):
        line = Line.of(notice)
        return _letter(line.sentence, "notice", notice, {"line": line, "membership": notice.membership})


def digest_letter(notices: list[Notice], at: datetime) -> EmailMultiAlternatives:
    """A person's day: by organisation, then by what it is about, each notice with its page. `notices`: of one person, some."""
    with override(notices[0].membership.user.language):
        count = len(notices)
        subject = ngettext("{count} notice of {day}", "{count} notices of {day}", count).format(count=count, day=day_text(at))
        words = {"organisations": _by_organisation(notices), "count": count, "notices_address": _address("communication:notices")}
        return _letter(subject, "digest", notices[0], words)


@dataclass(frozen=True)
class Line:
    """A notice as a letter says it. `due`: until when, in words; empty without a deadline."""

    sentence: str
    address: str
    due: str

    @classmethod
    def of(cls, notice: Notice) -> "Line":
        due = moment_text(notice.due) if notice.due else ""
        return cls(" ".join(str(notice).split()), f"{settings.BASE_URL}{notice.get_absolute_url()}", due)


@dataclass(frozen=True)
class OrganisationTold:
    name: str
    groups: list[tuple[NoticeGroup, list[Line]]]


def _by_organisation(notices: list[Notice]) -> list[OrganisationTold]:
    """In the order of the alphabet; within each, what has a deadline first."""
    names = sorted({notice.membership.organisation_name for notice in notices}, key=sort_key)
    return [
        OrganisationTold(name, _by_group([each for each in notices if each.membership.organisation_name == name])) for name in names
    ]


def _by_group(notices: list[Notice]) -> list[tuple[NoticeGroup, list[Line]]]:
    told = ((group, [Line.of(each) for each in notices if each.about.group is group]) for group in GROUPS)
    return [(group, lines) for group, lines in told if lines]


def _letter(subject: str, template: str, first: Notice, words: dict[str, Any]) -> EmailMultiAlternatives:
    """`first`: names the letter, so that one that left twice (the server died as it took it) is known to be the same."""
    words |= {
        "subject": subject,
        "preferences_address": _address("communication:preferences"),
        "language": get_language(),
        "look": looks(),
    }
    to, key = first.membership.user.email, f"<{template}.{first.id_public}@{urlsplit(settings.BASE_URL).hostname}>"
    body = render_to_string(f"communication/mail/{template}.txt", words)
    letter = EmailMultiAlternatives(subject[:150], body, settings.DEFAULT_FROM_EMAIL, [to], headers={"Message-ID": key})
    letter.attach_alternative(render_to_string(f"communication/mail/{template}.html", words), "text/html")
    return letter


def _address(url_name: str) -> str:
    return f"{settings.BASE_URL}{reverse(url_name)}"
