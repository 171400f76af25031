"""Words for what a workflow names: states, transitions, requirements, limits, holders, what is missing."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import dated, said
from dossier_engine.errors import Unmet
from dossier_engine.rules.limits import Limit
from dossier_engine.rules.workflow import Documents, Provenance, Requirement, Workflow
from dossier_engine.shown import Shown

if TYPE_CHECKING:
    from dossier_engine.queries.worklist import Line  # a misspelt command is told of without the database layer

NO_OFFICES: Mapping[str, tuple[str, str]] = MappingProxyType({})


def roles(words: Catalogue, keys: tuple[str, ...]) -> str:
    """Roles in words."""
    return ", ".join(words.say(f"role.{key}") for key in keys)


def left(words: Catalogue, line_days: int | None, *, paused: bool, overdue: bool) -> str:
    """Working days left or over; on a day off right after a date, that it is past."""
    if paused:
        return words.say("say.clock_stopped")
    if line_days is None:
        return words.say("say.none")
    if line_days == 0:
        return words.say("say.just_over" if overdue else "say.due_today")
    return words.say("say.days_left" if line_days > 0 else "say.days_over", days=abs(line_days))


def certainty(words: Catalogue, provenance: Provenance | Limit) -> Shown:
    """How sure a rule is; whatever is not read in the source says that it was not compared with the original."""
    told = words.say(f"status.{provenance.status}")
    if provenance.status != "verified":
        told = f"{told} ({words.say('status.unverified')})"
    return Shown(provenance.status, told)


def limit_words(words: Catalogue, limit: Limit) -> str:
    """A limit in words: `15 working days, from full receipt`."""
    if limit.before is not None:
        return words.say("say.limit_before", before=dated(limit.before))
    length = words.say(f"say.limit_{limit.unit}", days=limit.days)
    return f"{length}, {words.say(f'say.from_{limit.start}')}"


def subject(words: Catalogue, line: "Line") -> Shown:
    """What the dossier is about: a locality, or an office by its name."""
    office = line.office_vi if words.language == "vi" else line.office_en
    return Shown(line.locality, office or line.locality)


def level(words: Catalogue, key: str) -> Shown:
    """What is applied for; nothing where an office reports."""
    return Shown(key or None, words.say(f"level.{key}") if key else words.say("say.none"))


def holder(words: Catalogue, line: "Line") -> Shown:
    """Who must act next: the office by name, else the role."""
    if line.holder_role is None:
        return Shown(None, words.say("say.none"))
    office = line.holder_vi if words.language == "vi" else line.holder_en
    return Shown(line.holder_role, office or words.say(f"role.{line.holder_role}"))


def standing_fields(words: Catalogue, line: "Line") -> dict[str, object]:
    """Where a dossier stands: no state is ever shown without its holder."""
    return {
        "state": Shown(line.state.key, said(words, line.state.label)),
        "holder": holder(words, line),
        "due_on": line.due_on,
        "days_left": Shown(
            line.days_left,
            left(words, line.days_left, paused=line.paused_on is not None, overdue=line.is_overdue),
        ),
        "round": line.round,
        "version": line.version,
    }


def lack(
    words: Catalogue, workflow: Workflow | None, unmet: Unmet, offices: Mapping[str, tuple[str, str]] = NO_OFFICES
) -> str:
    """What is missing for one requirement, in words; offices by their names where those are given."""
    requirement = workflow.requirements.get(unmet.key) if workflow else None
    facts = {name: _fact(words, requirement, name, value, offices) for name, value in unmet.facts}
    return words.say(f"unmet.{unmet.why}", **facts)


def office_name(words: Catalogue, offices: Mapping[str, tuple[str, str]], code: str) -> str:
    """An office by its name, or by its code where no register knows it."""
    vi, en = offices.get(code, (code, code))
    return words.keyed(vi if words.language == "vi" else en, code) if code in offices else code


def _fact(
    words: Catalogue,
    requirement: Requirement | None,
    name: str,
    value: object,
    offices: Mapping[str, tuple[str, str]],
) -> str:
    if name == "documents" and isinstance(requirement, Documents):
        labels = {d.kind: words.keyed(said(words, d.label), d.kind) for d in requirement.documents}
        return ", ".join(labels[k] for k in value) if isinstance(value, tuple) else str(value)
    if name == "level":
        return words.say(f"level.{value}")
    if name in ("posted", "report"):
        return dated(str(value))
    if isinstance(value, tuple):
        return ", ".join(office_name(words, offices, str(v)) for v in value) or words.say("next.nothing")
    if name == "wanted" and "/" in str(value):
        part, whole = str(value).split("/")
        return f"{100 * int(part) / int(whole):g} %"
    return str(value)
