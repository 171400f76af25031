"""Checks the whole history against itself, and everything derived from it against the history.

What this catches: any entry edited, exchanged, removed or inserted without a chain that fits to the end of its stream;
a dossier, its facts, duties, deadlines or pauses that differ from what its history adds up to, or a dossier gone with
its history but not its number; people, appointments, localities, offices, definitions, plans, recognitions and a
calendar in use that history does not know, or knows differently; a private value that was exchanged, or is gone though
nobody erased it; a log that holds other than history, or was signed with another root; a protecting trigger that is
gone, off or altered, and one that is not ours.

What it cannot catch, because it asks only the database it runs in: a stream rewritten from some entry on, or cut off
there, together with everything derived from it (that takes a signed checkpoint kept elsewhere); an idempotency key
exchanged for another; mail that was never sent. It says nothing of constraints and grants: `db check` compares the
tables.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from dossier_engine.queries import filed, logged
from dossier_engine.queries.chain import BATCH, ENTRIES, UNREADABLE, chained, private_values
from dossier_engine.queries.finding import Finding
from dossier_engine.queries.replay import difference
from dossier_engine.records.dossiers import confirming_offices
from dossier_engine.records.private import erased
from dossier_engine.records.protection import missing
from dossier_engine.records.tables import TABLES
from dossier_engine.rules import told
from dossier_engine.rules.entry import fold, instant
from dossier_engine.rules.form import form, read
from dossier_engine.rules.law import Law
from dossier_engine.rules.told import Beside, Entry

_DOSSIER, _LOCALITY, _STREAM = TABLES["dossier"], TABLES["locality"], TABLES["stream"]
_KEPT = select(TABLES["private"].c.stream, func.count()).group_by(TABLES["private"].c.stream)
_DOSSIERS = select(_DOSSIER, _LOCALITY.c.code.label("locality_code"), _LOCALITY.c.path.label("locality_path")).join(
    _LOCALITY, _LOCALITY.c.id == _DOSSIER.c.locality
)
_REGISTERS = (
    ("people", "person", filed.people),
    ("people", "appointment", filed.appointments),
    ("definitions", "definition", filed.definitions),
    ("territory", "locality", filed.units),
    ("territory", "office", filed.offices),
    ("territory", "plan", filed.plans),
    ("calendar", "installation", filed.calendar),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much was checked, and what was found wrong; no findings means everything agrees."""

    streams: int
    entries: int
    findings: tuple[Finding, ...]


def verify(session: Session, law: Law) -> Verdict:
    """Check every stream and every projection. One finding a stream: what follows a break proves nothing."""
    conn = session.connection()
    findings = [Finding(name, "trigger_missing") for name in missing(conn)]
    try:
        book = _Book(conn, law)
        for stream, rows in _streams(conn):
            book.take(stream, rows)
        findings += book.findings
        findings += book.beside()
        findings += private_values(conn)
        findings += book.lost_values()
        findings += logged.verify(conn)
    except (*UNREADABLE, OperationalError) as error:  # SQLite keeps any type in any column, of the other tables too
        if isinstance(error, OperationalError) and "Could not decode" not in str(error.orig):
            raise
        return Verdict(0, 0, (*findings, Finding("database", "entry_malformed", str(error))))
    return Verdict(len(book.seen), book.entries, tuple(findings))


def _streams(conn: Connection) -> Iterator[tuple[object, list[Row[Any]]]]:
    """Every stream with its rows in order of `seq`, read in batches so that memory holds one stream."""
    rows: list[Row[Any]] = []
    for row in conn.execute(ENTRIES, execution_options={"yield_per": BATCH}):
        if rows and rows[0].stream != row.stream:
            yield rows[0].stream, rows
            rows = []
        rows.append(row)
    if rows:
        yield rows[0].stream, rows


class _Book:
    """The streams checked so far: what was found wrong, and what the sound ones say about the registers."""

    def __init__(self, conn: Connection, law: Law) -> None:
        self._conn, self._law = conn, law
        self._dossiers = {f"dossier/{r.code}": r for r in conn.execute(_DOSSIERS)}
        self._heads = {r.name: r for r in conn.execute(select(_STREAM).where(_STREAM.c.seq > 0))}
        self._filed: dict[str, list[Entry]] = {}
        self._brought: filed.Rows = set()
        self._committed: Counter[str] = Counter()  # how many private values the entries of a stream speak of
        self._broken: set[object] = set()
        self.seen: set[object] = set()
        self.entries = 0
        self.findings: list[Finding] = []

    def take(self, stream: object, rows: list[Row[Any]]) -> None:
        """Check a stream: its chain, its end, and all that is derived from it."""
        self.seen.add(stream)
        self.entries += len(rows)
        entries = chained(rows)
        if not isinstance(entries, Finding):
            self._committed[str(stream)] = sum(len(_private(entry)) for entry in entries)
        row = self._dossiers.get(str(stream))
        end = row if str(stream).startswith("dossier/") else self._heads.get(str(stream))
        if isinstance(entries, Finding):
            self._break(stream, entries)
        elif end is None:
            self._break(stream, Finding(str(stream), "row_missing"))
        elif (end.seq, end.head, instant(end.recorded_at)) != (len(rows), rows[-1].leaf, entries[-1]["at"]):
            self._break(stream, Finding(f"{stream} #{end.seq}", "head_differs"))
        elif row is None:
            self._filed[str(stream)] = entries
        else:
            self._derive(str(stream), entries, row)

    def _break(self, stream: object, finding: Finding) -> None:
        self._broken.add(stream)
        self.findings.append(finding)

    def _derive(self, stream: str, entries: list[Entry], row: Row[Any]) -> None:
        workflow = self._law.workflows.get(row.definition)
        if workflow is None:
            self._break(stream, Finding(stream, "projection_differs", "definition"))
            return
        try:
            columns = told.columns(entries, fold(entries), workflow)
            beside = told.rows(entries, workflow, lambda: confirming_offices(self._conn, row.territory))
            brought = told.recognition(entries, row.code, workflow)
        except UNREADABLE as error:  # a chain can be made of entries that no command wrote
            self._break(stream, Finding(stream, "does_not_follow", str(error)))
            return
        if brought is not None:
            self._brought.add(brought)
        wrong = next((c for c, value in columns.items() if getattr(row, c) != value), None)
        wrong = wrong or self._different(row.id, beside)
        if wrong is not None:
            self.findings.append(Finding(stream, "projection_differs", wrong))

    def _different(self, dossier: int, told: Beside) -> str | None:
        try:
            return difference(self._conn, dossier, told)
        except UNREADABLE as error:
            return str(error)

    def beside(self) -> Iterator[Finding]:
        """What has lost its history, and where the registers differ from the streams that fill them, if these hold."""
        numbered = filed.numbered(self._conn, len(self._dossiers))
        lost = (self._dossiers.keys() | self._heads.keys() | numbered) - self.seen
        yield from (Finding(stream, "history_missing") for stream in sorted(lost))
        yield from (Finding(s, "projection_differs", "counter") for s in sorted(self._dossiers.keys() - numbered))
        for stream, register, differing in _REGISTERS:
            if stream not in self._broken:
                yield from _named(register, differing(self._conn, self._filed.get(stream, ())))
        if "definitions" not in self._broken:
            yield from self._rules()
        if not self._broken:
            imports = self._filed.get("territory", ())
            yield from _named("recognition", filed.recognitions(self._conn, imports, self._brought))

    def _rules(self) -> Iterator[Finding]:
        """Activations whose rules are not those of the definition that is stored under the hash they name."""
        for body in (entry["body"] for entry in self._filed.get("definitions", ()) if entry["kind"] == "activated"):
            told: Mapping[str, Any] = body if isinstance(body, dict) else {}
            workflow = self._law.workflows.get(str(told.get("definition")))
            try:
                same = workflow is None or form(read(told["rules"])) == form(workflow)
            except (*UNREADABLE, ArithmeticError):
                same = False
            if not same:
                yield Finding(f"definition {told.get('workflow')}", "definition_changed")

    def lost_values(self) -> Iterator[Finding]:
        """Streams of whose private values some are neither there nor erased by an entry that says so."""
        gone = Counter(stream for stream, _, _ in erased(self._filed.get("people", ())))
        kept: Counter[str] = Counter(dict(self._conn.execute(_KEPT).all()))
        if "people" in self._broken:
            return
        for stream in sorted((self._committed.keys() | kept.keys()) - self._broken):
            if self._committed[stream] != kept[stream] + gone[stream]:
                yield Finding(stream, "private_value_missing")


def _private(entry: Entry) -> Mapping[str, object]:
    held = entry.get("private")
    return held if isinstance(held, dict) else {}


def _named(register: str, rows: filed.Rows) -> Iterator[Finding]:
    code = "definition_changed" if register == "definition" else "projection_differs"
    for key in sorted({str(row[0]) for row in rows}):
        yield Finding(f"{register} {key}", code)
