"""On a server with real work everybody is the person of their own account; a file or a demonstration is its owner's."""

import getpass
import os
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from dossier_engine.cli.call import os_user
from dossier_engine.records.database import Database
from dossier_engine.records.installation import found
from dossier_engine.rules.pace import Pace, standing
from tests.cli.terminal import Said
from tests.commands.looking import entries, told
from tests.makers import CAM_HUNG, LUONG_DIEN, Province, a_province, at

Typed = Callable[[str], Said]
on_a_server = pytest.mark.parametrize("database", ["postgres"], indirect=True)
ADD = "person add hoa --name Hoa"


def a_server(database: Database, dossier: Typed, monkeypatch: pytest.MonkeyPatch, *, operators: str = "",
             pace: Pace | None = None) -> tuple[Province, Typed]:  # fmt: skip
    """The province with two dossiers, at which the command line works; `operators` is what the setting says."""
    province = a_province(database)
    with province.writing() as session:
        found(session.connection(), province.law.calendar.version, pace)
    province.register(on="2024-04-15")
    province.register("xa2", LUONG_DIEN, on="2024-04-15")
    monkeypatch.setenv("DOSSIER_DATABASE_URL", database.url.render_as_string(hide_password=False))
    monkeypatch.setenv("DOSSIER_OPERATORS", operators)
    return province, dossier


@pytest.mark.postgres
@on_a_server
def test_the_person_of_the_account_acts_without_being_named_and_the_entry_keeps_both(database, dossier, monkeypatch):
    province, typed = a_server(database, dossier, monkeypatch, operators=f"other=xa, {os_user()} = quantri")

    assert typed(ADD).code == 0
    assert typed(f"{ADD}2 --as quantri".replace("hoa ", "hoa.2 ")).code == 0

    added = entries(province, "people")[-1]
    assert added["actor"]["person"] == province.people["quantri"]
    assert told(province, "people", added["seq"])["os_user"] == os_user()


@pytest.mark.postgres
@on_a_server
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("operators", "line"), [
    ("{}=xa", f"{ADD} --as quantri"), ("other=quantri", f"{ADD} --as quantri"), ("", ADD), ("{}=xa", "list --as huyen"),
    ("", "list"), ("", "person list"), ("", "show HD-2024-NC-0001"),
])  # fmt: skip
def test_nobody_acts_or_reads_as_somebody_else(database, dossier, monkeypatch, operators, line, language):
    province, typed = a_server(database, dossier, monkeypatch, operators=operators.format(os_user()))
    before = entries(province, "people")

    said, as_data = typed(f"{line} --lang {language}"), typed(f"{line} --json")

    assert (said.code, said.out) == (4, "")
    assert "DOSSIER_OPERATORS" in said.err
    assert as_data.refusal["code"] == "operator_not_mapped"
    named = line.partition("--as ")[2] or None
    assert as_data.refusal["facts"] == {"os_user": os_user(), "person": named}
    assert entries(province, "people") == before


@pytest.mark.postgres
@on_a_server
def test_who_names_nobody_reads_within_reach_of_the_person_of_the_account(database, dossier, monkeypatch):
    _, typed = a_server(database, dossier, monkeypatch, operators=f"{os_user()}=xa")

    assert [row["code"] for row in typed("list --json").json] == ["HD-2024-NC-0001"]
    assert typed("show HD-2024-NC-0001 --json").json["locality_code"] == CAM_HUNG
    assert typed("show HD-2024-NC-0002").code == 5


@pytest.mark.postgres
@on_a_server
def test_what_an_auditor_reads_without_being_named_is_noted(database, dossier, monkeypatch):
    province, typed = a_server(database, dossier, monkeypatch, operators=f"{os_user()}=thanhtra")

    assert len(typed("list --json").json) == 2

    (read,) = entries(province, "reads")
    assert (read["actor"]["person"], read["body"]["count"]) == (province.people["thanhtra"], 2)


@pytest.mark.postgres
@on_a_server
def test_the_environment_names_nobody_else_either(database, dossier, monkeypatch):
    _, typed = a_server(database, dossier, monkeypatch, operators=f"{os_user()}=xa")
    monkeypatch.setenv("DOSSIER_PERSON", "quantri")
    monkeypatch.setenv("LOGNAME", "quantri")
    monkeypatch.setenv("USER", "quantri")

    said = typed(f"{ADD} --json")

    assert said.refusal["facts"] == {"os_user": os_user(), "person": "quantri"}


@pytest.mark.postgres
@on_a_server
@pytest.mark.parametrize("line", ["sweep", "deliver", "db check", "audit integrate", "doctor", "metrics"])
def test_what_machines_do_needs_no_person(database, dossier, monkeypatch, line):
    _, typed = a_server(database, dossier, monkeypatch)

    assert "operator_not_mapped" not in typed(f"{line} --json").err


@pytest.mark.postgres
@on_a_server
def test_in_a_demonstration_anybody_may_be_anybody(database, dossier, monkeypatch):
    pace = standing(at("2024-12-09"), datetime.now(UTC))  # noqa: TID251  # the true clock is where it begins
    _, typed = a_server(database, dossier, monkeypatch, pace=pace)

    assert typed(f"{ADD} --as quantri").code == 0
    assert len(typed("list --json").json) == 2


def test_in_a_file_the_setting_means_nothing(dossier, monkeypatch):
    monkeypatch.setenv("DOSSIER_OPERATORS", f"{os_user()}=xa")

    assert dossier(f"{ADD} --as quantri").code == 0


def test_the_account_is_what_the_system_says_and_not_the_environment(monkeypatch):
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "quantri")

    assert getpass.getuser() == "quantri"
    assert os_user() != "quantri"


def test_an_account_without_a_name_is_known_by_its_number(monkeypatch):
    monkeypatch.setattr("dossier_engine.cli.call.os", SimpleNamespace(getuid=lambda: 4_000_000_001))

    assert os_user() == "4000000001"
    assert os.getuid() != 4_000_000_001
