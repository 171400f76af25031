"""What somebody in a random life thinks of next: mostly something sensible, and then spoilt in one place."""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from tests.makers import SHA
from tests.stateful.asks import lacking
from tests.stateful.book import Ask, Move, confirming, places
from tests.stateful.cast import NO_ONE
from tests.stateful.model import Model
from tests.stateful.standing import Dossier
from tests.stateful.wishes import Fields, Wish

T = TypeVar("T")
ONWARD = ("self_assess", "review", "appraise", "recognize", "revoke")


@dataclass
class Dice:
    """Numbers drawn beforehand; each choice takes one, and small numbers choose what is most sensible."""

    numbers: list[int]

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[(self.numbers.pop() if self.numbers else 0) % len(options)]

    def odds(self, one_in: int) -> bool:
        """True once in so many."""
        return self.pick(range(one_in)) == one_in - 1


@dataclass
class Ideas:
    """The ideas of one moment: `today` in one commune, about one dossier, which may not exist yet."""

    model: Model
    dice: Dice
    today: date
    commune: str
    year: int
    dossier: Dossier | None
    others: Sequence[str]
    key: str
    done: Container[str]  # what somebody did already in some life: what nobody did yet is thought of more often

    # --- sensible ---

    def onward(self) -> Wish:
        """The next thing on the way to recognition, by somebody who may do it."""
        dossier = self.dossier
        if dossier is None or not (dossier.is_open or dossier.state == "recognized"):
            return self._register()
        if not self.dice.odds(4) if dossier.paused_on else self.dice.odds(12):
            return self.clock()
        if dossier.state == "recognized" and self.dice.odds(2):
            return self._record(dossier, self.model.book.asked["recognized"]["announcement"])
        new = self._new(dossier)
        if new and self.dice.odds(2):
            return self._toward(dossier, self.dice.pick(new))
        return self._toward(dossier, next(m for m in self._moves(dossier) if m.name in ONWARD))

    def aside(self) -> Wish:
        """A way back or out."""
        dossier = self.dossier
        if dossier is None or not dossier.is_open:
            return self._register()
        if self._is_alone and self.dice.odds(6 if "succeed" in self.done else 2):
            return self._register(self.year + 1)  # a dossier that this one may be handed over to
        others = [m for m in self._moves(dossier) if m.name not in ONWARD]
        back = [m for m in others if "returns" in m.flags or m.target == "not_met"]
        if not back and not self.dice.odds(4):  # hardly begun: few lives end here
            return self.onward()
        begun = [m for m in back if m.target == "not_met" and not any(dossier.lacks(key) for key in m.asks)]
        return self._toward(dossier, self.dice.pick(self._new(dossier) * 9 + begun * 9 + back * 4 + others))

    def clock(self) -> Wish:
        """Stop the clock, let it run again, or give more time."""
        dossier = self.dossier
        if dossier is None:
            return self._register()
        if dossier.paused_on is None and self.dice.odds(2):
            key = self.dice.pick([dossier.state, *dossier.deadlines])
            role = self.model.book.extend.get(dossier.state, "district_reviewer")
            known = dossier.deadlines.get(key)
            until = max(self.today, known.due if known else self.today) + timedelta(
                days=self.dice.pick((7, 1, 30, 2500))
            )
            return self._by(
                role, verb="extend", dossier=dossier.code, name=key, until=until, number="12/CV", dated=self.today
            )
        role = self.dice.pick(self.model.book.pause)
        return self._by(role, verb="resume" if dossier.paused_on else "pause", dossier=dossier.code)

    def difficulty(self) -> Wish:
        """Raise a difficulty, or answer one."""
        dossier = self.dossier
        if dossier is None:
            return self._register()
        if not dossier.escalations or self.dice.odds(4):
            role = self.dice.pick(("commune_officer", "district_reviewer", "front_surveyor", "dard_appraiser"))
            return self._by(role, verb="raise", dossier=dossier.code)
        role = self.dice.pick(("steering_committee", "dard_appraiser"))
        seq = self.dice.pick((*dossier.escalations, None))
        known = dossier.deadlines.get(dossier.state)
        later = max(self.today, known.due if known else self.today) + timedelta(days=self.dice.pick((14, 1, 2500)))
        until = self.dice.pick((date.max, later))
        return self._by(
            role, verb="answer", dossier=dossier.code, escalation=seq, until=until, number="9/BCĐ", dated=self.today
        )

    def _register(self, year: int | None = None) -> Wish:
        role = self.dice.pick(("commune_officer", "district_reviewer"))
        return self._by(role, verb="register", name="commune-advanced", locality=self.commune, year=year or self.year)

    def _moves(self, dossier: Dossier) -> list[Move]:
        return [m for m in self.model.book.moves.values() if dossier.state in m.origins]

    def _new(self, dossier: Dossier) -> list[Move]:
        """The ways back and out that nobody went yet."""
        found = [m for m in self._moves(dossier) if m.name not in ONWARD and m.name not in self.done]
        return [m for m in found if not (self._is_alone and "needs_successor" in m.flags)]

    @property
    def _is_alone(self) -> bool:
        return not any(self.model.dossiers[code].is_open for code in self.others)

    def _toward(self, dossier: Dossier, move: Move) -> Wish:
        asks = [a for a in move.asks.values() if lacking(a, dossier.facts, dossier.stage, self.model.book)]
        if asks and not self.dice.odds(20):
            return self._record(dossier, self.dice.pick(asks))
        lists = ((self.dice.pick(sorted(k for a in self.model.book.asked.values() for k in a)), "thiếu chữ ký"),)
        return self._by(
            move.by, verb="advance", dossier=dossier.code, name=move.name,
            supplements=lists if "returns" in move.flags else (),
            successor=self.dice.pick((*self.others, "HD-2024-NC-9999")) if "needs_successor" in move.flags else None,
        )  # fmt: skip

    def _record(self, dossier: Dossier, ask: Ask) -> Wish:
        role, items = ask["by"], self._papers(dossier, ask)
        wish = self._by(role, verb="record", dossier=dossier.code, name=ask["key"], items=items)
        return replace(wish, who=next(iter(items))) if role == "sector_confirmer" else wish

    def _by(self, role: str, **parts: object) -> Wish:
        hands = {
            "commune_officer": (f"xa-{self.commune}", f"thay-{self.commune}", f"moi-ghe-{self.commune}"),
            "district_reviewer": (f"huyen-{self._district}", f"pho-huyen-{self._district}", f"moi-ghe-{self.commune}"),
            "dard_appraiser": ("so", "pho-so", f"moi-ghe-{self.commune}"),
            "decision_clerk": ("vanthu", f"moi-ghe-{self.commune}"),
            "front_surveyor": (f"mattran-{self._district}", "mattran-tinh"),  # who sits in the wrong place
            "steering_committee": ("bcd",),
            "sector_confirmer": ("so-tai-chinh",),
        }[role]
        who = hands[0] if self.dice.odds(2) else self.dice.pick(hands)
        version = self.dossier.version if self.dossier and parts["verb"] != "register" and self.dice.odds(3) else None
        early = self.dossier.last_on if self.dossier and parts["verb"] != "register" else self.today
        on = early + (self.today - early) / 2 if self.dice.odds(6) else None
        key = self.key if self.dice.odds(3) else None
        made: dict[str, Any] = {"version": version, "effective_on": on, "key": key, "reason": "theo quy định", **parts}
        return Wish(who=who, **made)

    @property
    def _district(self) -> str:
        return places()[self.commune][1]

    def _papers(self, dossier: Dossier, ask: Ask) -> dict[str, Fields]:
        on, day = dossier.last_on.isoformat(), self.today.isoformat()
        agreed = {"result": "agree", "number": "15/CV", "date": on}
        match ask["type"]:
            case "documents":
                texts = {"number": "7/BC", "date": on, "sha256": SHA, "place": "nhà văn hóa", "batch": "1"}
                return {d["kind"]: {f: texts[f] for f in d["fields"]} for d in ask["documents"]}
            case "criteria":
                return {n: {"result": "met"} for n in self.model.book.criteria}
            case "broadcast":
                return {on: {"times": self.dice.pick((5, 6, 4))}}
            case "display":
                first = max([dossier.stage_on.isoformat(), *self._report_days(dossier, ask["after"])])
                return {"period": {"from": first, "to": max(day, first)}}
            case "vote":
                agree, present = self.dice.pick(((18, 20), (20, 20), (9, 10), (17, 19)))
                return {"vote": {"agree": agree, "present": present, **({"members": 25} if "quorum" in ask else {})}}
            case "survey":
                return {"survey": {"satisfied": self.dice.pick((90, 100, 89)), "answered": 100, "asked": 120}}
            case "receipt":
                return {"receipt": {"on": self.dice.pick((dossier.stage_on.isoformat(), on))}}
            case "confirmation":
                return {ask["office"]: agreed}
        done = {i for (key, i), k in dossier.facts.items() if key == ask["key"] and k.fields["result"] == "agree"}
        return {self.dice.pick(sorted(confirming() - done) or sorted(confirming())): agreed}

    def _report_days(self, dossier: Dossier, key: str) -> list[str]:
        return [str(k.fields["date"]) for (k_, _), k in dossier.facts.items() if k_ == key]

    # --- spoilt ---

    def spoilt(self, wish: Wish) -> Wish:
        """The same wish with one thing wrong, or merely different: the model says which."""
        ways: list[Callable[[Wish], Wish]] = [self._other_items] * 5 if wish.verb == "record" else []
        ways += [self._other_person, self._other_day, self._other_name, self._other_words]
        ways += [self._other_terms] * 4 if wish.verb in ("extend", "answer") else []
        ways += [self._other_escalation] if wish.verb == "answer" else []
        ways += [self._other_way_round] if wish.verb in ("pause", "resume") else []
        if wish.verb != "register":
            ways += [self._other_dossier, self._other_version]
        return self.dice.pick(ways)(wish)

    def _other_person(self, wish: Wish) -> Wish:
        here, elsewhere = self.commune, "10894" if self.commune != "10894" else "10924"  # both in the same district
        people = [
            f"xa-{here}", f"huyen-{self._district}", "so", "vanthu", f"mattran-{self._district}", "so-tai-chinh", "bcd",
            f"cu-xa-{here}", f"moi-xa-{here}", f"cu-huyen-{self._district}", f"pho-huyen-{self._district}", "pho-so",
            f"moi-ghe-{here}", f"thay-{here}", f"xa-{elsewhere}", f"thay-{elsewhere}", "huyen-291", "huyen-295",
            "thanhtra", "quantri", "mattran-tinh", "cong-an-tinh", NO_ONE,
        ]  # fmt: skip
        return replace(wish, who=self.dice.pick(people))

    def _other_way_round(self, wish: Wish) -> Wish:
        return replace(wish, verb="pause" if wish.verb == "resume" else "resume")

    def _other_day(self, wish: Wish) -> Wish:
        return replace(wish, effective_on=self.today + timedelta(days=self.dice.pick((-20, 1, -1, -200, 30, 0, -800))))

    def _other_version(self, wish: Wish) -> Wish:
        version = self.dossier.version if self.dossier else 1
        return replace(wish, version=version + self.dice.pick((-1, 1, 0)))

    def _other_dossier(self, wish: Wish) -> Wish:
        return replace(wish, dossier=self.dice.pick(("HD-2024-NC-9999", "", *self.others)))

    def _other_name(self, wish: Wish) -> Wish:
        if wish.verb == "register":
            wrong: list[dict[str, Any]] = [{"locality": "10519"}, {"locality": "99999"}, {"year": 2020}, {"name": "no"}]
            return replace(wish, **self.dice.pick(wrong))
        keys = sorted(k for asked in self.model.book.asked.values() for k in asked)
        names = {"advance": [*self.model.book.moves, "to_recognized", "fly", ""], "record": [*keys, "no_such_paper"],
                 "extend": ["", "no_such_deadline", *keys]}  # fmt: skip
        return replace(wish, name=self.dice.pick(names.get(wish.verb, [""])))

    def _other_words(self, wish: Wish) -> Wish:
        lists = ((("commune_vote", "thiếu"),), (), (("no_such_paper", "thiếu"),), (("commune_vote", " "),))
        successors = [None, wish.dossier, "HD-2024-NC-9999", *self.others]
        changes: list[dict[str, Any]] = [{"reason": None}, {"reason": " "}, {"reason": "lý do khác"}]
        if wish.verb == "advance":
            changes += [{"supplements": s} for s in lists] + [{"successor": s} for s in successors]
        return replace(wish, **self.dice.pick(changes))

    def _other_terms(self, wish: Wish) -> Wish:
        changes: list[dict[str, Any]] = [
            {"until": self.today - timedelta(days=90)}, {"until": date(2031, 1, 2)}, {"number": " "},
            {"dated": self.today + timedelta(days=1)}, {"dated": self.today - timedelta(days=3)},
        ]  # fmt: skip
        return replace(wish, **self.dice.pick(changes))

    def _other_escalation(self, wish: Wish) -> Wish:
        return replace(wish, escalation=self.dice.pick((None, 999, 1)))

    def _other_items(self, wish: Wish) -> Wish:
        items = dict(wish.items)
        item = self.dice.pick(list(items))
        fields = dict(items.pop(item))
        name = self.dice.pick(list(fields))
        others = (
            None, "", " ", "x", -1, 0, 3, "not_met", "disagree", "2024-02-30", "20240715", "Ha\u0300", "\x1b[31m",
            "2031-01-01", "2020-01-01", SHA.upper(),
        )  # fmt: skip
        other = self.dice.pick(others)
        match self.dice.pick(("field", "field", "more", "item", "none", "two")):
            case "more":
                return replace(wish, items={**items, item: {**fields, "note": "thêm"}})
            case "item":
                return replace(wish, items={**items, self.dice.pick(("no_such_item", "2031-01-01", "19")): fields})
            case "none":
                return replace(wish, items={})
            case "two":
                return replace(wish, items={**wish.items, "cong-an-tinh": fields})
        fields = {k: v for k, v in fields.items() if k != name} if other is None else {**fields, name: other}
        return replace(wish, items={**items, item: fields})
