"""All the files together: in order, the same bytes for the same material, in pieces, complete in both languages."""

from dataclasses import replace

import pytest

from dossier_engine.bundle import copies
from dossier_engine.catalogue import LANGUAGES
from tests.bundle.material import made

OPENING = ["LICH-SU.html", "events.csv", "dossier.json", "documents.csv", "ocel.json"]


def test_the_files_stand_in_the_order_of_a_bundle(material):
    references = sorted(d.workflow.reference for d in material.definitions.values())
    drawn = [f"workflow/{r}.{form}" for r in references for form in ("svg", "yaml")]

    assert list(made(material)) == [*OPENING, *drawn, "HUONG-DAN-KIEM-TRA.txt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_material_gives_the_same_bytes(material, language):
    shuffled = replace(
        material,
        streams=dict(reversed(material.streams.items())),
        offices=dict(reversed(material.offices.items())),
        definitions=dict(reversed(material.definitions.items())),
    )

    assert made(shuffled, language) == made(material, language)


def test_a_definition_is_there_as_stored_and_as_its_picture(material):
    found = made(material)

    for definition in material.definitions.values():
        name = f"workflow/{definition.workflow.reference}"
        assert found[f"{name}.yaml"] == definition.content
        assert found[f"{name}.svg"] == f"<svg>{definition.workflow.reference}</svg>\n".encode()


def test_a_long_file_comes_in_a_piece_for_each_dossier(material):
    pieces = {name: len(list(parts)) for name, parts in copies(material, "vi", lambda _: "")}

    assert {name for name in OPENING if pieces[name] < len(material.streams)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_tells_the_three_ways_and_what_a_policy_is(material, language):
    content = made(material, language)["HUONG-DAN-KIEM-TRA.txt"]

    text = content.decode("utf-8-sig")
    assert content.startswith(b"\xef\xbb\xbf")
    assert "\n" not in text.replace("\r\n", "")
    for command in (
        "dossier audit verify X.zip --policy P", "python3 verify.py X.zip --policy P",
        "sha256sum -c MANIFEST.sha256", "certutil -hashfile events.jsonl SHA256",
        "log <vkey>", "witness <name> <vkey>", "group <name> <n> <member>", "quorum <name>",
    ):  # fmt: skip
        assert f"    {command}" in text


def test_in_english_no_vietnamese_is_left_but_names_and_what_people_typed(material):
    guide = made(material, "en")["HUONG-DAN-KIEM-TRA.txt"].decode("utf-8-sig")
    titles = made(material, "en")["events.csv"].decode("utf-8-sig").splitlines()[0]

    assert (guide + titles).isascii()
