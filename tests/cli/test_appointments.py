"""Ending appointments at the command line: which one is meant, from when on, and what else ended with it."""

import pytest

OFFICE = "--role commune_officer --office ubnd-xa-10894"


def appointments(dossier, handle: str = "xa") -> list[dict[str, object]]:
    return [row for row in dossier("person list --json").json if row["handle"] == handle]


def test_an_appointment_ended_at_once_is_listed_so_and_lets_nobody_act(dossier):
    said = dossier(f"person end-appointment xa {OFFICE} --as quantri --lang en")

    assert said.code == 0
    assert "from now on nothing can be done under it" in said.err
    (row,) = appointments(dossier)
    assert (row["valid_to"], row["ended"]) == ("2024-12-08", True)
    refused = dossier("withdraw HD-2024-NC-0001 --as xa --reason x --json")
    assert (refused.code, refused.refusal["code"]) == (4, "appointment_expired")


def test_an_end_to_come_names_its_day_and_the_delegations_that_end_then(dossier):
    dossier("person add thay --name Thay --as quantri")
    dossier(f"person appoint thay {OFFICE} --from 2024-12-01 --to 2025-03-31 --on-behalf-of xa --as quantri")

    said = dossier(f"person end-appointment xa {OFFICE} --on 31/12/2024 --as quantri --json")

    assert said.code == 0
    assert (said.json["last_day"], said.json["delegations"]) == ("2024-12-31", ["thay"])
    assert [row["valid_to"] for row in appointments(dossier, "thay")] == ["2024-12-31"]


def test_a_delegation_is_named_by_who_is_stood_in_for(dossier):
    dossier("person add thay --name Thay --as quantri")
    dossier(f"person appoint thay {OFFICE} --from 2024-12-01 --to 2025-03-31 --on-behalf-of xa --as quantri")

    without = dossier(f"person end-appointment thay {OFFICE} --as quantri --json")
    said = dossier(f"person end-appointment thay {OFFICE} --on-behalf-of xa --as quantri")

    assert (without.code, without.refusal["code"]) == (5, "not_found")
    assert said.code == 0
    assert [row["ended"] for row in appointments(dossier)] == [False]


def test_of_several_appointments_the_first_day_tells_which(dossier):
    dossier(f"person appoint xa {OFFICE} --from 2024-06-01 --as quantri")

    asked = dossier(f"person end-appointment xa {OFFICE} --as quantri --json")
    said = dossier(f"person end-appointment xa {OFFICE} --from 2024-06-01 --as quantri")

    assert (asked.code, asked.refusal["facts"]["why"]) == (7, "several_appointments")
    assert asked.refusal["facts"]["value"] == "2024-01-01, 2024-06-01"
    assert said.code == 0
    assert [row["ended"] for row in appointments(dossier)] == [False, True]


@pytest.mark.parametrize(("on", "words"), [
    ("2024-12-08", {"en": "lies in the past", "vi": "đã qua"}),
    ("2025-06-30", {"en": "is no earlier end", "vi": "không sớm hơn"}),
])  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_end_that_cannot_be_is_refused_in_words(dossier, language, on, words):
    dossier(f"person end-appointment xa {OFFICE} --on 2025-06-30 --as quantri")

    said = dossier(f"person end-appointment xa {OFFICE} --on {on} --as quantri --lang {language}")

    assert said.code == 7
    assert words[language] in said.err
    assert "--on" in said.err
