"""What a plan asked for and what has come of it: a picture, the same as a table, and who stands where by district."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Response

from dossier_engine.api.call import Looking
from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.queries.registers import plan_years, progress
from dossier_engine.queries.standing import Group, against, district_names, standing
from dossier_engine.queries.week import pages
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from dossier_engine.shown.progress import obligations
from dossier_engine.web.charts import Bar, Part, stacked
from dossier_engine.web.frame import Link
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

PARTS = ("done", "open", "late")
_RUNNING = ("due_soon", "not_due", "paused")


@dataclass(frozen=True, slots=True)
class Counted:
    """A number, and the list of the dossiers that it counts."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A target of the plan: how many were to reach it, and how many have, are on the way, or are late there."""

    label: str
    section: str
    planned: int
    workflow: str
    every: str
    parts: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Districts:
    """The dossiers of one definition by district, and by those of its states in which any stand."""

    label: str
    states: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Counted, ...]], ...]


@router.get("/tien-do")
def newest_progress(visit: Visiting) -> Response:
    """The newest plan, or that there is none."""
    years = visit.look(lambda looking: plan_years(looking.session))
    return yearly_progress(visit, years[-1]) if years else visit.page("progress_none.html", lambda _: {})


@router.get("/tien-do/{year}")
def yearly_progress(visit: Visiting, year: int) -> Response:
    """The plan of a year against what stands in the scope of whoever looks."""

    def question(looking: Looking) -> dict[str, Any]:
        words, law = looking.words, looking.law
        found = progress(looking.session, year, looking.scope)
        groups = standing(looking.session, year, looking.scope, today=looking.today)
        names = district_names(looking.session, {group.district for group in groups if group.district is not None})
        measured = [_measured(words, law, year, target, groups) for target in found.content["targets"]]
        running = [law.named(name) for name in dict.fromkeys(m.workflow for m in measured) if name in law.active]
        return {
            "year": year,
            "years": [Link(str(y), f"/tien-do/{y}", y == year) for y in plan_years(looking.session)],
            "targets": measured,
            "chart": chart(
                words,
                words.say("page.progress.title", year=year),
                ((target.label, [part.count for part in target.parts], target.planned) for target in measured),
            ),
            "keys": keys(words),
            "weeks": bool(pages(looking.session, looking.scope)),
            "districts": [
                _districts(words, year, workflow, groups, names)
                for workflow in running
                if any(group.workflow == workflow.name and group.district in names for group in groups)
            ],
            "obligations": obligations(words, law, found),
        }

    return visit.page("progress.html", question)


def _measured(words: Catalogue, law: Law, year: int, target: Mapping[str, Any], groups: Sequence[Group]) -> Measured:
    name = f"{target['subject']}-{target['level']}"
    workflow, milestone = law.workflows.get(law.active.get(name, "")), target["milestone"]
    there, going = (workflow.reaching(milestone), workflow.short_of(milestone)) if workflow else (set(), set())
    stands = against([group for group in groups if group.workflow == name], there, going)
    parts = ((stands.done, there, ()), (stands.under_way, going, _RUNNING), (stands.late, going, ("overdue",)))
    return Measured(
        label=target["label"][words.language],
        section=target["section"],
        planned=target["count"],
        workflow=name,
        every=_listed(year, name, ()),
        parts=tuple(Counted(count, _listed(year, name, states, urgencies)) for count, states, urgencies in parts),
    )


def _listed(year: int, workflow: str, states: Iterable[str], urgencies: Iterable[str] = (), *, of: str = "") -> str:
    asked = [("year", str(year)), ("workflow", workflow), *((("district", of),) if of else ())]
    asked += [("state", state) for state in sorted(states)]
    return "/ho-so?" + urlencode([*asked, *(("deadline_status", urgency) for urgency in urgencies)])


def chart(words: Catalogue, title: str, targets: Iterable[tuple[str, Sequence[int], int]]) -> str:
    """A bar for each target: its label, how many of `PARTS`, how many were planned."""
    labels = [words.say(f"page.progress.{kind}") for kind in PARTS]
    bars = [
        Bar(label, tuple(Part(*part) for part in zip(PARTS, labels, counts, strict=True)), planned)
        for label, counts, planned in targets
    ]
    planned = words.say("page.progress.planned")
    told = [
        f"{bar.label}: {', '.join(f'{part.label} {part.count}' for part in bar.parts)}, {planned} {bar.planned}."
        for bar in bars
    ]
    return stacked("progress", title, " ".join(told), bars)


def keys(words: Catalogue) -> list[tuple[str, str]]:
    """What the colours of the bars mean."""
    return [(kind, words.say(f"page.progress.{kind}")) for kind in (*PARTS, "planned")]


def _districts(
    words: Catalogue, year: int, workflow: Workflow, groups: Sequence[Group], names: Mapping[str, str]
) -> Districts:
    counts = {(group.district, group.state): group.dossiers for group in groups if group.workflow == workflow.name}
    states = [key for key in workflow.states if any(state == key for _, state in counts)]
    rows = [
        (
            name,
            tuple(Counted(counts.get((code, key), 0), _listed(year, workflow.name, [key], of=name)) for key in states),
        )
        for code, name in names.items()
        if any(district == code for district, _ in counts)
    ]
    return Districts(
        said(words, workflow.title), tuple(said(words, workflow.states[key].label) for key in states), tuple(rows)
    )
