"""What holds for every template of the house, whoever wrote it."""

import re

import pytest
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template

ROOT = settings.BASE_DIR / "templates"
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in ROOT.rglob("*")
    if path.suffix in {".html", ".txt"}
)
PAGES = [name for name in FILES if name.endswith(".html") and not name.startswith("emails/")]


def source(name):
    return (ROOT / name).read_text()


def inline_code(text):
    """What a strict content policy would refuse in this template."""
    found = re.findall(r"""\sstyle\s*=\s*["']""", text)
    found += re.findall(r"<style\b", text)
    found += re.findall(r"""<[a-z][^>]*\son[a-z]+\s*=\s*["']""", text)
    found += [
        tag
        for tag in re.findall(r"<script\b[^>]*>", text)
        if "src=" not in tag and 'type="application/json"' not in tag
    ]
    return found


def unsafe_forms(text):
    forms = re.findall(r"<form\b[^>]*>.*?</form>", text, re.DOTALL)
    posts = [form for form in forms if re.match(r"""<form\b[^>]*method=["']post["']""", form)]
    return [form for form in posts if "{% csrf_token %}" not in form]


def test_each_compiles():
    assert FILES
    for name in FILES:
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            pytest.fail(f"{name}: {error}")


def test_no_inline_style_or_script():
    assert {name: found for name in PAGES if (found := inline_code(source(name)))} == {}


def test_each_post_form_has_its_token():
    assert {name: found for name in PAGES if (found := unsafe_forms(source(name)))} == {}


def test_each_whole_page_names_its_language():
    whole = [name for name in FILES if "<html" in source(name)]
    assert whole
    assert [name for name in whole if not re.search(r"<html\b[^>]*\slang=", source(name))] == []


def test_nothing_is_fetched_from_elsewhere():
    elsewhere = r"""(\ssrc|\saction|<link\b[^>]*\shref)=["']?(https?:)?//"""
    assert [name for name in PAGES if re.search(elsewhere, source(name))] == []


def test_htmx_attributes_are_valid_html():
    assert [name for name in PAGES if re.search(r"\shx-[a-z]", source(name))] == []


def test_every_icon_exists():
    used = {
        name for page in PAGES for name in re.findall(r'{% lucide "([a-z0-9-]+)"', source(page))
    }
    assert used
    for name in used:
        Template(f'{{% load lucide %}}{{% lucide "{name}" %}}').render(Context())


@pytest.mark.parametrize(
    "bad",
    ['<p style="color:red">', "<a onclick='x()'>", "<script>x()</script>", "<style>p{}</style>"],
)
def test_the_check_for_inline_code_sees_it(bad):
    assert inline_code(bad)


def test_the_check_for_tokens_sees_a_bare_form():
    assert unsafe_forms('<form class="a" method="post">{{ form }}</form>')
    assert not unsafe_forms('<form method="get">{{ form }}</form>')
