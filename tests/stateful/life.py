"""The life of one commune's dossiers as a Hypothesis state machine, and the world that many lives share."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, bindparam, event, func, literal, select

from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.sweep import sweep
from dossier_engine.errors import BadInput, DossierError, NotFound, RequirementsUnmet
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.entry import fold, parse
from tests.makers import Province
from tests.stateful.asks import No
from tests.stateful.book import the_book, units
from tests.stateful.cast import appoint_all, of_commune, of_the_province
from tests.stateful.ideas import Dice, Ideas
from tests.stateful.model import Again, Change, Model
from tests.stateful.standing import Dossier
from tests.stateful.wishes import Wish, carry_out

_HISTORY, _DOSSIER, _FACT, _OUTBOX = (TABLES[t] for t in ("history", "dossier", "fact", "outbox"))
_DEADLINE, _PERFORMED = TABLES["deadline"], TABLES["performed"]


def _number(*conditions: ColumnElement[bool], of: Table) -> ScalarSelect[int]:
    return select(func.count()).select_from(of).where(*conditions).scalar_subquery()


_STREAM = literal("dossier/") + _DOSSIER.c.code
_ROW = select(
    _DOSSIER,
    _number(_HISTORY.c.stream == _STREAM, of=_HISTORY).label("entries"),
    _number(_OUTBOX.c.stream == _STREAM, of=_OUTBOX).label("letters"),
    _number(_FACT.c.dossier == _DOSSIER.c.id, _FACT.c.void_seq.is_(None), of=_FACT).label("facts"),
    _number(_PERFORMED.c.dossier == _DOSSIER.c.id, of=_PERFORMED).label("performed"),
).where(_DOSSIER.c.code == bindparam("code"))
_FILED = select(func.count()).where(
    _HISTORY.c.stream == literal("dossier/") + bindparam("code"), _HISTORY.c.actor == "system:reminders"
)
_DUE = (
    select(_DEADLINE)
    .join(_DOSSIER, _DOSSIER.c.id == _DEADLINE.c.dossier)
    .where(_DOSSIER.c.id == bindparam("id"), _DEADLINE.c.stage_seq == _DOSSIER.c.stage_seq)
)
_ALL = select(func.count()).select_from(_DOSSIER)


@dataclass
class World:
    """One database with everybody in it, the model beside it, and what was tried so far."""

    province: Province
    model: Model
    answers: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)

    def a_subject(self) -> tuple[str, int]:
        """A commune and target year that no dossier was about yet, with the commune's people appointed."""
        used = {(d.unit.code, d.year) for d in self.model.dossiers.values()}
        codes = sorted(u.code for u in units() if u.kind == "commune" and u.first.year == 1)
        commune, year = next((c, y) for y in range(2024, 2090, 2) for c in codes if (c, y) not in used)
        cast = of_commune(commune)
        appoint_all(self.province, cast)
        self.model.cast.update(cast)
        return commune, year

    def looking(self) -> Connection:
        """A connection that only reads, without the look at the schema that every session begins with."""
        return self.province.database._reader.connect()


def a_world(province: Province) -> World:
    """The province with the people of departments and districts, and no dossier. It need not outlive a power cut."""
    cast = of_the_province()
    hurry = "PRAGMA synchronous=OFF" if province.database.is_sqlite else "SET synchronous_commit TO off"
    province.database.close()
    event.listen(province.database._writer, "connect", lambda raw, _: (raw.execute(hurry), raw.commit()))
    appoint_all(province, cast)
    return World(province, Model(cast))


_ROLL = st.binary(min_size=10, max_size=10)


def _rolls(most: int) -> st.SearchStrategy[list[bytes]]:
    return st.lists(_ROLL, min_size=1, max_size=most)


class Life(RuleBasedStateMachine):
    """What happens to the dossiers of one commune. Each roll is one thing somebody asks of the engine."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world, self.model = world, world.model
        self.commune, self.year = world.a_subject()
        self.codes: list[str] = []
        self.keyed: list[Wish] = []
        self.steps = 0
        self.now = datetime(2024, 1, 10, 2, tzinfo=UTC)
        self.agrees = True

    @initialize(days=st.integers(0, 330), state=st.sampled_from(("", *the_book().extend)))
    def it_begins(self, days: int, state: str) -> None:
        """Few would come far if all began at the beginning, so some are carried on by the right people."""
        self.now += timedelta(days=days)
        for _ in range(60 if state else 0):
            if self.codes and self.model.dossiers[self.codes[0]].state == state:
                break
            self.now += timedelta(days=3)
            self._try(self._ideas(b"").onward())

    @rule(days=st.sampled_from((1, 3, 16, 60, 100)), minutes=st.integers(0, 24 * 60))
    def time_passes(self, days: int, minutes: int) -> None:
        self.now += timedelta(days=days, minutes=minutes)

    @rule(rolls=_rolls(14))
    def they_go_on(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            self._try(self._ideas(roll).onward())

    @rule(rolls=_rolls(4))
    def somebody_steps_aside(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            self._try(self._ideas(roll).aside())

    @rule(rolls=_rolls(3))
    def the_clock_is_stopped_started_or_given_time(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            self._try(self._ideas(roll).clock())

    @rule(rolls=_rolls(10))
    def somebody_tries_what_may_be_wrong(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            ideas = self._ideas(roll)
            sensible = ideas.dice.pick((ideas.onward, ideas.aside, ideas.clock))()
            self._try(ideas.spoilt(sensible))

    @rule(rolls=_rolls(2))
    def a_key_is_used_again(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            ideas = self._ideas(roll)
            if self.keyed:
                wish = ideas.dice.pick(self.keyed[::-1])
                self._try(wish if ideas.dice.odds(2) else replace(ideas.spoilt(wish), who=wish.who))

    @rule(late=st.sampled_from((0, 0, 3, 40)))
    def the_sweep_comes(self, late: int) -> None:
        """Sooner or later, and it changes nothing that anybody's next order depends on."""
        self.now += timedelta(days=late)
        with self.world.province.writing() as session:
            sweep(session, self.world.province.law, now=self.now, rng=self.world.province.rng)
        self._check(set(self.codes))

    # --- one step ---

    def _ideas(self, roll: bytes) -> Ideas:
        dice = Dice(list(roll))
        self.steps += 1
        self.now += timedelta(seconds=1, hours=dice.pick((0, 1, 9, 30)))
        running = [c for c in self.codes if self.model.dossiers[c].is_open]
        code = dice.pick(self.codes[::-1]) if self.codes and dice.odds(12) else (running or self.codes or [""])[-1]
        return Ideas(
            model=self.model, dice=dice, today=(self.now + timedelta(hours=7)).date(), commune=self.commune,
            year=self.year, dossier=self.model.dossiers.get(code),
            others=[c for c in self.codes if c != code], key=f"{self.commune}-{self.year}-{self.steps}",
        )  # fmt: skip

    def _try(self, wish: Wish) -> None:
        note(f"{self.now}: {wish}")
        expected = self.model.judge(wish, self.now)
        self.agrees = False  # until it was seen to
        answer = self._answer(wish)
        if isinstance(answer, Receipt):
            assert not isinstance(expected, No | Again), f"accepted, but the model says {expected}"
            self._changed(wish, expected, answer)
        else:
            assert answer == expected
            self.world.answers[answer.code if isinstance(answer, No) else "given again"] += 1
        self._check({wish.dossier, *self.codes[-1:]})
        self.agrees = True

    def _answer(self, wish: Wish) -> No | Again | Receipt:
        """What the engine says: no, the first receipt again, or a new one."""
        try:
            receipt = carry_out(self.world.province, wish, self.now)
        except DossierError as refusal:
            return _told(refusal)
        return Again(receipt.dossier, receipt.seq) if receipt.replayed else receipt

    def _changed(self, wish: Wish, change: Change, receipt: Receipt) -> None:
        known = self.model.dossiers.get(receipt.dossier)
        if known is not None:  # what fell due was settled before the act
            known.filed = self._filed(receipt.dossier)
        self.model.accepted(wish, change, receipt.dossier)
        assert receipt.seq == self.model.dossiers[receipt.dossier].seq
        self.codes += [c for c in self.model.dossiers if c not in self.codes and self._is_mine(c)]
        self.keyed += [wish] if wish.key else []
        self.world.answers["accepted"] += 1
        self.world.taken[wish.name if wish.verb == "advance" else wish.verb] += 1

    def _filed(self, code: str) -> int:
        with self.world.looking() as conn:
            return int(conn.execute(_FILED, {"code": code}).scalar_one())

    def _is_mine(self, code: str) -> bool:
        return self.model.dossiers[code].unit.code == self.commune and self.model.dossiers[code].year >= self.year

    def _check(self, codes: set[str]) -> None:
        """After every step each row is what the model says, so a refusal left nothing behind in any table."""
        with self.world.looking() as conn:
            for code in codes & self.model.dossiers.keys():
                _agree(self.model.dossiers[code], conn)

    def teardown(self) -> None:
        """At the end of a life: the history of each dossier, chained and folded, gives its row and its tables."""
        if not self.agrees:
            return
        with self.world.looking() as conn:
            assert conn.execute(_ALL).scalar_one() == len(self.model.dossiers)
            for code in self.codes:
                _adds_up(self.model.dossiers[code], conn)


def _told(refusal: DossierError) -> No:
    match refusal:
        case RequirementsUnmet():
            return No(refusal.code, tuple(u.key for u in refusal.unmet))
        case BadInput():
            return No(refusal.code, (str(refusal.facts["why"]),))
        case NotFound():
            return No(refusal.code, (str(refusal.facts["kind"]),))
    return No(refusal.code)


def _agree(dossier: Dossier, conn: Connection) -> None:
    row = conn.execute(_ROW, {"code": dossier.code}).one()
    dossier.filed = conn.execute(_FILED, {"code": dossier.code}).scalar_one()
    assert (row.state, row.version, row.seq, row.round, row.stage_seq, row.stage_on, row.effective_on) == (
        dossier.state, dossier.version, dossier.seq, dossier.round, dossier.stage, dossier.stage_on, dossier.last_on
    )  # fmt: skip
    assert (row.entries, row.letters, row.facts, row.performed) == (
        dossier.seq, dossier.seq, len(dossier.facts), len(dossier.performed)
    )  # fmt: skip
    assert (row.paused_on, row.due_on, row.is_open, row.holder_role, row.linked) == (
        dossier.paused_on, dossier.due_on, dossier.is_open, dossier.holder, dossier.linked
    )  # fmt: skip

    assert {d.key: (d.start_on, d.due_on, d.met_on is not None) for d in conn.execute(_DUE, {"id": row.id})} == {
        key: (d.start, d.due, d.met) for key, d in dossier.deadlines.items()
    }


def _adds_up(dossier: Dossier, conn: Connection) -> None:
    _agree(dossier, conn)
    row = conn.execute(_ROW, {"code": dossier.code}).one()
    stream = select(_HISTORY.c.seq, _HISTORY.c.entry).where(_HISTORY.c.stream == f"dossier/{dossier.code}")
    history = conn.execute(stream.order_by(_HISTORY.c.seq)).all()
    leaves = [hashlib.sha256(b"\x00" + entry).hexdigest() for _, entry in history]
    entries = [parse(entry) for _, entry in history]
    assert [seq for seq, _ in history] == list(range(1, len(history) + 1))
    assert [entry["prev"] for entry in entries] == ["", *leaves[:-1]]
    assert row.head.hex() == leaves[-1]
    standing = fold(entries)
    for name in ("version", "seq", "state", "round", "stage_seq", "stage_on", "paused_on", "effective_on"):
        assert getattr(standing, name) == getattr(row, name), name
    facts = conn.execute(select(_FACT).where(_FACT.c.dossier == row.id, _FACT.c.void_seq.is_(None)))
    assert {(f.requirement, f.item): (f.stage_seq, f.value) for f in facts} == {
        key: (kept.stage, kept.fields) for key, kept in dossier.facts.items()
    }
    performed = conn.execute(select(_PERFORMED.c.transition).where(_PERFORMED.c.dossier == row.id)).scalars()
    assert sorted(performed) == sorted(dossier.performed.values())
