"""The letter of a notice: what happened, one button to its page, the same as text. It never acts."""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from .models import Notice

TOKENS = Path(__file__).resolve().parents[2] / "frontend/scss/tokens.scss"
FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
LOOKS = {
    "page": "margin:0;padding:24px 12px;background:{body-bg};color:{body-color};" + FONT,
    "letter": "max-width:600px;margin:0 auto;padding:24px;background:white;border-top:4px solid {primary};border-radius:10px",
    "lead": "margin:0 0 20px;font-size:18px;line-height:1.5;font-weight:600",
    "button": "display:inline-block;padding:12px 20px;border-radius:6px;background:{primary};color:white;text-decoration:none",
    "small": "margin:20px 0 0;font-size:14px;line-height:1.5",
}


@lru_cache(maxsize=1)
def looks() -> dict[str, SafeString]:
    """Letters bear their styles inline, in the colours of the pages; they are made from the pages' own tokens."""
    colours = dict(re.findall(r"^\$(primary|body-color|body-bg): (#\w+);", TOKENS.read_text(encoding="utf-8"), re.MULTILINE))
    return {name: mark_safe(f'style="{_filled(look, colours)}"') for name, look in LOOKS.items()}


def _filled(look: str, colours: dict[str, str]) -> str:
    return re.sub(r"{([\w-]+)}", lambda found: colours[found[1]], look)


def notice_letter(notice: Notice) -> EmailMultiAlternatives:
    with override(settings.LANGUAGE_CODE):
        words = {
            "sentence": str(notice),
            "address": f"{settings.BASE_URL}{notice.get_absolute_url()}",
            "membership": notice.membership,
            "person": notice.membership.user,
            "site_name": settings.SITE_NAME,
            "language": get_language(),
            "look": looks(),
        }
        body = render_to_string("communication/mail/notice.txt", words)
        html = render_to_string("communication/mail/notice.html", words)
    subject = " ".join(words["sentence"].split())[:150]
    letter = EmailMultiAlternatives(subject, body, settings.DEFAULT_FROM_EMAIL, [notice.membership.user.email])
    letter.attach_alternative(html, "text/html")
    return letter
