"""The life of one commune's dossiers as a Hypothesis state machine, and the world that many lives share."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Connection, event, func, select

from dossier_engine.commands.desk import Receipt, machine
from dossier_engine.commands.sweep import BATCH, MACHINE, catch_up, sweep
from dossier_engine.errors import BadInput, DossierError, NotFound, RequirementsUnmet
from dossier_engine.queries.accounting import account
from dossier_engine.records import dossiers
from dossier_engine.records.scope import Scope
from dossier_engine.records.tables import TABLES
from tests.makers import Province
from tests.stateful.asks import No
from tests.stateful.book import places, the_book, units
from tests.stateful.cast import appoint_all, of_commune, of_the_province
from tests.stateful.checks import adds_up, agree, learn
from tests.stateful.ideas import Dice, Ideas
from tests.stateful.model import Again, Change, Model
from tests.stateful.wishes import Wish, carry_out

_ALL = select(func.count()).select_from(TABLES["dossier"])


@dataclass
class World:
    """One database with everybody in it, the model beside it, and what was tried so far."""

    province: Province
    model: Model
    answers: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    rungs: Counter[str] = field(default_factory=Counter)

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

    @rule(rolls=_rolls(3))
    def somebody_raises_a_difficulty_or_answers_one(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            self._try(self._ideas(roll).difficulty())

    @rule(rolls=_rolls(10))
    def somebody_tries_what_may_be_wrong(self, rolls: Sequence[bytes]) -> None:
        for roll in rolls:
            ideas = self._ideas(roll)
            sensible = ideas.dice.pick((ideas.onward, ideas.aside, ideas.clock, ideas.difficulty))()
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
        self._sweep()
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
            done=self.world.taken,
        )  # fmt: skip

    def _try(self, wish: Wish) -> None:
        note(f"{self.now}: {wish}")
        expected = self._expected(wish)
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

    def _expected(self, wish: Wish) -> No | Again | Change:
        """What the model says. What fell due is settled before an answer, and may open an escalation or bring it on."""
        known = self.model.dossiers.get(wish.dossier)
        if wish.verb != "answer" or known is None:
            return self.model.judge(wish, self.now)
        before, filed = dict(known.escalations), known.filed
        with self.world.province.writing(commit=False) as session:
            conn, law = session.connection(), self.world.province.law
            row = dossiers.lock(conn, wish.dossier)
            assert row is not None
            catch_up(machine(conn, law, row, MACHINE, now=self.now), rng=self.world.province.rng)
            learn(known, conn)
        expected = self.model.judge(wish, self.now)
        if isinstance(expected, No | Again):
            known.escalations, known.filed = before, filed
        return expected

    def _sweep(self) -> None:
        """Sweep until nothing is left."""
        left = True
        while left:
            with self.world.province.writing() as session:
                swept = sweep(session, self.world.province.law, now=self.now, rng=self.world.province.rng)
            left = swept.dossiers == BATCH

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
            with self.world.looking() as conn:
                learn(known, conn)
        self.model.accepted(wish, change, receipt.dossier)
        assert receipt.seq == self.model.dossiers[receipt.dossier].seq
        self.codes += [c for c in self.model.dossiers if c not in self.codes and self._is_mine(c)]
        self.keyed += [wish] if wish.key else []
        self.world.answers["accepted"] += 1
        self.world.taken[wish.name if wish.verb == "advance" else wish.verb] += 1

    def _is_mine(self, code: str) -> bool:
        return self.model.dossiers[code].unit.code == self.commune and self.model.dossiers[code].year >= self.year

    def _check(self, codes: set[str]) -> None:
        """After every step each row is what the model says, so a refusal left nothing behind in any table."""
        with self.world.looking() as conn:
            for code in codes & self.model.dossiers.keys():
                agree(self.model.dossiers[code], conn)

    def teardown(self) -> None:
        """At the end of a life its history gives its tables, and calls for each line of the ledger and for no more."""
        if not self.agrees:
            return
        with self.world.looking() as conn:
            assert conn.execute(_ALL).scalar_one() == len(self.model.dossiers)
            for code in self.codes:
                adds_up(self.model.dossiers[code], conn)
        self._accounted()
        self._sweep()
        outcomes = self._accounted()
        assert outcomes["waiting"] == 0
        self.world.rungs.update(outcomes)

    def _accounted(self) -> Counter[str]:
        """The outcomes of every rung of this life's dossiers; none may be unexplained."""
        here, until = Scope(("/".join((*places()[self.commune], "")),)), (self.now + timedelta(hours=7)).date()
        with self.world.province.database.reading() as session:
            found = account(session, self.world.province.law, here, date(2024, 1, 1), until, now=self.now)
        assert [rung for rung in found.unexplained if rung.dossier in self.codes] == []
        return Counter(rung.outcome for rung in found.rungs if rung.dossier in self.codes)


def _told(refusal: DossierError) -> No:
    match refusal:
        case RequirementsUnmet():
            return No(refusal.code, tuple(u.key for u in refusal.unmet))
        case BadInput():
            return No(refusal.code, (str(refusal.facts["why"]),))
        case NotFound():
            return No(refusal.code, (str(refusal.facts["kind"]),))
    return No(refusal.code)
