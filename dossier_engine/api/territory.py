"""Localities and offices, the plan of a year with what has come of it, and the calendar that dates are counted by."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import Field

from dossier_engine.api.call import Doing, Here, Looking
from dossier_engine.api.shapes import Answered, Day, Given, Labelled, Line, Page, Prose, answered, cursor, place
from dossier_engine.commands.open_obligations import OpenObligations, open_obligations
from dossier_engine.errors import Malformed, NotFound
from dossier_engine.queries import registers
from dossier_engine.rules.authority import OFFICE_KINDS
from dossier_engine.rules.limits import Limit, explain
from dossier_engine.shown import deadlines, progress, territory

router = APIRouter(tags=["territory"])

_OFFICE_KINDS = frozenset(kind for kinds in OFFICE_KINDS.values() for kind in kinds)

Year = Annotated[int, Path(ge=1, le=9999)]


class Locality(Answered):
    """A locality as it was on one day; `valid_from` is null where it was there before the record begins."""

    code: str
    kind: Labelled[str]
    name: str
    parent: str | None
    parent_code: str | None
    valid_from: Day | None
    valid_to: Day | None


class Office(Answered):
    """A body that acts; `criteria` are the numbers that it confirms, `path` leads from the province to its seat."""

    code: str
    kind: Labelled[str]
    name: Labelled[dict[str, str]]
    criteria: list[str]
    path: str


class Target(Answered):
    """What the plan wants of one level, how many dossiers in your scope have reached it, and where these stand."""

    key: str
    label: Labelled[dict[str, str]]
    target: int
    reached: int
    counts: Labelled[dict[str, int]]
    section: str | None


class Fulfilled(Answered):
    """How many of the offices in your scope have done it."""

    done: int
    of: int


class Obligation(Answered):
    """What the plan asks of whom, in its own words; `done` is null where nothing is kept of it here."""

    id: str
    section: str | None
    actor: Labelled[str]
    before: Labelled[str | None]
    done: Labelled[Fulfilled | None]
    quote_vi: str


class Plan(Answered):
    """The plan of a year; every count is of what you may see."""

    year: int
    targets: list[Target]
    obligations: list[Obligation]


class Order(Given):
    """Why, and on which day."""

    reason: Prose | None = Field(default=None, examples=["Triển khai kế hoạch năm"])
    effective_on: Day | None = None


class Opened(Answered):
    """The codes of the dossiers that were opened, and how many were there already."""

    opened: list[str]
    known: int


class SpecialDay(Answered):
    """A day off, or a Saturday that is worked; `provisional` until the official notice of its year."""

    day: Day
    kind: Labelled[str]
    name: str
    provisional: bool


class Step(Answered):
    """One day on the way to a date; `count` is how many days of the limit are used up, on days that count."""

    day: Day
    count: int | None
    why: Labelled[str]


class Due(Answered):
    """A last day on time, and why it is that one."""

    due_on: Day
    provisional: bool
    explain: list[Step]


class LocalitySearch(Given):
    """How to narrow the list of localities; `on` is the day they are wanted of, today if not given."""

    kind: Literal["province", "district", "town", "city", "commune", "ward", "township"] | None = None
    on: Day | None = None
    q: Line | None = Field(default=None, description="A part of the name, with or without accents.")
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=600)


class OfficeSearch(Given):
    """How to narrow the list of offices."""

    kind: Line | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=600)


class Counting(Given):
    """What to count: `days` of a `unit` after `start`."""

    start: Day = Field(lt=date.max)
    days: int = Field(ge=1, le=3650)
    unit: Literal["working_days", "calendar_days"] = "working_days"


@router.get("/localities")
def list_localities(call: Here, search: Annotated[LocalitySearch, Query()]) -> Page[Locality]:
    """The localities that there are on a day."""
    after = _place(search.cursor, parts=4)

    def question(looking: Looking) -> Page[Locality]:
        found = registers.localities(
            looking.session, on=search.on or looking.today, kind=search.kind, name=search.q, after=after,
            limit=search.limit + 1,
        )  # fmt: skip
        rows = [Locality(**answered(territory.locality(looking.words, one))) for one in found[: search.limit]]
        more = registers.place_of(found[search.limit - 1]) if len(found) > search.limit else None
        return Page(items=rows, next_cursor=_cursor(more))

    return call.following(call.look(question))


@router.get("/localities/{code}")
def show_locality(call: Here, code: str, on: Day | None = None) -> Locality:
    """The locality that bears this code today, or on another day: codes are used again."""

    def question(looking: Looking) -> Locality:
        for found in registers.localities(looking.session, on=on or looking.today, code=code):
            return Locality(**answered(territory.locality(looking.words, found)))
        raise NotFound("locality", code)

    return call.look(question)


@router.get("/offices")
def list_offices(call: Here, search: Annotated[OfficeSearch, Query()]) -> Page[Office]:
    """The offices, the province's first."""
    after = _place(search.cursor, parts=2)
    if search.kind is not None and search.kind not in _OFFICE_KINDS:
        raise Malformed([("/query/kind", "not_a_choice")])

    def question(looking: Looking) -> Page[Office]:
        found = registers.offices(looking.session, kind=search.kind, after=after, limit=search.limit + 1)
        rows = [Office(**answered(territory.office(looking.words, one))) for one in found[: search.limit]]
        more = (len(rows[-1].path), rows[-1].code) if len(found) > search.limit else None
        return Page(items=rows, next_cursor=_cursor(more))

    return call.following(call.look(question))


def _place(given: str | None, *, parts: int) -> registers.Place | None:
    """Where the list goes on: the length of a path, then words."""
    if given is None:
        return None
    length, *words = place(given, parts=parts)
    if not (length.isdecimal() and len(length) <= 4):
        raise Malformed([("/query/cursor", "not_a_cursor")])
    return int(length), *words


def _cursor(place: registers.Place | None) -> str | None:
    return cursor([str(part) for part in place]) if place is not None else None


@router.get("/plans/{year}")
def show_plan(call: Here, year: Year) -> Plan:
    """The plan's targets and obligations, with what has come of them in your scope."""

    def question(looking: Looking) -> Plan:
        found = registers.progress(looking.session, year, looking.scope)
        targets = progress.targets(looking.words, looking.law, found)
        due = progress.obligations(looking.words, looking.law, found)
        return Plan(**answered({"year": year, "targets": targets, "obligations": due}))

    return call.look(question)


@router.post("/plans/{year}/obligations", status_code=201)
def open_reports(call: Here, year: Year, given: Order) -> Opened:
    """Open a dossier for every report that the plan asks of an office and that is not open yet."""

    def work(doing: Doing) -> Opened:
        order = OpenObligations(year=year, act=doing.act)
        done = open_obligations(doing.session, doing.law, order, now=doing.now, rng=doing.rng)
        return Opened(opened=[receipt.dossier for receipt in done.receipts], known=done.known)

    return call.change(work, reason=given.reason, on=given.effective_on)


@router.get("/calendar/due")
def count_days(call: Here, counting: Annotated[Counting, Query()]) -> Due:
    """The last day on time, counted day by day."""
    limit = Limit(counting.days, counting.unit, "entered", None, None, "configured")

    def question(looking: Looking) -> Due:
        start, calendar = counting.start, looking.law.calendar
        due = explain(limit, start=start, target_year=start.year, calendar=calendar)
        steps = deadlines.steps(looking.words, due)
        return Due(**answered({"due_on": due.on, "provisional": due.provisional, "explain": steps}))

    return call.look(question)


@router.get("/calendar/{year}")
def show_calendar(call: Here, year: Year) -> list[SpecialDay]:
    """The days off of a year, but for plain weekends, and the Saturdays that are worked."""

    def question(looking: Looking) -> list[SpecialDay]:
        rows = territory.special_days(looking.words, looking.law.calendar, year)
        return [SpecialDay(**answered(row)) for row in rows]

    return call.look(question)
