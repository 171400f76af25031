"""The two catalogues: the same keys, every word that the engine speaks, and Vietnamese that is Vietnamese."""

import re
from string import Formatter
from typing import get_args

import pytest

from config.provinces import load_localities, load_offices, load_plan
from config.registration_sheets import COLUMNS
from dossier_engine import errors
from dossier_engine.api.problems import _SHAPES, STATUS
from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.cli.app import tree
from dossier_engine.commands.deliver import Status, Word
from dossier_engine.errors import DossierError
from dossier_engine.queries.accounting import UNEXPLAINED
from dossier_engine.records.database import _POSTGRES_WHY, _SQLITE_WHY
from dossier_engine.rules.authority import OFFICE_KINDS, ROLES
from dossier_engine.rules.due import Outcome
from dossier_engine.rules.entry import UNVERSIONED, VERSIONED
from dossier_engine.rules.limits import Why
from dossier_engine.rules.workflow import RECOGNITION_LEVELS, STATUSES
from tests.cli.sources import constants, patterns, texts
from workflows.loader import _KINDS, _SUBJECTS

EN, VI = catalogue("en").words, catalogue("vi").words
TYPED_EN, TYPED_VI = catalogue("en", terminal=True).words, catalogue("vi", terminal=True).words
TABLES = {key.split(".")[0] for key in EN}
each_language = pytest.mark.parametrize("language", LANGUAGES)

# What registering a line of a list can be refused with; see `import_registrations`.
OF_A_LIST = (
    errors.NotFound,
    errors.WrongSubject,
    errors.NotAllowed,
    errors.AppointmentExpired,
    errors.AlreadyOpen,
    errors.RequirementsUnmet,
    errors.KeyReused,
    errors.DateInFuture,
    errors.BadInput,
    errors.CalendarMissing,
)

# The same in both languages because it is a name, a sign, or typed as it stands.
ALIKE = {
    "error.bad_input",
    "up.trouble",
    "kind.webhook",
    "metavar.HEX",
    "metavar.URL",
    "column.seq",
    "column.sha256",
    "say.none",
    "diagram.leads",
    "page.sheet.example_district",
    "page.sheet.example_name",
    "page.sheet.example_document_number",
}
TYPED = re.compile(r"`[^`]*`|\{\w+\}|--[\w-]+|dossier [a-z]+( [a-z]+)?|code,name\S*|workflows/README\.md|\w+_\w+")
ENGLISH = re.compile(
    r"\b(the|and|is|are|was|of|with|this|that|not|from|file|to|be|must|it|or|in|has|for|by)\b", re.IGNORECASE
)
VIETNAMESE = re.compile(r"[ăâđêôơưàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵ]", re.IGNORECASE)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def subclasses(kind: type[DossierError]) -> set[type[DossierError]]:
    return {kind, *(below for direct in kind.__subclasses__() for below in subclasses(direct))}


def spoken() -> dict[str, set[str]]:
    """By table: every key that the sources or the data can ask for."""
    tree(catalogue("vi"))  # imports every command, and so every refusal
    problems = constants("Problem", 2) | constants("_fault", 1) | constants("_stop", 1) | constants("problem", 0)
    problems |= constants("fault", 0, "missing") | constants("text", 1, "missing") | constants("section", 1, "missing")
    problems |= constants("choice", 2, "code") | constants("whole", 1, "code") | constants("listed", 9, "repeated")
    channels = constants("ChannelDown", 2)
    signing = (
        constants("_public", 3)
        | constants("SignerRefuses", 0)
        | constants("WitnessRefuses", 0)
        | constants("MemoryDamaged", 1)
    )
    files = constants("FileRefused", 0) | constants("FileMissing", 1) | {"disk_full", "folder_closed"}
    schema = constants("SchemaDiffers", 3) | {"not_initialised", "newer", "older"}  # chosen in one expression
    database = {*_SQLITE_WHY.values(), *_POSTGRES_WHY.values(), "unreachable"}
    kinds = constants("NotFound", 0) | constants("AlreadyThere", 0) | {*_KINDS, *_SUBJECTS}
    doctor = constants("Check", 0)
    return {
        "error": {kind.code for kind in subclasses(DossierError)} | {"interrupted"},
        "why": constants("BadInput", 2) | constants("Misused", 1) | database | schema | channels | signing | files,
        "field": {f for f in constants("BadInput", 0) if re.fullmatch("[a-z_0-9]+", f)},
        "unmet": constants("_lack", 0),
        "problem": problems | {"unit_unknown", "unit_ambiguous"} | {kind.code for kind in OF_A_LIST},
        "finding": constants("Finding", 1) | {"definition_changed"},  # chosen in one expression
        "role": {*ROLES},
        "kind": kinds
        | {office.kind for office in load_offices("hai_duong")}
        | {locality.kind for locality in load_localities("hai_duong")}
        | {kind for found in OFFICE_KINDS.values() for kind in found},
        "level": {*RECOGNITION_LEVELS},
        "entry": {*VERSIONED, *UNVERSIONED},
        "step": {*get_args(Why)},
        "outcome": {
            *get_args(Outcome),
            *UNEXPLAINED,
            "waiting",
            "newer",
            "already_escalated",
            "met",
            "left",
            "acted",
            "nobody",
        },
        "cause": {"rung", "stalled", "raised"},
        "incident": constants("incident", 0) | constants("_incident", 0),
        "distance": {"weekly", "unanswered", "raised", "answered"},
        "seat": {"holder", "head"},
        "status": {*STATUSES, "unverified"},
        "actor": {o.actor for o in load_plan("hai_duong", 2024).obligations},
        "channel": {"mail", "webhook"},
        "sending": {*get_args(Status)},
        "verdict": {*get_args(Word)} - {"untried"},
        "doctor": doctor | {f"fix_{name}" for name in doctor - {"clock", "dead_letters"}},
        "up": constants("Happened", 0),
        "shape": {code for _, code in _SHAPES} | {"not_a_cursor", "wrong"},
        "title": {str(status) for status in STATUS},
        "heading": {*COLUMNS},
        "next": {f"look_{kind}" for kind in constants("NotFound", 0)},
    }


SPOKEN = spoken()


def test_both_catalogues_hold_the_same_keys_in_the_same_order():
    assert list(VI) == list(EN)
    assert list(TYPED_VI) == list(TYPED_EN) == list(EN)


def test_a_sentence_has_words_and_the_same_placeholders_in_both():
    blank = {key for key in EN if not VI[key].strip() or not EN[key].strip()}
    different = {key for key in EN if placeholders(VI[key]) != placeholders(EN[key])}
    different |= {key for key in EN if placeholders(TYPED_VI[key]) != placeholders(TYPED_EN[key])}

    assert (blank, different) == (set(), set())


@pytest.mark.parametrize("table", SPOKEN)
def test_every_code_that_can_be_given_has_words(table):
    asked = {f"{table}.{key}" for key in SPOKEN[table]}

    assert len(asked) > 1
    assert asked <= EN.keys()


def test_every_key_written_in_the_sources_has_words():
    written = {text for text in texts() if re.fullmatch(rf"({'|'.join(TABLES)})\.[a-z_]+", text)}

    assert len(written) > 40
    unfinished = {key for key in written if key.endswith("_")}  # the beginning of a computed key
    assert {key for key in written - unfinished if key not in EN and f"help.{key}" not in EN} == set()


def test_every_table_that_is_asked_by_a_computed_key_is_known_here():
    asked = {pattern.split(".")[0] for pattern in patterns("say")} | {"problem"}

    assert asked <= {
        *SPOKEN,
        "help",
        "metavar",
        "usage",
        "column",
        "say",
        "act",
        "day",
        "field",
        "diagram",
        "sheet",
        "title",
        "shape",
        "page",
    }


def test_nothing_stands_in_the_catalogues_that_nobody_says():
    closed = {
        "error",
        "why",
        "unmet",
        "finding",
        "role",
        "level",
        "entry",
        "step",
        "status",
        "up",
        "shape",
        "title",
        "heading",
    }
    said = {f"{table}.{key}" for table in closed for key in SPOKEN[table]}
    dead = {key for key in EN if key.split(".")[0] in closed and key not in said}
    dead |= {
        key for key in EN if key.startswith(("say.", "usage.", "diagram.", "sheet.", "guide.")) and not _is_said(key)
    }
    dead |= {key for key in EN if key.startswith(("column.", "help.")) and key.partition(".")[2] not in texts()}

    assert dead == set()


def _is_said(key: str) -> bool:
    computed = ("say.limit_", "say.from_", "usage.heading_", "say.good", "say.look", "say.bad", "sheet.criteria_")
    computed += ("sheet.agree", "sheet.disagree")
    return key in texts() or key.removesuffix("_title") in texts() or key.startswith(computed)


@pytest.mark.parametrize(("vi", "en"), [(VI, EN), (TYPED_VI, TYPED_EN)], ids=["anywhere", "terminal"])
@pytest.mark.parametrize("table", sorted(TABLES))
def test_vietnamese_words_are_vietnamese(table, vi, en):
    prose = {
        key: TYPED.sub(" ", words) for key, words in vi.items() if key.startswith(f"{table}.") and key not in ALIKE
    }

    assert {key for key, words in prose.items() if ENGLISH.search(words)} == set()
    assert {key for key, words in prose.items() if vi[key] == en[key] and re.search("[A-Za-z]{2}", words)} == set()
    assert {key for key, words in prose.items() if len(words.split()) > 4 and not VIETNAMESE.search(words)} == set()


def test_a_terminal_is_told_otherwise_only_where_a_command_is_named():
    told = {key for key in VI if TYPED_VI[key] != VI[key]}

    assert told == {key for key in EN if TYPED_EN[key] != EN[key]}
    assert {key for key in told if not re.search(r"`|--|[a-z]\.[a-z]|=|DOSSIER|{what}", TYPED_EN[key])} == set()


@each_language
def test_a_language_says_so_itself(language):
    assert catalogue(language).language == language
