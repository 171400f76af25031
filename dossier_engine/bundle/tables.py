"""`events.csv` and `documents.csv`: every entry and every recorded document, for a spreadsheet.

UTF-8 with a byte order mark, without which Excel reads another encoding. Comma: the list separator of Windows for
Vietnam as for the United States. A cell that a spreadsheet would take for a formula begins with an apostrophe.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dossier_engine.bundle.material import Dossier, Entry, actor_of, recorded_at, seq_of
from dossier_engine.bundle.standing import stand
from dossier_engine.bundle.telling import Teller
from dossier_engine.bundle.text import cleaned
from dossier_engine.catalogue.labels import said
from dossier_engine.rules.workflow import Documents

BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # a spreadsheet takes the wide forms for the same

_EVENTS = (
    "column.code", "column.seq", "column.recorded_at", "sheet.effective_column", "column.who", "sheet.person_id",
    "column.role", "column.office", "column.channel", "column.kind", "column.act", "sheet.details", "sheet.grounds",
    "sheet.due_column", "column.leaf",
)  # fmt: skip
_DOCUMENTS = (
    "column.code", "column.seq", "column.recorded_at", "sheet.requirement", "column.label", "sheet.kind_key",
    "sheet.number", "sheet.dated", "sheet.other", "column.sha256", "sheet.stands", "sheet.replaced_by",
)  # fmt: skip

Row = tuple[str | int, ...]


def events(teller: Teller) -> Iterator[bytes]:
    """Every entry of every dossier."""
    yield lines([_titles(teller, _EVENTS)], BOM)
    for dossier in teller.material.dossiers():
        yield lines(_events(teller, dossier))


def documents(teller: Teller) -> Iterator[bytes]:
    """Every document that was recorded, those replaced or voided since included."""
    yield lines([_titles(teller, _DOCUMENTS)], BOM)
    for dossier in teller.material.dossiers():
        yield lines(_documents(teller, dossier))


def _titles(teller: Teller, keys: Iterable[str]) -> Row:
    return tuple(teller.words.say(key) for key in keys)


def _events(teller: Teller, dossier: Dossier) -> Iterator[Row]:
    for entry in dossier.entries:
        told, actor = teller.tell(dossier, entry), actor_of(entry)
        yield (
            dossier.code, told.seq, _at(entry), told.effective_on.isoformat(), told.who,
            str(actor["person"]), told.role, told.office, str(entry["channel"]), str(entry["kind"]), told.act,
            "\n".join(told.details), "\n".join(told.grounds), "\n".join(told.due), told.leaf,
        )  # fmt: skip


def _documents(teller: Teller, dossier: Dossier) -> Iterator[Row]:
    entries = {seq_of(entry): entry for entry in dossier.entries}
    facts = stand(teller.material, dossier).beside["fact"]
    for (key, item, seq), fact in sorted(facts.items(), key=lambda found: (found[0][2], found[0])):
        requirement, value = dossier.workflow.requirements[key], fact["value"]
        if not isinstance(requirement, Documents):
            continue
        kinds = {d.kind: said(teller.words, d.label) for d in requirement.documents}
        stands = fact["void_seq"] is None
        yield (
            dossier.code, seq, _at(entries[seq]), said(teller.words, requirement.label),
            kinds.get(item, str(item)), str(item), str(value.get("number", "")), str(value.get("date", "")),
            _other(value), str(value.get("sha256", "")), teller.words.say("say.yes" if stands else "say.no"),
            fact["void_seq"] or "",
        )  # fmt: skip


def _at(entry: Entry) -> str:
    return f"{recorded_at(entry):%Y-%m-%d %H:%M:%S}"


def _other(value: Mapping[str, Any]) -> str:
    return "; ".join(str(value[name]) for name in value if name not in ("number", "date", "sha256"))


def lines(rows: Iterable[Row], before: str = "") -> bytes:
    """The rows as CSV, in which no text is a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    for row in rows:
        writer.writerow([_cell(value) if isinstance(value, str) else value for value in row])
    return (before + written.getvalue()).encode()


def _cell(text: str) -> str:
    text = cleaned(text)
    return f"'{text}" if text.lstrip()[:1] in _FORMULA else text
