"""The colours of the look reach WCAG 2.2 AA in both themes, computed from the tokens themselves."""

import base64
import hashlib
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

TEXT = 4.5  # 1.4.3 contrast (minimum)
SHAPE = 3.0  # 1.4.11 non-text contrast
GROUNDS = ["paper", "surface", "tint"]
KINDS = ["success", "warning", "danger", "info", "primary", "accent"]


def themes():
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    found = {}
    for name, part in {"light": light, "dark": dark}.items():
        found[name] = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part))
    return found


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs():
    for ground in GROUNDS:
        for text in ["ink", "ink-soft", "link", *KINDS]:
            yield text, ground, TEXT
        for shape in ["edge", "focus"]:
            yield shape, ground, SHAPE
    for kind in KINDS:
        yield kind, f"{kind}-tint", TEXT
        yield "ink", f"{kind}-tint", TEXT
    yield "ink-soft", "primary-tint", TEXT  # the hint in a chosen card
    yield "on-primary", "primary", TEXT
    yield "on-primary", "primary-strong", TEXT
    yield "on-danger", "danger", TEXT
    yield "primary", "paper", SHAPE
    yield "edge", "primary-tint", SHAPE
    yield "focus", "primary-tint", SHAPE


def test_the_ratio_is_that_of_wcag():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_dark_and_light_name_the_same_colours():
    found = themes()
    assert set(found["light"]) == set(found["dark"])
    assert len(found["light"]) > 20


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast(theme):
    colours = themes()[theme]
    too_weak = {
        (front, ground): ratio(colours[front], colours[ground])
        for front, ground, least in set(pairs())
        if ratio(colours[front], colours[ground]) < least
    }
    assert too_weak == {}


def test_bootstrap_is_the_one_we_looked_at():
    """The hash that Bootstrap's own site publishes for 5.3.8: nobody changed it on the way."""
    path = finders.find("css/bootstrap.min.css")
    with open(path, "rb") as file:
        digest = hashlib.sha384(file.read()).digest()
    assert base64.b64encode(digest).decode() == (
        "sRIl4kxILFvY47J16cr9ZwB07vP4J8+LH7qKQnuqkuIAvNWLzeN8tE5YBujZqJLB"
    )
