"""Dossiers as rows: where one stands, what can be done next, what is due, what happened."""

from datetime import date

from sqlmodel import Session

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import act_label, said
from dossier_engine.commands.desk import Receipt, stream_of
from dossier_engine.queries.deadlines import Obligation, of_dossier
from dossier_engine.queries.possibilities import Asked, Possibility, possibilities
from dossier_engine.queries.trail import Happened, trail
from dossier_engine.queries.worklist import Line
from dossier_engine.rules.law import Law
from dossier_engine.rules.workflow import Workflow
from dossier_engine.shown import Row, Shown
from dossier_engine.shown.labels import (
    certainty,
    lack,
    left,
    level,
    limit_words,
    roles,
    standing_fields,
    subject,
)
from dossier_engine.shown.refusals import in_words


def listed(words: Catalogue, line: Line) -> dict[str, object]:
    """A dossier in a list."""
    return {
        "code": line.code,
        "locality": subject(words, line),
        "locality_code": line.locality_code,
        "office": line.office,
        "district": line.district,
        "level": level(words, line.level),
        "year": line.target_year,
        **standing_fields(words, line),
    }


def alone(words: Catalogue, line: Line) -> dict[str, object]:
    """A dossier by itself."""
    return listed(words, line) | {
        "stage_on": line.stage_on,
        "paused_on": line.paused_on,
        "workflow": line.workflow.reference,
        "linked": line.linked,
    }


def receipt(words: Catalogue, line: Line, done: Receipt) -> dict[str, object]:
    """What an act did: its entry, and where the dossier, looked at after it, stands now."""
    return {
        "dossier": done.dossier,
        "seq": done.seq,
        "act": Shown(done.kind, act_label(words, line.workflow, done.kind, done.body)),
        "leaf": Shown(done.leaf, done.leaf[:12]),
        "replayed": done.replayed,
        **standing_fields(words, line),
    }


def actions(words: Catalogue, session: Session, law: Law, line: Line, *, person: str | None, today: date) -> list[Row]:
    """Every way out of the present state: whether it is open, for `person` (an id) if given, and why not."""
    return [_action(words, law, line, p) for p in possibilities(session, line, person=person, today=today)]


def _action(words: Catalogue, law: Law, line: Line, possibility: Possibility) -> Row:
    transition = possibility.transition
    target = line.workflow.states[transition.target]
    reasons = in_words(possibility.refusal, words, law) if possibility.refusal else []
    lacking = [_lacking(words, line, a) for a in possibility.asked if a.lack]
    shown = "; ".join([*reasons, *(str(item["what"]) for item in lacking)])
    machine = {"refusal": possibility.refusal.code if possibility.refusal else None, "unmet": lacking}
    return {
        "transition": transition.name,
        "label": said(words, transition.label),
        "to": Shown(target.key, said(words, target.label)),
        "by": Shown(transition.by, roles(words, transition.by)),
        "possible": possibility.is_open,
        "lacking": Shown(machine, shown or words.say("say.none")),
    }


def _lacking(words: Catalogue, line: Line, asked: Asked) -> dict[str, object]:
    missing = lack(words, line.workflow, asked.lack) if asked.lack else ""
    status = certainty(words, asked.requirement.provenance)
    label = said(words, asked.requirement.label)
    return {
        "key": asked.requirement.key,
        "why": asked.lack.why if asked.lack else None,
        "status": status.value,
        "what": f"{words.keyed(label, asked.requirement.key)}: {missing}"
        + ("" if status.value == "verified" else f" ({words.say('status.unverified')})"),
    }


def obligation(words: Catalogue, line: Line, found: Obligation) -> dict[str, object]:
    """One deadline."""
    return {
        "key": found.key,
        "label": said(words, found.label),
        "due_on": found.due_on,
        "days_left": Shown(
            found.days_left,
            left(
                words,
                found.days_left,
                paused=line.paused_on is not None and found.met_on is None,
                overdue=found.is_overdue,
            ),
        ),
        "limit": Shown(found.limit.before or found.limit.days, limit_words(words, found.limit)),
        "start_on": found.start_on,
        "met_on": found.met_on,
        "extended_until": found.extended_until,
        "status": certainty(words, found.limit),
        "source": found.limit.source,
    }


def deadlines(words: Catalogue, session: Session, law: Law, line: Line, *, today: date) -> list[Row]:
    """The deadlines of the present stage, each with its limit and how sure that is."""
    return [obligation(words, line, o) for o in of_dossier(session, law, line, today=today)]


def history(words: Catalogue, session: Session, line: Line, *, before: int | None = None) -> list[Row]:
    """Every entry (of a broken history those `before` the break), oldest first, with names and words if not erased."""
    happened = trail(session, stream_of(line.code), before=before)
    return [entry(words, line.workflow, one) for one in happened]


def entry(words: Catalogue, workflow: Workflow, happened: Happened) -> Row:
    """What happened, with names and words where they were not erased."""
    body = happened.entry["body"]
    acted = act_label(words, workflow, happened.kind, body if isinstance(body, dict) else {})
    return {
        "seq": happened.seq,
        "recorded_at": happened.recorded_at,
        "effective_on": happened.entry["effective_on"],
        "who": happened.who,
        "office": happened.office_vi if words.language == "vi" else happened.office_en,
        "act": Shown(happened.kind, acted),
        "words": "; ".join(value for name, value in happened.words.items() if name != "os_user"),
        "leaf": Shown(happened.leaf, happened.leaf[:12]),
        "entry": happened.entry,
    }
