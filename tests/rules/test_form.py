"""Definitions as entries hold them: everything comes back, and nothing else is taken for one."""

from dataclasses import fields, replace

import pytest

from dossier_engine.rules.entry import canonical, parse
from dossier_engine.rules.form import form, read
from workflows.loader import load, packaged


@pytest.mark.parametrize(("name", "content"), packaged())
def test_a_shipped_definition_comes_back_from_an_entry_as_it_was(name, content):
    definition = load(content, name)

    again = read(parse(canonical({"_v": 1, "rules": form(definition)}))["rules"])

    assert {f.name: getattr(again, f.name) for f in fields(again)} == {
        f.name: getattr(definition, f.name) for f in fields(definition)
    }
    assert list(again.states) == list(definition.states)  # the order tells which state is the first


@pytest.mark.parametrize(
    ("plain", "error"),
    [
        (None, TypeError),
        ([], TypeError),
        ({"is": "Text", "vi": "a", "en": "b"}, TypeError),
        ({"is": "Text", "vi": "a"}, TypeError),
        ({"is": "Popen", "args": "sh"}, KeyError),
        ({"is": "Path"}, KeyError),
        ({"vi": "a"}, ValueError),
        ({"day": "tomorrow"}, ValueError),
        ({"share": "9/0"}, ZeroDivisionError),
        ({"pairs": ["abc"]}, ValueError),
    ],
)
def test_whatever_is_no_definition_is_refused(plain, error):
    with pytest.raises(error):
        read(plain)


def test_a_value_that_an_entry_cannot_hold_has_no_form():
    name, content = packaged()[0]

    with pytest.raises(TypeError, match="float"):
        form(replace(load(content, name), milestones=(0.5,)))
