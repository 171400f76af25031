"""What a mail says of one notice: whether it still holds, which template tells it, and the facts that fill it."""

from dataclasses import dataclass
from datetime import date, timedelta

from dossier_engine.errors import CalendarMissing
from dossier_engine.letters import Tongue, one_line, tongue
from dossier_engine.rules.calendar import Calendar
from dossier_engine.rules.due import STALLED
from dossier_engine.rules.limits import working_days_between
from dossier_engine.rules.workflow import Text, Workflow

_NEWS = {"raised": "difficulty", "answered": "answered", "unanswered": "unanswered", "weekly": "digest"}
_ONE_DAY = timedelta(days=1)
_LONGEST_WORDS = 500
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One notice with what its dossier is now.

    `key`, `rung`, `kind` and `stage_seq` are the ledger's; `due_on` is the deadline's present date, or else the one
    the ledger has. `is_waiting` says whether an escalation of the stage that this tells of waits for its answer.
    """

    key: str
    rung: str
    kind: str
    stage_seq: int
    code: str
    state: str
    now_stage_seq: int
    definition: str
    is_paused: bool
    locality: str
    district: str | None
    holder_vi: str | None
    holder_en: str | None
    due_on: date | None
    is_met: bool
    is_waiting: bool
    answer_by: date | None
    reminded: int
    words: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One part of a mail: the template that tells it, and its fields."""

    template: str
    facts: dict[str, str]

    @property
    def holds(self) -> bool:
        """Whether what it tells of is still so."""
        return self.template != "ended"


@dataclass(frozen=True, slots=True)
class Reader:
    """How a mail is written: in which language, on which day, with links below `base_url` if there is one."""

    language: str
    today: date
    calendar: Calendar
    base_url: str | None = None

    @property
    def tongue(self) -> Tongue:
        """The phrases of the language."""
        return tongue(self.language)

    def say(self, text: Text) -> str:
        """A label."""
        return text.vi if self.language == "vi" else text.en

    def in_full(self, day: date | None) -> str:
        """`thứ Năm, 05/12/2024`."""
        return f"{self.tongue.weekdays[day.weekday()]}, {day:%d/%m/%Y}" if day else ""


def item(matter: Matter, workflow: Workflow, reader: Reader) -> Item:
    """`matter` as a part of a mail."""
    days = _days(reader, matter.due_on) if matter.due_on else 0
    return Item(_template(matter, days, reader.today), _facts(matter, workflow, days, reader))


def _days(reader: Reader, due_on: date) -> int:
    try:
        return working_days_between(reader.today, due_on, reader.calendar)
    except CalendarMissing:  # a reminder without the holidays is better than none, for anybody, in this round
        first, last = sorted((reader.today, due_on))
        between = (date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1))
        weekdays = sum(day.weekday() < _SATURDAY for day in between)
        return weekdays if due_on >= reader.today else -weekdays


def has_ended(matter: Matter) -> bool:
    """Whether what was told is past: the stage left, the deadline met, the escalation answered. An answer never is."""
    if matter.rung == "answered":
        return False
    if matter.stage_seq != matter.now_stage_seq or matter.is_met:
        return True
    return matter.kind in ("escalate", "digest") and not matter.is_waiting


def _template(matter: Matter, days: int, today: date) -> str:
    if has_ended(matter):
        return "ended"
    if matter.key.startswith("escalation/"):
        return _NEWS[matter.rung]
    if matter.kind == "escalate":
        return "stalled" if matter.key == STALLED else "escalation"
    if days > 1:
        return "ahead"
    if days == 1:
        return "tomorrow" if matter.due_on == today + _ONE_DAY else "next_day"
    return "overdue" if _is_past(matter, today) else "today"


def _is_past(matter: Matter, today: date) -> bool:
    """Whether the day is over, though no working day may have gone by since."""
    return matter.due_on is not None and matter.due_on < today


def _facts(matter: Matter, workflow: Workflow, days: int, reader: Reader) -> dict[str, str]:
    ways = [reader.say(t.label) for t in workflow.leaving(matter.state) if not t.while_paused]
    awaited = _awaited(matter, workflow, reader, ways)
    quoted = [reader.tongue.quoted.format(label=way) for way in ways[:2]]
    commune = _in_sentence(matter.locality)
    holder = matter.holder_vi if reader.language == "vi" else matter.holder_en
    return {
        "code": matter.code,
        "commune": commune,
        "place": ", ".join([commune, *([_in_sentence(matter.district)] if matter.district else [])]),
        "title": _in_sentence(reader.say(workflow.title)),
        "state": reader.say(workflow.states[matter.state].label),
        "awaited": awaited,
        "action": awaited if matter.key in workflow.requirements else reader.tongue.alternatives.join(quoted),
        "holder": holder or reader.tongue.nobody,
        "due": reader.in_full(matter.due_on),
        "due_date": f"{matter.due_on:%d/%m/%Y}" if matter.due_on else "",
        "days": str(abs(days)),
        "left": _left(matter, days, reader),
        "reminded": str(matter.reminded) if matter.reminded else "",
        "words": one_line(matter.words or "")[:_LONGEST_WORDS] or reader.tongue.no_words,
        "answer_by": reader.in_full(matter.answer_by),
        "definition": f"{reader.say(workflow.title)} ({workflow.reference})",
        "link": f"{reader.base_url}/ho-so/{matter.code}" if reader.base_url else "",
    }


def _awaited(matter: Matter, workflow: Workflow, reader: Reader, ways: list[str]) -> str:
    if matter.key in workflow.requirements:
        return reader.say(workflow.requirements[matter.key].label)
    return ways[0] if ways else reader.say(workflow.states[matter.state].label)


def _left(matter: Matter, days: int, reader: Reader) -> str:
    if matter.due_on is None:
        return ""
    if matter.is_paused:
        return reader.tongue.paused
    if days == 0:
        return reader.tongue.just_over if _is_past(matter, reader.today) else reader.tongue.today
    return (reader.tongue.left if days > 0 else reader.tongue.over).format(days=abs(days))


def _in_sentence(name: str) -> str:
    """`Xã Cẩm Hưng` inside a sentence: `xã Cẩm Hưng`."""
    return name[:1].lower() + name[1:]
