"""Documents at the command line: a file that is given is kept, can be had again, and is never written over."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.lines import AT_DISTRICT, KEPT, RECOGNISED
from tests.cli.terminal import held
from tests.files.making import MACRO_DOCX, a_pdf, an_office_file

REPORT = f"record {AT_DISTRICT} document review_report --number 12 --date 2024-07-20 --as huyen"


def files(home: Path) -> set[str]:
    return {f.name for f in (home / "files").rglob("*") if f.is_file()}


def test_a_file_that_is_given_is_kept_and_comes_back_as_it_was(dossier, home):
    Path("báo cáo.pdf").write_bytes(a_pdf("thẩm tra"))

    done = dossier(f"{REPORT} --file 'báo cáo.pdf'")
    [row] = [d for d in dossier(f"document list {AT_DISTRICT} --json").json if d["document"] == "review_report"]
    got = dossier(f"document get {AT_DISTRICT} {row['sha256']} --to copy.pdf --as huyen")

    assert (done.code, got.code) == (0, 0), done.err + got.err
    assert (row["file_name"], row["media_type"]) == ("báo cáo.pdf", "application/pdf")
    assert row["kept"]
    assert row["bytes"] == len(a_pdf("thẩm tra"))
    assert Path("copy.pdf").read_bytes() == a_pdf("thẩm tra")
    assert files(home) == {KEPT, row["sha256"]}


@pytest.mark.parametrize("beside", ["--dry-run", f"--sha256 {'ab' * 32}", "--as mattran"])
def test_a_file_is_kept_with_its_record_or_not_at_all(beside, dossier, home):
    Path("a.pdf").write_bytes(a_pdf("thẩm tra"))
    before = held(home)

    dossier(f"{REPORT} --file a.pdf {beside}")

    assert held(home) == before
    assert files(home) == {KEPT}


def test_a_document_with_macros_is_refused_whatever_its_name(dossier, home):
    Path("báo cáo.docx").write_bytes(an_office_file(MACRO_DOCX))
    before = held(home)

    said = dossier(f"{REPORT} --file 'báo cáo.docx'")

    assert said.code == 7
    assert "có macro" in said.err
    assert (held(home), files(home)) == (before, {KEPT})


def test_a_file_over_the_limit_is_refused(dossier, home, monkeypatch):
    monkeypatch.setenv("DOSSIER_FILE_LIMIT", "1")
    Path("a.pdf").write_bytes(a_pdf("x" * 2**20))

    said = dossier(f"{REPORT} --file a.pdf --json")

    assert (said.code, said.refusal["code"]) == (7, "file_too_large")
    assert files(home) == {KEPT}


def test_a_document_that_was_recorded_again_is_listed_twice(dossier):
    rows = [d for d in dossier(f"document list {RECOGNISED} --json").json if d["document"] == "minutes"]

    assert [(row["kept"], row["void_seq"]) for row in rows] == [(True, None), (False, rows[0]["seq"])]
    assert "Biên bản cuộc họp đề nghị xét, công nhận [minutes]" in dossier(f"document list {RECOGNISED}").out


def test_nothing_is_written_over(dossier):
    Path("copy.pdf").write_text("của tôi", "utf-8")

    said = dossier(f"document get {RECOGNISED} {KEPT} --to copy.pdf")

    assert said.code == 7
    assert "không ghi đè" in said.err
    assert Path("copy.pdf").read_text("utf-8") == "của tôi"


def test_a_file_that_cannot_be_had_is_said_so(dossier, home):
    [bare, *_] = [d["sha256"] for d in dossier(f"document list {RECOGNISED} --json").json if not d["kept"]]
    place = home / "files" / KEPT[:2] / KEPT[2:4] / KEPT

    unknown = dossier(f"document get {RECOGNISED} {'0' * 64} --to a --json")
    unkept = dossier(f"document get {RECOGNISED} {bare} --to a --json")
    elsewhere = dossier(f"document get {RECOGNISED} {KEPT} --to a --as huyen2 --json")
    no_folder = dossier(f"document get {RECOGNISED} {KEPT} --to nowhere/a --json")
    place.write_bytes(b"x")
    damaged = dossier(f"document get {RECOGNISED} {KEPT} --to a")
    place.unlink()
    gone = dossier(f"document get {RECOGNISED} {KEPT} --to a --json")

    assert (unknown.code, unknown.refusal["code"]) == (5, "not_found")
    assert (unkept.code, unkept.refusal["facts"]["why"]) == (5, "never_kept")
    assert (elsewhere.code, elsewhere.refusal["facts"]["kind"]) == (5, "dossier")
    assert (no_folder.code, no_folder.refusal["facts"]["why"]) == (7, "cannot_write")
    assert damaged.code == 8
    assert sha256(b"x").hexdigest() in damaged.err
    assert (gone.code, gone.refusal["facts"]["why"]) == (5, "file_gone")
    assert not Path("a").exists()


def test_doctor_says_whether_others_may_look_into_the_folder(dossier, home):
    (home / "files").chmod(0o755)

    checks = dossier("doctor").out

    assert "thư mục tệp" in checks
    assert "quyền 0700" in checks
