"""The page of a week in the words of one language: as mail, on paper and in a browser it says the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from dossier_engine.letters import one_line, phrases
from dossier_engine.letters.compose import Mail
from dossier_engine.rules.law import HANOI
from dossier_engine.rules.weeks import Week

_LONGEST = 90
"""Letters of a cell: what people wrote may be long, and the page is one sheet."""

Row = Mapping[str, Any]
Said = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; `numeric` are the columns of numbers, `codes` the dossier that a row is about, if it is."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the page says: sentences, tables, and at its foot of when it is."""

    week: Week
    title: str
    subject: str
    to: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
    foot: tuple[str, ...]


def sheet(content: Row, office: tuple[str, str], said: Said, language: str) -> Sheet:
    """The page that `content` is, for the committee called `office` (Vietnamese, English).

    `said` are the words of answers by stream and number, of those whose words were not erased.
    """
    words = phrases("week", language)
    week = Week(date.fromisoformat(content["monday"]))
    sums = {name: sum(target[name] for target in content["targets"]) for name in ("done", "planned")}
    facts = {
        **sums, "number": week.number, "year": week.year, "monday": _day(content["monday"]),
        "sunday": _day(content["sunday"]), "late": content["late"], "waiting": content["waiting"],
        "falls_due": content["falls_due"],
    }  # fmt: skip
    return Sheet(
        week=week,
        title=words["title"].format_map(facts),
        subject=words["subject"].format_map(facts),
        to=words["to"].format(office=office[language != "vi"]),
        sentences=_sentences(content, words, facts),
        tables=tuple(table for table in _tables(content, said, words, language) if table.rows),
        foot=_foot(content, words),
    )


def _sentences(content: Row, words: Row, facts: Mapping[str, Any]) -> tuple[str, ...]:
    before = content["before"]
    changed = words["first"]
    if before is not None:
        then = Week(date.fromisoformat(before["monday"]))
        changed = words["changed"].format(
            **{name: facts[name] for name in ("late", "waiting")}, week=f"{then.number}/{then.year}",
            more=max(facts["done"] - before["done"], 0), late_then=before["late"], waiting_then=before["waiting"],
        )  # fmt: skip
    return (
        words["late" if content["late"] else "none_late"].format_map(facts),
        words["waiting" if content["waiting"] else "none_waiting"].format_map(facts),
        words["falls_due"].format_map(facts),
        changed,
        *(() if content["targets"] else (words["no_plan"],)),
    )


def _tables(content: Row, said: Said, words: Row, language: str) -> tuple[Table, ...]:
    def cells(name: str, columns: Sequence[str], rows: Sequence[Row], *, all_of: int | None = None) -> Table:
        """A table of dossiers; `all_of` is how many there are, where not all are shown."""
        told = tuple(
            tuple(_short(_CELLS[column](row, said, words, language)) for column in ("code", "place", *columns))
            for row in rows
        )
        heads = tuple(words["column"][column] for column in ("code", "place", *columns))
        rest = all_of - len(rows) if all_of is not None else 0
        more = words["more"].format(count=rest) if rest > 0 else ""
        return Table(words[name], heads, told, codes=tuple(row["code"] for row in rows), more=more)

    targets = content["targets"]
    counted = ("done", "under_way", "late")
    return (
        Table(
            words["targets"].format(year=targets[0]["year"]) if targets else "",
            tuple(words["column"][name] for name in ("target", "planned", *counted)),
            tuple((t["label"][language], *(str(t[name]) for name in ("planned", *counted))) for t in targets),
            numeric=(1, 2, 3, 4),
        ),
        cells("asked", ("holder", "due_on", "since"), content["asked"], all_of=content["waiting"]),
        cells("overdue", ("holder", "due_on", "days_over"), content["overdue"], all_of=content["late"]),
        cells("answered", ("document", "until", "words"), content["answered"]),
        Table(
            words["districts"],
            tuple(words["column"][name] for name in ("district", "ended", "under_way", "late")),
            tuple((one["name"], *(str(one[name]) for name in counted)) for one in content["districts"]),
            numeric=(1, 2, 3),
        ),
    )


_CELLS: Mapping[str, Callable[[Row, Said, Row, str], str]] = {
    "code": lambda row, *_: str(row["code"]),
    "place": lambda row, _, __, language: str(row["place"][language]),
    "holder": lambda row, _, words, language: row["holder"][language] or words["none"],
    "due_on": lambda row, _, words, __: _day(row["due_on"]) if row["due_on"] else words["none"],
    "days_over": lambda row, *_: str(row["days_over"] or ""),
    "since": lambda row, *_: _day(row["since"]),
    "document": lambda row, *_: f"{row['number']}, {_day(row['dated'])}",
    "until": lambda row, _, words, __: _day(row["until"]) if row["until"] else words["none"],
    "words": lambda row, said, words, _: said.get((row["stream"], row["seq"]), words["none"]),
}


def _foot(content: Row, words: Row) -> tuple[str, ...]:
    at = datetime.fromisoformat(content["at"]).astimezone(HANOI)
    head = content["log"]
    return (
        words["made"].format(at=f"{at:%H:%M %d/%m/%Y}"),
        *((words["head"].format(size=head["size"], root=head["root"]),) if head else ()),
    )


def _short(text: str) -> str:
    told = one_line(text)
    return told if len(told) <= _LONGEST else told[: _LONGEST - 1].rstrip() + "…"


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def mail(made: Sheet, language: str, link: str | None) -> Mail:
    """The mail that carries the page, with the same to be printed; `link` opens it in a browser, if there is one."""
    words = phrases("week", language)
    opens = words["link"].format(link=link) if link else ""
    parts = [made.title, made.to, "\n".join(made.sentences), *map(_in_lines, made.tables), opens, "\n".join(made.foot)]
    text = "\n\n".join(part for part in parts if part) + "\n"
    return Mail(
        one_line(made.subject), text, _page(made, language, link=link, opens=opens), is_digest=True,
        printed=printed(made, language), name=made.week.name,
    )  # fmt: skip


def _in_lines(table: Table) -> str:
    rows = ["; ".join(f"{head}: {cell}" for head, cell in zip(table.heads, row, strict=True)) for row in table.rows]
    return "\n".join([table.caption, *(f"- {row}" for row in rows), *([table.more] if table.more else [])])


def printed(made: Sheet, language: str) -> str:
    """The page as HTML for one sheet of paper."""
    return _page(made, language, link=None, opens="")


def _page(made: Sheet, language: str, *, link: str | None, opens: str) -> str:
    return _template().render(sheet=made, language=language, link=link, opens=opens)


@cache
def _template() -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(files(__package__).joinpath("week.html").read_text("utf-8"))
