"""Who oversees looks at nothing without history saying so, and nobody takes a list away unnoticed."""

import errno

import pytest

from dossier_engine.api import call
from dossier_engine.queries.audit import verify
from dossier_engine.queries.trail import trail


@pytest.fixture
def code(api) -> str:
    """Cẩm Hưng's dossier."""
    return api.province.register(on="2024-04-15").dossier


def reads(api) -> list[tuple[str, object, object, object]]:
    with api.province.database.reading() as session:
        found = trail(session, "reads")
        assert verify(session, api.province.law).findings == ()
    return [(f.kind, f.entry["body"]["what"], f.entry["body"]["asked"], f.words) for f in found]


@pytest.mark.asvs("V16.3.2")
@pytest.mark.parametrize("handle", ["thanhtra", "quantri"])
def test_what_they_look_at_is_noted_without_the_words_they_typed(api, code, handle):
    client = api.client(handle)

    client.get("/dossiers?state=registered&q=C%E1%BA%A9m&limit=5").raise_for_status()
    client.get("/dossiers/hd 2024 nc 1").raise_for_status()

    listed, shown = reads(api)
    assert listed == ("read", "api.list_dossiers", {"state": "registered", "limit": "5"}, {"q": "Cẩm"})
    assert shown == ("read", "api.show_dossier", {"code": code}, {})


def test_those_who_work_on_dossiers_are_not_watched(api, code):
    for handle in ("xa", "huyen", "so", "bcd"):
        api.client(handle).get(f"/dossiers/{code}").raise_for_status()

    assert reads(api) == []


@pytest.mark.usefixtures("code")
def test_whoever_takes_a_list_away_is_noted(api):
    api.client("huyen").get("/exports/dossiers.csv?district=C%E1%BA%A9m").raise_for_status()
    api.client("thanhtra").get("/exports/dossiers.csv").raise_for_status()

    assert reads(api) == [
        ("taken_away", "api.export_dossiers", {}, {"district": "Cẩm"}),
        ("taken_away", "api.export_dossiers", {}, {}),
    ]


def test_what_cannot_be_noted_is_not_shown(api, code, monkeypatch):
    def refuses(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(call, "note_read", refuses)

    answer = api.client("thanhtra").get(f"/dossiers/{code}")

    assert (answer.status_code, answer.json()["code"]) == (500, "failure")
    assert "Cẩm Hưng" not in answer.text
