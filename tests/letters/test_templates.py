"""The words of mails: those that ship are sound, and none that is not can be saved."""

import pytest

from dossier_engine.catalogue import LANGUAGES
from dossier_engine.errors import BadInput, NotFound
from dossier_engine.letters import FRAME_FIELDS, ITEM_FIELDS, LETTER, NAMES, Wording, check_template, fill, packaged

FACTS = dict.fromkeys(ITEM_FIELDS, "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_what_ships_is_sound(name, language):
    check_template(name, packaged(language)[name])


@pytest.mark.parametrize("name", NAMES[1:])
def test_every_item_names_the_dossier_the_place_the_state_and_the_rule_in_both_languages(name):
    for language in LANGUAGES:
        text = packaged(language)[name].text
        assert {"$code", "$place", "$state", "$definition", "$holder", "$link"} <= set(text.replace(",", " ").replace(
            ".", " ").replace("(", " ").replace(")", " ").replace(":", " ").split()), (name, language)  # fmt: skip


@pytest.mark.asvs("V1.3.7")
@pytest.mark.parametrize(
    ("name", "subject", "text", "field", "why"),
    [
        ("overdue", "", "Hạn $due", "subject", "missing"),
        ("overdue", "Quá hạn", "  \n", "text", "missing"),
        ("overdue", "x" * 201, "Hạn $due", "subject", "too_long"),
        ("overdue", "Quá hạn", "x" * 10_001, "text", "too_long"),
        ("overdue", "Quá hạn\nBcc: x@example.org", "Hạn $due", "subject", "not_printable_text"),
        ("overdue", "Quá hạn", "Hạn\r$due", "text", "not_printable_text"),
        ("overdue", "Giá 5 $", "Hạn $due", "subject", "lone_dollar"),
        ("overdue", "Quá hạn", "Hạn ${due", "text", "lone_dollar"),
        ("overdue", "Quá hạn", "Hạn $duu", "text", "unknown_field"),
        ("overdue", "Quá hạn $items", "Hạn $due", "subject", "unknown_field"),
        (LETTER, "Việc", "Kính gửi $name", "text", "field_missing"),
        (LETTER, "Việc $items", "$items", "subject", "unknown_field"),
        (LETTER, "Việc", "$items $code", "text", "unknown_field"),
        ("overdue", "Quá hạn", "{{ 7*7 }} $__class__", "text", "unknown_field"),
    ],
)  # fmt: skip
def test_an_unsound_template_is_refused_and_says_where(name, subject, text, field, why):
    with pytest.raises(BadInput) as refusal:
        check_template(name, Wording(subject, text))

    assert (refusal.value.facts["field"], refusal.value.facts["why"]) == (field, why)


def test_there_are_no_other_templates():
    with pytest.raises(NotFound):
        check_template("other", Wording("a", "b"))


@pytest.mark.asvs("V1.3.7")
def test_a_value_is_never_a_template():
    filled = fill("Hồ sơ $code: $words", {**FACTS, "code": "HD", "words": "$code ${items} {{x}} %s {0}"})

    assert filled == "Hồ sơ HD: $code ${items} {{x}} %s {0}"


def test_a_line_with_nothing_to_say_is_left_out_and_one_without_fields_stays():
    filled = fill("Kính gửi\nMở: $link\nHạn: $due ($left)\n", {**FACTS, "due": "thứ Tư"})

    assert filled == "Kính gửi\nHạn: thứ Tư ()"


def test_the_fields_of_the_frame_and_of_an_item_are_apart():
    assert FRAME_FIELDS.isdisjoint(ITEM_FIELDS)
