"""Every pair of colours that stand on each other, in the four looks (WCAG 2.2: text 4.5, edges and marks 3)."""

import re

import pytest

from marketplace.frontend.build import HERE

TOKENS = (HERE / "scss" / "tokens.scss").read_text()
TEXT, EDGE = 4.5, 3.0
GROUNDS = ("paper", "surface", "sunken")
TONES = ("ok", "warn", "bad", "info", "plum", "still")
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "link") for ground in (*GROUNDS, "brand-soft", "accent-soft")),
    *((tone, f"{tone}-soft", TEXT) for tone in TONES),
    *((tone, "surface", TEXT) for tone in ("ok", "warn", "bad")),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-hover", TEXT),
    ("brand-ink", "brand-soft", TEXT),
    ("brand-ink", "surface", TEXT),
    ("on-bar", "bar", TEXT),
    ("on-bar-2", "bar-2", TEXT),
    ("on-bar-2", "bar", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("accent-ink", "accent-soft", TEXT),
    ("warn", "accent-soft", TEXT),
    ("on-bar-focus", "bar-focus", TEXT),
    ("bar-focus", "bar", EDGE),
    ("line-strong", "surface", EDGE),
    ("line-strong", "paper", EDGE),
    ("focus", "paper", EDGE),
    ("focus", "surface", EDGE),
    ("focus", "focus-halo", EDGE),
    ("accent", "bar-2", EDGE),
    *((f"c{n}", "surface", EDGE) for n in range(1, 7)),
]


def mixin(name: str) -> dict[str, str]:
    body = TOKENS.split(f"@mixin {name} {{", 1)[1].split("\n}", 1)[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))


LIGHT = mixin("look-light")
DARK = LIGHT | mixin("look-dark")
LOOKS = {
    "light": LIGHT,
    "dark": DARK,
    "light, high contrast": LIGHT | mixin("more-contrast-light"),
    "dark, high contrast": DARK | mixin("more-contrast-dark"),
}


def luminance(colour: str) -> float:
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_ratio_of_black_on_white():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("look", LOOKS)
def test_can_be_told_apart(look):
    colours = LOOKS[look]
    low = {(over, under): round(ratio(colours[over], colours[under]), 2) for over, under, least in PAIRS
           if ratio(colours[over], colours[under]) < least}  # fmt: skip

    assert low == {}
