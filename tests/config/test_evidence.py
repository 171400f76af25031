"""Files on their way in and out: folder and register agree, whatever fails in between."""

import random
from pathlib import Path

import pytest
from sqlalchemy import select

from config.evidence import is_fit, opened, received
from config.settings import Settings
from config.wiring import Engine
from dossier_engine.commands.keep_file import Kept
from dossier_engine.errors import FileRefused, FileTooLarge
from dossier_engine.records.tables import TABLES
from tests.files.making import MACRO_DOCX, a_pdf, an_office_file
from tests.makers import at

FILE = TABLES["evidence_file"]


@pytest.fixture
def engine(province, tmp_path):
    url = "sqlite://"
    return Engine(
        Settings(tmp_path, url, url, "vi", None, file_limit=4_000), province.database, clock=lambda: at("2024-07-10")
    )


@pytest.fixture
def bring(engine, province):
    """What takes a file in for Cẩm Hưng's dossier, brought by its commune."""
    code = province.register().dossier

    def bring(*chunks: bytes, name: str = "báo cáo.pdf") -> Kept:
        with received(engine, chunks, name) as arrived, engine.database.writing() as session:
            return arrived.keep(session, code, province.people["xa"], now=engine.now())

    return bring


def registered(engine: Engine) -> set[str]:
    with engine.database.reading() as session:
        return set(session.execute(select(FILE.c.sha256)).scalars())


def lying(engine: Engine) -> set[str]:
    return {f.name for f in engine.settings.files.rglob("*") if f.is_file()}


def test_a_file_that_is_kept_lies_in_the_folder_and_stands_in_the_register(engine, bring):
    kept = bring(a_pdf()[:5], a_pdf()[5:])

    assert kept == Kept(kept.sha256, len(a_pdf()), "application/pdf", "báo cáo.pdf")
    assert lying(engine) == registered(engine) == {kept.sha256}
    with opened(engine, kept.sha256) as file:
        assert file.read() == a_pdf()


@pytest.mark.parametrize(
    ("refusal", "content"),
    [(FileRefused, an_office_file(MACRO_DOCX)), (FileTooLarge, random.Random(1).randbytes(4_001))],
)
def test_a_file_that_is_refused_is_in_neither(refusal, content, engine, bring):
    with pytest.raises(refusal):
        bring(content, name="báo cáo.docx")

    assert lying(engine) == registered(engine) == set()


def test_a_file_whose_transaction_fails_is_in_no_register(engine, province, bring):
    code = "HD-2024-NC-0001"
    with (
        pytest.raises(KeyError),
        received(engine, [a_pdf()], "a.pdf") as arrived,
        engine.database.writing() as session,
    ):
        arrived.keep(session, code, province.people["xa"], now=engine.now())
        raise KeyError

    assert registered(engine) == set()
    assert bring(a_pdf()).sha256 in registered(engine)


def test_a_file_that_nobody_keeps_is_in_neither(engine):
    with received(engine, [a_pdf()], "a.pdf") as arrived:
        pass

    assert arrived.file.media_type == "application/pdf"
    assert lying(engine) == registered(engine) == set()


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # a name is no matter of the database's kind
def test_ten_thousand_hostile_names_touch_nothing_but_the_folder(engine, province, tmp_path):
    chance = random.Random(7)
    pieces = [
        "..",
        "/",
        "\\",
        "etc",
        "passwd",
        "C:",
        "\0",
        "\r\n",
        "\u202e",
        "con",
        ".",
        "~",
        "|",
        "%2e",
        "\ud800",
        "ệ",
    ]
    code = province.register().dossier
    before = {p for p in tmp_path.rglob("*") if engine.settings.files not in (p, *p.parents)}
    names = {"".join(chance.choices(pieces, k=chance.randint(1, 12))) for _ in range(12_000)}

    with engine.database.writing() as session:
        for n, name in enumerate(sorted(names)[:10_000]):
            with received(engine, [a_pdf(str(n % 50))], name) as arrived:
                arrived.keep(session, code, province.people["xa"], now=engine.now())

    assert len(names) >= 10_000
    assert len(lying(engine)) == 50
    assert {p for p in tmp_path.rglob("*") if engine.settings.files not in (p, *p.parents)} - before <= {
        Path(f"{tmp_path / 'dossier.db'}-{part}") for part in ("wal", "shm")
    }


def test_a_folder_fits_if_it_can_be_written_and_nobody_else_looks_into_it(tmp_path):
    folder = tmp_path / "files"
    closed = tmp_path / "file"
    closed.write_text("")

    assert is_fit(folder / "later")
    folder.mkdir(mode=0o700)
    assert is_fit(folder)
    folder.chmod(0o750)
    assert is_fit(folder)
    folder.chmod(0o755)
    assert not is_fit(folder)
    assert not is_fit(closed / "files")


def test_a_folder_that_cannot_be_written_does_not_fit(tmp_path, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)  # the tests may run as root, to whom nothing is closed

    assert not is_fit(tmp_path)
