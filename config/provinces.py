"""A province's own data: its localities over time, its offices, its plan of a year, recognitions of earlier years.

The files lie in `config/provinces/<province>/`; every row names its source, and what this project chose itself says
`configured` there. Every function raises ValueError naming file, line or key.
"""

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

from config import strict

LOCALITY_KINDS = ("province", "district", "town", "city", "commune", "ward", "township")
OFFICE_KINDS = (
    "provincial_committee",
    "dard",
    "sector",
    "front",
    "steering_committee",
    "inspectorate",
    "it",
    "district_committee",
    "commune_committee",
)
LEVELS = ("advanced", "model")


@dataclass(frozen=True, slots=True)
class LocalityRow:
    """A unit under one name: GSO codes are reused, so code and period identify it.

    `valid_from` None: it was there before the record begins. `valid_to` is the last day, None: still valid.
    """

    code: str
    kind: str
    name: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    abbr: str | None
    source: str


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A body that acts; `criteria` are the numbers of the advanced set that it confirms."""

    code: str
    kind: str
    name_vi: str
    name_en: str
    locality: str
    criteria: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """How many units of a kind shall reach a milestone for a level within the plan's year."""

    key: str
    subject: str
    level: str
    count: int
    milestone: str
    label_vi: str
    label_en: str
    quote_vi: str
    section: str


@dataclass(frozen=True, slots=True)
class ObligationRow:
    """What the plan asks of a kind of office (`all`: of everybody); `before` is exclusive, None: no date is given.

    `workflow` names the definition under which each such office has a dossier for it, where there is a date.
    """

    id: str
    actor: str
    before: date | None
    workflow: str | None
    quote_vi: str
    section: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A province's plan for a year; `number` None where the source leaves it blank."""

    province: str
    year: int
    number: str | None
    number_note: str
    title_vi: str
    title_en: str
    targets: tuple[TargetRow, ...]
    obligations: tuple[ObligationRow, ...]


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """A recognition granted before this system: what `is_advanced` and shares of communes look at."""

    code: str
    name: str
    district: str
    level: str
    target_year: int
    field: str | None
    source: str


def load_localities(province: str) -> tuple[LocalityRow, ...]:
    """Every row of `localities.csv`, parents before children."""
    columns = ("code", "kind", "name", "parent", "valid_from", "valid_to", "abbr", "source")
    localities = []
    for where, row in _csv(province, "localities.csv", columns):
        localities.append(
            LocalityRow(
                code=strict.text(row["code"], f"{where}: code"),
                kind=strict.one_of(row["kind"], f"{where}: kind", LOCALITY_KINDS),
                name=strict.text(row["name"], f"{where}: name"),
                parent=row["parent"] or None,
                valid_from=_day_or_none(row["valid_from"], f"{where}: valid_from"),
                valid_to=_day_or_none(row["valid_to"], f"{where}: valid_to"),
                abbr=row["abbr"] or None,
                source=strict.text(row["source"], f"{where}: source"),
            )
        )
    return tuple(localities)


def load_offices(province: str) -> tuple[OfficeRow, ...]:
    """Every row of `offices.csv`."""
    columns = ("code", "kind", "name_vi", "name_en", "locality", "criteria", "source")
    offices = []
    for where, row in _csv(province, "offices.csv", columns):
        offices.append(
            OfficeRow(
                code=strict.text(row["code"], f"{where}: code"),
                kind=strict.one_of(row["kind"], f"{where}: kind", OFFICE_KINDS),
                name_vi=strict.text(row["name_vi"], f"{where}: name_vi"),
                name_en=strict.text(row["name_en"], f"{where}: name_en"),
                locality=strict.text(row["locality"], f"{where}: locality"),
                criteria=tuple(row["criteria"].split(";")) if row["criteria"] else (),
                source=strict.text(row["source"], f"{where}: source"),
            )
        )
    return tuple(offices)


def load_plan(province: str, year: int) -> PlanRow:
    """The province's plan for `year`."""
    file = f"plan_{year}.yaml"
    keys = ("province", "year", "number", "number_note", "title", "targets", "obligations")
    top = strict.mapping(strict.yaml_of(strict.bytes_of(_file(province, file)), file), file, keys)
    title = strict.mapping(top["title"], f"{file}: title", ("vi", "en"))
    if top["year"] != year:
        raise ValueError(f"{file}: year: is {top['year']}")
    return PlanRow(
        province=strict.text(top["province"], f"{file}: province"),
        year=year,
        number=None if top["number"] is None else strict.text(top["number"], f"{file}: number"),
        number_note=strict.text(top["number_note"], f"{file}: number_note"),
        title_vi=strict.text(title["vi"], f"{file}: title: vi"),
        title_en=strict.text(title["en"], f"{file}: title: en"),
        targets=tuple(_target(item, where) for where, item in strict.items(top["targets"], f"{file}: targets")),
        obligations=tuple(
            _obligation(item, where) for where, item in strict.items(top["obligations"], f"{file}: obligations")
        ),
    )


def load_recognitions(province: str) -> tuple[RecognitionRow, ...]:
    """Every row of `recognitions.csv`: real ones, named in public sources; not all there are."""
    columns = ("code", "name", "district", "level", "target_year", "field", "source")
    recognitions = []
    for where, row in _csv(province, "recognitions.csv", columns):
        recognitions.append(
            RecognitionRow(
                code=strict.text(row["code"], f"{where}: code"),
                name=strict.text(row["name"], f"{where}: name"),
                district=strict.text(row["district"], f"{where}: district"),
                level=strict.one_of(row["level"], f"{where}: level", LEVELS),
                target_year=_year(row["target_year"], f"{where}: target_year"),
                field=row["field"] or None,
                source=strict.text(row["source"], f"{where}: source"),
            )
        )
    return tuple(recognitions)


def _target(item: object, where: str) -> TargetRow:
    keys = ("key", "subject", "level", "count", "milestone", "label", "quote_vi", "section")
    row = strict.mapping(item, where, keys)
    label = strict.mapping(row["label"], f"{where}: label", ("vi", "en"))
    return TargetRow(
        key=strict.text(row["key"], f"{where}: key"),
        subject=strict.one_of(row["subject"], f"{where}: subject", ("commune", "district")),
        level=strict.one_of(row["level"], f"{where}: level", LEVELS),
        count=strict.whole(row["count"], f"{where}: count"),
        milestone=strict.text(row["milestone"], f"{where}: milestone"),
        label_vi=strict.text(label["vi"], f"{where}: label: vi"),
        label_en=strict.text(label["en"], f"{where}: label: en"),
        quote_vi=strict.text(row["quote_vi"], f"{where}: quote_vi"),
        section=strict.text(row["section"], f"{where}: section"),
    )


def _obligation(item: object, where: str) -> ObligationRow:
    row = strict.mapping(item, where, ("id", "actor", "before", "quote_vi", "section"), optional=("workflow",))
    if "workflow" in row and row["before"] is None:
        raise ValueError(f"{where}: workflow: nothing is due without a date")
    return ObligationRow(
        id=strict.text(row["id"], f"{where}: id"),
        actor=strict.one_of(row["actor"], f"{where}: actor", (*OFFICE_KINDS, "all")),
        before=None if row["before"] is None else strict.day(row["before"], f"{where}: before"),
        workflow=strict.text(row["workflow"], f"{where}: workflow") if "workflow" in row else None,
        quote_vi=strict.text(row["quote_vi"], f"{where}: quote_vi"),
        section=strict.text(row["section"], f"{where}: section"),
    )


def _csv(province: str, file: str, columns: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    return strict.csv_of(strict.bytes_of(_file(province, file)), file, columns)


def _file(province: str, file: str) -> Traversable:
    found = files("config") / "provinces" / province / file
    # A province is named by its folder; a name with a path in it would read elsewhere.
    if not province.isidentifier() or not found.is_file():
        raise ValueError(f"{province}: has no {file}")
    return found


def _day_or_none(cell: str, where: str) -> date | None:
    return strict.day(cell, where) if cell else None


def _year(cell: str, where: str) -> int:
    if len(cell) != len("YYYY") or not cell.isdecimal():
        raise ValueError(f"{where}: not a year")
    return int(cell)
