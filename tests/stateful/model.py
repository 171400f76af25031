"""A small model of dossiers: every rule in words and plain values, to be asked what the engine must answer.

It knows the definition's text, the tables of units and offices, and who was appointed. Of the engine it uses only the
two values that say when a clock stood still. The order of its questions is the one the commands promise: is it
there, was it asked before, has it changed, may it be dated so, does the state have it, does the clock run, may this
person, are the words and papers complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dossier_engine.rules.limits import Pause
from tests.stateful.asks import Kept, No, bad, flaw, lacking
from tests.stateful.book import LEVELS, Book, Hat, Move, Unit, the_book, unit_of
from tests.stateful.cast import Cast, hat_for, knows
from tests.stateful.difficulties import Change, answer, difficulty, given_until, papers_of_approval, put_off
from tests.stateful.standing import BeyondError, Deadline, Dossier
from tests.stateful.wishes import Wish


@dataclass(frozen=True)
class Again:
    """The key was used for this very wish: the first receipt is given again."""

    dossier: str
    seq: int


@dataclass
class Model:
    """The dossiers of one database, and `cast`: who was appointed, by handle."""

    cast: Cast
    book: Book = field(default_factory=the_book)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    answered: dict[tuple[str, str], tuple[Wish, Again]] = field(default_factory=dict)

    def judge(self, wish: Wish, now: datetime) -> No | Again | Change:
        """The refusal, the receipt given again, or the change, to be called with the dossier's code once made."""
        today = (now + timedelta(hours=7)).date()
        on = wish.effective_on or today
        if wish.verb == "register":
            return self._register(wish, on, today)
        dossier = self.dossiers.get(wish.dossier)
        if dossier is None or not knows(self.cast, wish.who, dossier.unit.code):
            return No("not_found", ("dossier",))
        if found := self._asked_before(wish):
            return found
        if wish.version not in (None, dossier.version):
            return No("stale_version")
        if on > today:
            return No("date_in_future")
        if on < dossier.last_on:
            return No("date_before_previous")
        verbs = {"advance": self._advance, "record": self._record, "pause": self._pause, "resume": self._resume,
                 "extend": self._extend, "raise": self._raise, "answer": self._answer}  # fmt: skip
        try:
            return verbs[wish.verb](wish, dossier, on, today)
        except BeyondError:
            return No("calendar_missing")

    def accepted(self, wish: Wish, change: Change, code: str) -> None:
        """The engine made the change: so does the model."""
        change(code)
        if wish.key:
            self.answered[wish.who, wish.key] = (wish, Again(code, self.dossiers[code].seq))

    def _asked_before(self, wish: Wish) -> No | Again | None:
        first = self.answered.get((wish.who, wish.key or ""))
        if first is None:
            return None
        return first[1] if first[0] == wish else No("key_reused")

    def _hat(self, wish: Wish, roles: Sequence[str], dossier: Dossier, today: date, *,
             levels: Sequence[int] = (1, 2, 3), office: str | None = None) -> Hat | No:  # fmt: skip
        return hat_for(self.cast[wish.who], roles, dossier.unit.code, today, levels=levels, office=office)

    # --- opening ---

    def _register(self, wish: Wish, on: date, today: date) -> No | Again | Change:
        if wish.name != "commune-advanced":
            return No("not_found", ("workflow",))
        if on > today:
            return No("date_in_future")
        if wish.year not in range(2021, 2100):
            return bad("year_out_of_range")
        unit = unit_of(wish.locality, on)
        if found := self._asked_before(wish):
            return found
        if unit is None or not knows(self.cast, wish.who, unit.code):
            return No("not_found", ("locality",))
        if unit.kind != "commune":
            return No("wrong_subject")
        if not self.book.first_day <= on <= self.book.last_day:
            return bad("definition_not_in_force")
        opening = self.book.register
        levels = [LEVELS[at] for at in opening["at"]]
        hat = hat_for(self.cast[wish.who], opening["by"], unit.code, today, levels=levels)
        return hat if isinstance(hat, No) else self._opened(unit, wish.year, on, None)

    def _opened(self, unit: Unit, year: int, on: date, linked: str | None) -> No | Change:
        if any(d.unit == unit and d.year == year and d.is_open for d in self.dossiers.values()):
            return No("already_open")

        def change(code: str) -> None:
            dossier = self.dossiers[code] = Dossier(code, unit, year, on, on, linked)
            dossier.deadlines = dossier.on_entry("registered", None, on)

        return change

    def _next_year(self, dossier: Dossier, on: date) -> No | Change:
        if on > dossier.unit.last:
            return No("not_found", ("locality",))
        if on > self.book.last_day:
            return bad("definition_not_in_force")
        return self._opened(dossier.unit, dossier.year + 1, on, dossier.code)

    def _code_after(self, dossier: Dossier) -> str:
        """Codes of a series are numbered in order, whoever opens them."""
        series = f"HD-{dossier.year + 1}-NC-"
        return f"{series}{sum(code.startswith(series) for code in self.dossiers) + 1:04d}"

    # --- moving ---

    def _advance(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        move = self.book.moves.get(wish.name)
        if move is None or dossier.state not in move.origins:
            return No("not_possible")
        if dossier.paused_on and "while_paused" not in move.flags:
            return No("paused")
        hat = self._hat(wish, [move.by], dossier, today, levels=[move.level])
        if isinstance(hat, No):
            return hat
        persons = [p for p in (wish.who, hat.instead_of) if p]
        if wish.name in self.book.together and any(dossier.performed.get(p, wish.name) != wish.name for p in persons):
            return No("separation_of_duties")
        if found := self._words(wish, move):
            return found
        unmet = [k for k, ask in move.asks.items() if lacking(ask, dossier.facts, dossier.stage, self.book)]
        if unmet:
            return No("requirements_unmet", tuple(unmet))
        deadlines = dossier.on_entry(move.target, move.limit, on)
        following = self._next_year(dossier, on) if "opens_next_year" in move.flags else None
        return (
            following
            if isinstance(following, No)
            else self._moved(wish, dossier, move, on, deadlines, persons, following)
        )

    def _moved(self, wish: Wish, dossier: Dossier, move: Move, on: date, deadlines: dict[str, Deadline],
               persons: Sequence[str], following: Change | None) -> Change:  # fmt: skip
        def change(_: str) -> None:
            for voided in [k for k in dossier.facts if k[0] in {key for key, _ in wish.supplements}]:
                del dossier.facts[voided]
            if wish.name in self.book.together:
                dossier.performed |= dict.fromkeys(persons, wish.name)
            dossier.version += 1
            dossier.state, dossier.stage, dossier.stage_on, dossier.last_on = move.target, dossier.seq, on, on
            dossier.round += "returns" in move.flags
            dossier.linked = wish.successor or dossier.linked
            dossier.paused_on, dossier.pauses, dossier.deadlines, dossier.escalations = None, [], deadlines, {}
            if following:
                following(self._code_after(dossier))

        return change

    def _words(self, wish: Wish, move: Move) -> No | None:
        if "reason" in move.flags and not (wish.reason or "").strip():
            return bad("missing")
        if "returns" in move.flags and not wish.supplements:
            return bad("missing")
        if wish.supplements and "returns" not in move.flags:
            return bad("not_a_return")
        known = {key for asked in self.book.asked.values() for key in asked}
        if any(key not in known for key, _ in wish.supplements):
            return bad("unknown_requirement")
        if any(not words.strip() for _, words in wish.supplements):
            return bad("missing")
        if "needs_successor" not in move.flags:
            return bad("unknown_item") if wish.successor else None
        if wish.successor is None:
            return bad("missing")
        successor = self.dossiers.get(wish.successor)
        if successor is None or wish.successor == wish.dossier or not knows(self.cast, wish.who, successor.unit.code):
            return No("not_found", ("dossier",))
        return None if successor.is_open else bad("closed")

    # --- recording ---

    def _record(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        ask = self.book.asked[dossier.state].get(wish.name)
        if dossier.paused_on:
            return No("paused")
        if ask is None:
            return No("not_possible")
        by_office = "confirmation" in ask["type"]
        if by_office and len(wish.items) != 1:
            return bad("one_office_at_a_time")
        office = next(iter(wish.items)) if by_office else None
        hat = self._hat(wish, [ask["by"]], dossier, today, levels=[ask["at"]], office=office)
        if isinstance(hat, No):
            return hat
        if not wish.items:
            return bad("missing")
        for item, fields in wish.items.items():
            if found := flaw(ask, item, fields, on, self.book):
                return found
        begun: Mapping[str, Deadline] = {}
        if ask["type"] == "receipt":
            received = date.fromisoformat(str(wish.items["receipt"]["on"]))
            if received < dossier.stage_on:
                return bad("before_stage")
            if not dossier.lacks(wish.name):
                return bad("already_received")
            begun = dossier.on_receipt(received)

        def change(_: str) -> None:
            dossier.version, dossier.last_on = dossier.version + 1, on
            dossier.facts |= {(wish.name, i): Kept(dossier.stage, f) for i, f in wish.items.items()}
            dossier.deadlines |= begun
            dossier.meet([wish.name, *begun])

        return change

    # --- the clock ---

    def _pause(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        if dossier.paused_on:
            return No("paused")
        if not dossier.is_open:
            return No("not_possible")
        hat = self._hat(wish, self.book.pause, dossier, today)
        if isinstance(hat, No):
            return hat
        if not (wish.reason or "").strip():
            return bad("missing")

        def change(_: str) -> None:
            dossier.version, dossier.last_on, dossier.paused_on = dossier.version + 1, on, on

        return change

    def _resume(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        if not dossier.paused_on:
            return No("not_paused")
        hat = self._hat(wish, self.book.pause, dossier, today)
        if isinstance(hat, No):
            return hat
        if not (wish.reason or "").strip():
            return bad("missing")
        pauses = [*dossier.pauses, Pause(dossier.paused_on, on)]
        moved = dossier.after(pauses)

        def change(_: str) -> None:
            dossier.version, dossier.last_on, dossier.paused_on, dossier.pauses = dossier.version + 1, on, None, pauses
            for key, day in moved.items():
                dossier.deadlines[key].due = day

        return change

    def _extend(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        if dossier.paused_on:
            return No("paused")
        if dossier.state not in self.book.extend:
            return No("not_possible")
        hat = self._hat(wish, [self.book.extend[dossier.state]], dossier, today)
        if isinstance(hat, No):
            return hat
        deadline = papers_of_approval(wish, on) or given_until(wish, dossier, wish.name or dossier.state, on)
        if isinstance(deadline, No):
            return deadline

        def change(_: str) -> None:
            dossier.version, dossier.last_on = dossier.version + 1, on
            put_off(deadline, wish, on)

        return change

    # --- difficulties ---

    def _raise(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        return difficulty(wish, dossier, on, lambda roles: self._hat(wish, roles, dossier, today))

    def _answer(self, wish: Wish, dossier: Dossier, on: date, today: date) -> No | Change:
        return answer(wish, dossier, on, lambda roles: self._hat(wish, roles, dossier, today))
