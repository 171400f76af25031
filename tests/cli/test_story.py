"""One commune carried to recognition from a terminal, from an empty folder on, and then an entry tampered with."""

import json
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dossier_engine.cli import run

CAST = {
    "xa": ("commune_officer", "ubnd-xa-10894"),
    "huyen": ("district_reviewer", "ubnd-huyen-295"),
    "mattran": ("front_surveyor", "mttq-huyen-295"),
    "so": ("dard_appraiser", "so-nong-nghiep-va-ptnt"),
    "vanthu": ("decision_clerk", "ubnd-tinh"),
}
DOSSIER = "HD-2024-NC-0001"
SHA = sha256(b"").hexdigest()

Typed = Callable[[str], Any]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """The command line in an empty folder; each command must succeed, and its JSON is the answer."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOSSIER_HOME", str(tmp_path))
    for variable in ("DOSSIER_DATABASE_URL", "DOSSIER_OWNER_URL", "DOSSIER_LANG", "DOSSIER_PERSON"):
        monkeypatch.delenv(variable, raising=False)

    def answer(line: str) -> Any:  # whatever the command answers
        code = run([*shlex.split(line), "--json"])
        streams = capsys.readouterr()
        assert code == 0, f"{line}\n{streams.err}"
        return json.loads(streams.out)

    return answer


def staffed(typed: Typed) -> None:
    typed("init --admin quantri --name 'Nguyễn Văn An'")
    sectors = [office["code"] for office in typed("office list") if office["criteria"] or office["kind"] == "sector"]
    cast = CAST | {code: ("sector_confirmer", code) for code in sectors}
    for handle, (role, office) in cast.items():
        typed(f"person add {handle} --name '{handle} (minh họa)' --as quantri")
        typed(f"person appoint {handle} --role {role} --office {office} --from 2024-01-01 --as quantri")


def documents(typed: Typed, on: str, person: str, **kinds: str) -> None:
    """Record documents, each with the fields of its letters: (n)umber, (d)ate, (s)ha256."""
    for kind, letters in kinds.items():
        fields = {"n": f"--number '12/{kind}'", "d": f"--date {on}", "s": f"--sha256 {SHA}"}
        words = " ".join(fields[letter] for letter in letters)
        typed(f"record {DOSSIER} document {kind} {words} --on {on} --as {person}")


def self_assessed(typed: Typed) -> None:
    typed("register 'Cẩm Hưng, Cẩm Giàng' --year 2024 --on 2024-04-15 --as xa")
    typed(f"record {DOSSIER} criterion all --on 2024-07-08 --as xa")
    typed(f"record {DOSSIER} posting --date 2024-07-01 --date 2024-07-08 --times 3 --on 2024-07-08 --as xa")
    typed(f"record {DOSSIER} vote --agree 18 --present 20 --on 2024-07-10 --as xa")
    documents(typed, "2024-07-10", "xa", front_opinions="nds", commune_submission="nds", results_report="nds",
              opinions_report="nds", minutes="ds", pictures="s")  # fmt: skip
    typed(f"advance {DOSSIER} self_assess --on 2024-07-12 --as xa --reason 'đủ điều kiện'")


def returned_and_supplemented(typed: Typed) -> None:
    typed(f"record {DOSSIER} receipt --date 2024-07-15 --on 2024-07-15 --as huyen")
    typed(f"return {DOSSIER} --supplement 'commune_vote:biên bản thiếu chữ ký' --on 2024-07-18 --as huyen"
          " --reason 'thiếu chữ ký'")  # fmt: skip
    typed(f"record {DOSSIER} vote --agree 19 --present 20 --on 2024-07-22 --as xa")
    typed(f"advance {DOSSIER} self_assess --on 2024-07-23 --as xa --reason 'đã bổ sung'")


def reviewed(typed: Typed) -> None:
    typed(f"record {DOSSIER} receipt --date 2024-07-24 --on 2024-07-24 --as huyen")
    typed(f"record {DOSSIER} criterion all --on 2024-07-29 --as huyen")
    documents(typed, "2024-07-29", "huyen", review_report="nds", district_submission="nds",
              district_opinions_report="nds", front_report="nds", district_minutes="ds")  # fmt: skip
    typed(f"record {DOSSIER} posting --from 2024-07-30 --to 2024-08-14 --on 2024-08-14 --as huyen")
    typed(f"record {DOSSIER} survey --satisfied 196 --answered 200 --asked 210 --on 2024-08-14 --as mattran")
    typed(f"record {DOSSIER} vote --agree 9 --present 10 --on 2024-08-15 --as huyen")
    typed(f"advance {DOSSIER} review --on 2024-08-16 --as huyen --reason 'thẩm tra đạt'")


def appraised(typed: Typed) -> None:
    typed(f"record {DOSSIER} receipt --date 2024-08-19 --on 2024-08-19 --as so")
    confirming = {o["code"] for o in typed("office list") if o["criteria"]}
    alone = {"no_construction_arrears": "so-tai-chinh", "security_not_complex": "cong-an-tinh"}
    asked = [("sector_confirmations", office) for office in sorted(confirming)] + list(alone.items())
    for requirement, office in asked:
        typed(f"record {DOSSIER} confirmation {office} --requirement {requirement} --number 7/XN --date 2024-08-26"
              f" --on 2024-08-26 --as {office}")  # fmt: skip
    documents(typed, "2024-09-05", "so", appraisal_report="nds")
    typed(f"record {DOSSIER} vote --agree 18 --present 19 --members 20 --on 2024-09-06 --as so")
    typed(f"advance {DOSSIER} appraise --on 2024-09-10 --as so --reason 'thẩm định đạt'")


def recognised(typed: Typed) -> None:
    typed(f"record {DOSSIER} document decision --number 2345/QĐ-UBND --date 2024-09-20 --sha256 {SHA}"
          " --field batch=1 --on 2024-09-20 --as vanthu")  # fmt: skip
    typed(f"advance {DOSSIER} recognize --on 2024-09-20 --as vanthu --reason 'Hội đồng đã thông qua'")
    typed(f"record {DOSSIER} announcement --date 2024-10-10 --place 'Nhà văn hóa xã' --on 2024-10-10 --as huyen")


@pytest.mark.slow
def test_a_commune_is_recognised_from_a_terminal_and_a_tampered_entry_is_named(typed, tmp_path, capsys):
    staffed(typed)
    self_assessed(typed)
    returned_and_supplemented(typed)
    reviewed(typed)
    appraised(typed)
    recognised(typed)

    shown = typed(f"show {DOSSIER}")
    history = typed(f"history {DOSSIER}")
    verified = typed("audit verify")

    assert (shown["state"], shown["round"], shown["holder"]) == ("recognized", 2, None)
    moves = [entry["entry"]["body"]["transition"] for entry in history if entry["act"] == "moved"]
    assert moves == ["self_assess", "return_to_commune", "self_assess", "review", "appraise", "recognize"]
    assert {e["who"] for e in history if e["act"] == "moved"} == {f"{h} (minh họa)" for h in CAST if h != "mattran"}
    assert verified["findings"] == []
    assert verified["entries"] > len(history) > 40

    with closing(sqlite3.connect(tmp_path / "dossier.db")) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            connection.execute(f"DROP TRIGGER {name}")
        ((seq, entry),) = connection.execute(
            "SELECT seq, entry FROM history WHERE kind = 'moved' AND CAST(entry AS TEXT) LIKE '%2024-09-20%'"
        ).fetchall()
        forged = bytes(entry).replace(b"2024-09-20", b"2024-06-20")
        connection.execute("UPDATE history SET entry = ? WHERE stream = ? AND seq = ?",
                           (forged, f"dossier/{DOSSIER}", seq))  # fmt: skip

    code = run(["audit", "verify"])

    assert code == 8
    assert f"dossier/{DOSSIER} #{seq}: mục lịch sử đã bị sửa" in capsys.readouterr().err
