"""What the model knows of difficulties: who may raise one, whose answer it waits for, and what an answer changes."""

from collections.abc import Callable, Sequence
from datetime import date

from dossier_engine.rules.limits import Extension
from tests.stateful.asks import CALENDAR_YEARS, No, bad
from tests.stateful.book import Hat
from tests.stateful.standing import Deadline, Dossier
from tests.stateful.wishes import Wish

COMMITTEE = "steering_committee"
ACTING = (
    "commune_officer", "district_officer", "district_reviewer", "dard_appraiser", "sector_confirmer", "front_surveyor",
    "decision_clerk", COMMITTEE,
)  # fmt: skip

Change = Callable[[str], None]
Hats = Callable[[Sequence[str]], Hat | No]


def difficulty(wish: Wish, dossier: Dossier, on: date, hats: Hats) -> No | Change:
    """Everybody who acts may raise one; it waits for the department, and nobody's form goes stale."""
    if dossier.paused_on:
        return No("paused")
    if not dossier.is_open:
        return No("not_possible")
    hat = hats(ACTING)
    if isinstance(hat, No):
        return hat
    if not (wish.reason or "").strip():
        return bad("missing")

    def change(_: str) -> None:
        dossier.raised, dossier.last_on = dossier.raised + 1, on
        dossier.escalations[dossier.seq] = "dard_appraiser"

    return change


def answer(wish: Wish, dossier: Dossier, on: date, hats: Hats) -> No | Change:
    """Whoever was asked answers, or the committee; perhaps with a new date for the state."""
    if dossier.paused_on:
        return No("paused")
    meant = [seq for seq in dossier.escalations if wish.escalation in (None, seq)]
    if not meant:
        return No("not_found", ("escalation",))
    if len(meant) > 1:
        return bad("several_open")
    asked = dossier.escalations[meant[0]]
    hat = hats((str(dossier.holder) if asked in ("holder", "head") else asked, COMMITTEE))
    if isinstance(hat, No):
        return hat
    flaw = papers_of_approval(wish, on)
    if flaw:
        return flaw
    later = given_until(wish, dossier, dossier.state, on) if wish.until != date.max else None
    if isinstance(later, No):
        return later

    def change(_: str) -> None:
        dossier.version, dossier.last_on = dossier.version + 1, on
        del dossier.escalations[meant[0]]
        if later:
            put_off(later, wish, on)

    return change


def papers_of_approval(wish: Wish, on: date) -> No | None:
    """What is wrong with the words and the document of somebody who approves."""
    if not (wish.reason or "").strip() or not wish.number.strip():
        return bad("missing")
    return bad("after_the_act") if wish.dated > on else None


def given_until(wish: Wish, dossier: Dossier, key: str, on: date) -> No | Deadline:
    """The deadline that is to be put off, if it can be."""
    deadline = dossier.deadlines.get(key)
    if deadline is None or deadline.met:
        return No("no_such_deadline")
    if wish.until <= deadline.due:
        return bad("not_later")
    if wish.until < on:
        return bad("already_past")
    return No("calendar_missing") if wish.until.year not in CALENDAR_YEARS else deadline


def put_off(deadline: Deadline, wish: Wish, on: date) -> None:
    """It is due on the later day from now on."""
    deadline.due, deadline.extension = wish.until, Extension(on, wish.until)
