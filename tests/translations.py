"""Fails on a string that Spanish lacks: `python -m tests.translations`. With `--write` the catalogue gets the new ones.

Every source string of ours must stand in `marketplace/locale/es`, translated and not fuzzy, with the same placeholders.
"""

import os
import re
import sys
from pathlib import Path

import django
import polib
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "marketplace/locale/es/LC_MESSAGES/django.po"
LEFT_OUT = ["tests/*", "node_modules/*", ".venv/*", "marketplace/frontend/*", ".data/*"]
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")


def collect() -> None:
    """Bring the catalogue's source strings to those of the code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings.test")
    django.setup()
    options = {"locale": ["es"], "ignore_patterns": LEFT_OUT, "no_obsolete": True, "add_location": "file", "no_wrap": True}
    call_command("makemessages", verbosity=0, extensions=["py", "html", "txt"], **options)


def faults(catalogue: polib.POFile) -> list[str]:
    found = []
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        if entry.fuzzy or not all(texts):
            found.append(f"not translated: {entry.msgid!r}")
        elif any(_placeholders(text) - _placeholders(entry.msgid + (entry.msgid_plural or "")) for text in texts):
            found.append(f"another placeholder than its source: {entry.msgid!r}")
        elif "\\u" in entry.msgid:
            found.append(f"an escape that is never found at run time, write the sign itself: {entry.msgid!r}")
    return found


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def main(is_writing: bool) -> int:
    before = CATALOGUE.read_text(encoding="utf-8") if CATALOGUE.exists() else ""
    collect()
    found = faults(polib.pofile(str(CATALOGUE)))
    if not is_writing and before:
        CATALOGUE.write_text(before, encoding="utf-8")
    print("\n".join(found) or "Spanish is complete.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv))
