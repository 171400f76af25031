"""Templates: strict, escaped, and with not one word that a component brought in English."""

import re
from datetime import UTC, date, datetime

import pytest
from jinja2 import UndefinedError

from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.web.frame import Frame, Link
from dossier_engine.web.rendering import environment, render

HOSTILE = '<script>alert("x")</script>'
NOON = datetime(2024, 12, 9, 5, 0, tzinfo=UTC)
OPTIONS = [{"value": "a", "text": HOSTILE, "hint": HOSTILE}, {"value": HOSTILE, "text": "B"}]
LINKS = [Link(HOSTILE, "/a"), Link(HOSTILE, "/b", here=True)]
ROWS = [{"key": HOSTILE, "value": HOSTILE, "action": {"href": "/a", "text": HOSTILE}}, {"key": "k", "value": "v"}]
TASKS = [
    {"text": HOSTILE, "status": HOSTILE, "href": "/a", "hint": HOSTILE, "colour": "blue"},
    {"text": "t", "status": HOSTILE},
]
ASKED = {"error": HOSTILE, "hint": HOSTILE}

# By file and macro: what it is called with, so that every part of it speaks.
CALLS = {
    "navigation": {
        "main_navigation": ((LINKS,), {}),
        "back_link": (("/a",), {}),
        "breadcrumbs": ((LINKS,), {}),
        "tabs": ((LINKS, HOSTILE), {}),
        "pagination": ((), {"previous": "/a", "next": "/b"}),
    },
    "form": {
        "button": ((HOSTILE,), {"name": "n", "value": HOSTILE, "kind": "warning"}),
        "input": (("n", HOSTILE), {"value": HOSTILE, "width": 5, "suffix": HOSTILE, **ASKED}),
        "password": (("n", HOSTILE), ASKED),
        "textarea": (("n", HOSTILE), {"value": HOSTILE, **ASKED}),
        "radios": (("n", HOSTILE, OPTIONS), {"value": HOSTILE, **ASKED}),
        "checkboxes": (("n", HOSTILE, OPTIONS), {"values": ["a"], **ASKED}),
        "select": (("n", HOSTILE, OPTIONS), {"value": "a", **ASKED}),
        "date": (("n", HOSTILE), {"day": HOSTILE, "month": "2", "year": "2024", **ASKED}),
        "file_upload": (("n", HOSTILE), {"accept": HOSTILE, **ASKED}),
        "error_summary": (([{"text": HOSTILE, "href": "#n"}],), {}),
    },
    "shown": {
        "tag": ((HOSTILE,), {}),
        "summary_list": ((ROWS,), {}),
        "task_list": ((TASKS,), {}),
        "notification": ((HOSTILE,), {}),
        "panel": ((HOSTILE, HOSTILE), {}),
        "warning": ((HOSTILE,), {}),
        "details": ((HOSTILE, HOSTILE), {"open": True}),
        "inset": ((HOSTILE,), {}),
        "drawn": (("<svg></svg>", [("done", HOSTILE)]), {}),
        "table": ((HOSTILE, [HOSTILE, "b"], [[HOSTILE, 1]]), {"numeric": (1,)}),
    },
}
MACROS = [(file, macro) for file, macros in CALLS.items() for macro in macros]
ENGLISH = re.compile(
    r"\b(Warning|Error|Show|Hide|password|Pagination|Page|Previous|Next|Back|Breadcrumb|Menu|Service|Important|Success"
    r"|Contents|Day|Month|Year|problem|Skip)\b"
)


def spoken(html):
    """What people see or hear: text and the attributes that are read aloud."""
    heard = re.findall(r'(?:aria-label|title|alt|data-i18n[\w.-]+|data-label)="([^"]*)"', html)
    return " ".join([re.sub(r"<[^>]*>", " ", html), *heard])


def called(language, file, macro):
    arguments, named = CALLS[file][macro]
    return str(getattr(environment(language).get_template(f"ui/{file}.html").module, macro)(*arguments, **named))


def a_page(language, **facts):
    template = environment(language).from_string(
        "{% extends 'base.html' %}{% block title %}{{ h1 }}{% endblock %}"
        "{% block main %}<h1>{{ h1 }}</h1>{% endblock %}"
    )
    return template.render(frame=Frame(address="/ho-so", at=NOON, **facts), h1=HOSTILE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("file", "macro"), MACROS)
def test_what_people_typed_is_never_markup(language, file, macro):
    html = called(language, file, macro)

    assert "<script" not in html
    assert macro in {"back_link", "pagination"} or "&lt;script&gt;" in html


@pytest.mark.parametrize(("file", "macro"), MACROS)
def test_no_component_speaks_english_by_itself(file, macro):
    said = spoken(called("vi", file, macro))

    assert ENGLISH.findall(said) == []


def test_every_macro_is_called_here():
    public = {
        (file, name)
        for file in CALLS
        for name in vars(environment("vi").get_template(f"ui/{file}.html").module)
        if not name.startswith("_")
    }

    assert public == set(MACROS)


def test_an_error_is_said_before_its_words_and_tied_to_its_field():
    html = called("vi", "form", "input")

    assert '<span class="govuk-visually-hidden">Lỗi:</span>' in html
    assert 'aria-describedby="n-hint n-error"' in html


def test_lines_of_a_text_come_back_as_they_were_typed():
    macro = environment("vi").get_template("ui/form.html").module.textarea

    assert "một\n  hai\nba</textarea>" in macro("n", "Ghi chú", value="một\n  hai\nba")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_its_frame_around_it(language):
    around = {"navigation": tuple(LINKS), "person": HOSTILE, "form_token": "t", "phone": "0220 3 850 850"}

    html = a_page(language, demonstration=True, **around)

    words = catalogue(language)
    assert f'<html lang="{language}"' in html
    assert f"&lt;/script&gt; - {words.say('page.frame.product')}</title>" in html
    assert '<a href="#main" class="govuk-skip-link"' in html
    assert 'href="tel:02203850850"' in html
    assert words.say("page.frame.demonstration") in html
    assert words.say("page.frame.sign_out") in html
    assert "12:00 09/12/2024" in html
    assert "<script>" not in html
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)  # the content policy forbids them
    assert language == "en" or ENGLISH.findall(spoken(html)) == []


def test_whoever_has_not_signed_in_finds_no_way_out_and_no_navigation():
    html = a_page("vi")

    assert "dang-xuat" not in html
    assert "<nav" not in html
    assert "MINH HỌA" not in html


def test_a_page_without_assets_is_a_page_without_style(monkeypatch):
    monkeypatch.setitem(environment("vi").globals, "asset", lambda _: None)

    html = a_page("vi")

    assert "stylesheet" not in html
    assert "<script" not in html
    assert "<h1>" in html


def test_what_a_page_was_not_given_is_a_defect():
    with pytest.raises(UndefinedError, match="frame"):
        render("base.html", catalogue("vi"))


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [("vi", 1234.5, "1.234,5"), ("en", 1234.5, "1,234.5"), ("vi", 1234567, "1.234.567"), ("en", 12, "12")],
)
def test_numbers_are_written_as_the_language_writes_them(language, value, said):
    assert environment(language).from_string("{{ v | number }}").render(v=value) == said


def test_days_and_instants_are_those_of_hanoi():
    late = datetime(2024, 12, 9, 18, 30, tzinfo=UTC)

    said = environment("en").from_string("{{ d | day }} {{ t | instant }}").render(d=date(2024, 12, 5), t=late)

    assert said == "05/12/2024 01:30 10/12/2024"
