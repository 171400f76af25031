"""The demonstration and the simulated year, as they are typed."""

import pytest

pytestmark = pytest.mark.slow


def test_the_demonstration_is_loaded_once_and_what_it_suggests_works(dossier, home):
    (home / "dossier.db").unlink()

    loaded, again = dossier("demo load --json"), dossier("demo load --json")
    suggested = dossier("demo next --json").json["commands"]
    said = {command: dossier(command.removeprefix("dossier ")) for command in suggested}

    assert (loaded.json["loaded"], again.json["loaded"]) == (True, False)
    assert loaded.json["now"].startswith("2024-10-04T08:00")
    assert len(suggested) > 5
    assert {command: answer.err for command, answer in said.items() if answer.code} == {}
    assert all("DỮ LIỆU MINH HỌA" in answer.err for answer in said.values())


def test_invented_work_is_never_put_where_there_is_real_work(dossier, home):
    (home / "dossier.db").unlink()
    dossier("init")

    loaded, simulated = dossier("demo load --json"), dossier("simulate --json")

    assert (loaded.code, loaded.refusal["code"]) == (6, "not_empty")
    assert (simulated.code, simulated.refusal["code"]) == (6, "not_empty")


def test_a_year_is_simulated_in_a_database_of_its_own(dossier, tmp_path):
    file = tmp_path / "năm.db"

    said = dossier(f"simulate --seed 7 --database sqlite:///{file} --json")

    assert said.code == 0, said.err
    assert len(said.json["histories_sha256"]) == 64
    assert {row["workflow"] for row in said.json["progress"]} == {
        "commune-advanced",
        "commune-model",
        "district-advanced",
    }
    assert file.exists()


def test_a_database_that_cannot_be_named_so_is_refused(dossier):
    said = dossier("simulate --database năm.db")

    assert said.code == 7
    assert "--database" in said.err
