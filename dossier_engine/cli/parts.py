"""The tables that several commands show: what can be done next, what is due, what happened."""

from typing import TYPE_CHECKING

from dossier_engine.catalogue.labels import act_label, said
from dossier_engine.cli.labels import certainty, lack, left, limit_words, roles
from dossier_engine.cli.output import Rows, Shown, Words
from dossier_engine.cli.refusals import in_words
from dossier_engine.commands.desk import stream_of
from dossier_engine.queries.deadlines import of_dossier
from dossier_engine.queries.possibilities import Asked, Possibility, possibilities
from dossier_engine.queries.registers import person_id
from dossier_engine.queries.signed import newest_note
from dossier_engine.queries.trail import trail

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.call import Call
    from dossier_engine.queries.deadlines import Obligation
    from dossier_engine.queries.worklist import Line
    from dossier_engine.rules.law import Law


def actions(call: "Call", session: "Session", line: "Line") -> Rows:
    """Every way out of the present state: whether it is open, and in words why not, to the person who asks."""
    person = person_id(session, call.person) if call.person else None
    found = possibilities(session, line, person=person, today=call.today)
    columns = ("transition", "label", "to", "by", "possible", "lacking")
    return Rows(columns, [_action(call, line, p) for p in found])


def _action(call: "Call", line: "Line", possibility: Possibility) -> dict[str, object]:
    transition = possibility.transition
    target = line.workflow.states[transition.target]
    reasons = in_words(possibility.refusal, call) if possibility.refusal else []
    lacking = [_lacking(call, line, a) for a in possibility.asked if a.lack]
    shown = "; ".join([*reasons, *(str(item["what"]) for item in lacking)])
    machine = {"refusal": possibility.refusal.code if possibility.refusal else None, "unmet": lacking}
    return {
        "transition": transition.name,
        "label": said(call.words, transition.label),
        "to": Shown(target.key, said(call.words, target.label)),
        "by": Shown(transition.by, roles(call, transition.by)),
        "possible": possibility.is_open,
        "lacking": Shown(machine, shown or call.words.say("say.none")),
    }


def _lacking(call: "Call", line: "Line", asked: Asked) -> dict[str, object]:
    words = lack(call, line.workflow, asked.lack) if asked.lack else ""
    status = certainty(call, asked.requirement.provenance)
    label = said(call.words, asked.requirement.label)
    return {
        "key": asked.requirement.key,
        "why": asked.lack.why if asked.lack else None,
        "status": status.value,
        "what": f"{label} [{asked.requirement.key}]: {words}"
        + ("" if status.value == "verified" else f" ({call.words.say('status.unverified')})"),
    }


def obligation(call: "Call", line: "Line", found: "Obligation") -> dict[str, object]:
    """One deadline as a row."""
    return {
        "key": found.key,
        "label": said(call.words, found.label),
        "due_on": found.due_on,
        "days_left": Shown(
            found.days_left, left(call, found.days_left, paused=line.paused_on is not None and found.met_on is None)
        ),
        "limit": Shown(found.limit.before or found.limit.days, limit_words(call, found.limit)),
        "start_on": found.start_on,
        "met_on": found.met_on,
        "extended_until": found.extended_until,
        "status": certainty(call, found.limit),
        "source": found.limit.source,
    }


def deadlines(call: "Call", session: "Session", law: "Law", line: "Line") -> Rows:
    """The deadlines of the present stage, each with its limit and how sure that is."""
    columns = ("key", "label", "due_on", "days_left", "limit", "met_on", "status")
    return Rows(columns, [obligation(call, line, o) for o in of_dossier(session, law, line, today=call.today)])


def history(call: "Call", session: "Session", line: "Line") -> Rows:
    """Every entry, oldest first, with names and words where they were not erased."""
    rows = []
    for happened in trail(session, stream_of(line.code)):
        body = happened.entry["body"]
        office = happened.office_vi if call.words.language == "vi" else happened.office_en
        words = "; ".join(value for name, value in happened.words.items() if name != "os_user")
        acted = act_label(call.words, line.workflow, happened.kind, body if isinstance(body, dict) else {})
        rows.append(
            {
                "seq": happened.seq,
                "recorded_at": happened.recorded_at,
                "effective_on": happened.entry["effective_on"],
                "who": happened.who,
                "office": office,
                "act": Shown(happened.kind, acted),
                "words": words,
                "leaf": Shown(happened.leaf, happened.leaf[:12]),
                "entry": happened.entry,
            }
        )
    return Rows(("seq", "recorded_at", "who", "office", "act", "words", "leaf"), rows)


def newest_checkpoint(call: "Call", session: "Session") -> list[Words]:
    """What stands below every printed history: the newest signed statement about the log, a witness on paper."""
    note = newest_note(session)
    return [] if note is None else [Words(f"{call.words.say('say.checkpoint')}\n{note.partition(chr(10) * 2)[0]}")]
