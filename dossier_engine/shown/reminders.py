"""What falls due beside the state as rows: rungs ahead and accounted for, escalations, incidents."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.engine import Row as Stored
from sqlmodel import Session

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import about, addressee
from dossier_engine.queries.accounting import Account, Accounted
from dossier_engine.queries.listing import by_code
from dossier_engine.queries.registers import handles
from dossier_engine.queries.reminders import Waiting, preview
from dossier_engine.records.scope import Scope
from dossier_engine.rules.due import Line
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from dossier_engine.shown import Row, Shown


def foreseen(words: Catalogue, session: Session, law: Law, scope: Scope, *, at: datetime, today: date) -> list[Row]:
    """What a sweep at that instant would write, and who would hear of it, by handle."""
    found = preview(session, law, scope, at=at)
    lines = by_code(session, law, scope, (f.dossier for f in found), today=today)
    names = handles(session, {person for f in found for person in f.people})
    return [
        {
            "code": f.dossier,
            "locality": lines[f.dossier].locality,
            **_rung(words, lines[f.dossier].workflow, f.line),
            "outcome": Shown(f.line.outcome, words.say(f"outcome.{f.line.outcome}")),
            "people": [names[person] for person in f.people],
        }
        for f in found
    ]


def _rung(words: Catalogue, workflow: Workflow, line: Line) -> dict[str, object]:
    return {
        "about": Shown(line.key, about(words, workflow, line.key)),
        "rung": Shown(line.rung, distance(words, line.rung)),
        "day": line.occurrence,
        "addressee": Shown(line.addressee, addressee(words, line.addressee)),
        "due_on": line.due_on,
    }


def distance(words: Catalogue, name: str) -> str:
    """The name of a rung in words: `5 working days before`."""
    if name.endswith("wd"):
        days = int(name.removesuffix("wd"))
        key = "say.rung_on" if days == 0 else "say.rung_before" if days < 0 else "say.rung_after"
        return words.say(key, days=abs(days))
    return words.say(f"distance.{name}")


def totals(words: Catalogue, found: Account) -> dict[str, object]:
    """How many rungs of the days accounted for had which outcome, and what became of the notices and mails."""
    mails = ", ".join(f"{words.say(f'sending.{status}')} {count}" for status, count in found.mails.items())
    return {
        **{name: found.outcomes.get(name, 0) for name in ("sent", "late", "replaced", "void", "waiting")},
        "notices": sum(r.notices for r in found.rungs),
        "mails": Shown(found.mails, mails),
        "unexplained": len(found.unexplained),
    }


def accounted(words: Catalogue, rungs: Sequence[Accounted]) -> list[Row]:
    """Rungs with what became of each."""
    return [
        {
            "code": r.dossier,
            "about": r.told[0],
            "rung": Shown(r.told[2], distance(words, r.told[2])),
            "day": r.told[4],
            "addressee": Shown(r.told[3], addressee(words, r.told[3])),
            "outcome": Shown(r.outcome, words.say(f"outcome.{r.outcome}")),
            "why": Shown(r.why, words.say(f"outcome.{r.why}") if r.why else ""),
            "written_at": r.written_at,
            "notices": r.notices,
        }
        for r in rungs
    ]


def escalation(words: Catalogue, waiting: Waiting) -> Row:
    """An escalation that waits for its answer."""
    return {
        "code": waiting.dossier,
        "escalation": waiting.seq,
        "cause": Shown(waiting.cause, words.say(f"cause.{waiting.cause}")),
        "addressee": Shown(waiting.addressee, addressee(words, waiting.addressee)),
        "opened_at": waiting.opened_at,
        "answer_by": waiting.answer_by,
    }


def incident(words: Catalogue, row: Stored[tuple[object, ...]]) -> dict[str, object]:
    """Something the engine could not do by itself."""
    return {
        "incident": row.id,
        "kind": Shown(row.kind, words.say(f"incident.{row.kind}")),
        "about": row.handle or row.about,
        "count": row.count,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "reason": row.reason,
    }


def concerned(words: Catalogue, row: Stored[tuple[object, ...]]) -> str:
    """Whom or what an incident is about, for people: a seat where nobody sits by its role and office."""
    role = row.facts.get("role") if isinstance(row.facts, dict) else None
    if not role:
        return str(row.handle or row.about)
    office = row.office_vi if words.language == "vi" else row.office_en
    return ", ".join(part for part in (words.say(f"role.{role}"), office, row.facts.get("dossier")) if part)


def notice(words: Catalogue, law: Law, row: Stored[tuple[object, ...]]) -> dict[str, object]:
    """What somebody was told of one rung."""
    return {
        "notice": str(row.notice),  # a program that reads numbers as floats would lose its end
        "code": row.code,
        "about": Shown(row.key, about(words, law.workflows[row.definition], row.key)),
        "rung": Shown(row.rung, distance(words, row.rung)),
        "kind": row.kind,
        "due_on": row.due_on,
        "at": row.at,
        "read_at": row.read_at,
    }
