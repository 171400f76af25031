"""Whenever sweeps run, every rung is accounted for once, and by the stated rule: random lives, asked day by day."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.rules.due import STALLED, Line, Pending, Plan, Watched, plan
from dossier_engine.rules.ladder import fallen, falls_due
from dossier_engine.rules.law import legal_day
from tests.makers import at
from tests.rules.test_ladder_day_by_day import LADDERS, WORKED, by_walking
from tests.rules.watching import CALENDAR, Life, a_watched

BEGIN, END = at("2024-01-10"), at("2024-07-31", 23)
ACTS = ("meet", "move", "pause", "resume", "answer")
SPAN = int((END - BEGIN).total_seconds() // 60)

Act = tuple[datetime, str, int]
Moment = tuple[str, int, str, str, date]

instants = st.integers(1, SPAN - 1).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
due_dates = st.dates(date(2024, 1, 12), date(2024, 6, 30))
lives = st.lists(st.tuples(instants, st.sampled_from(ACTS), st.integers(0, 60)), max_size=6).map(sorted)
states = st.sampled_from(sorted(LADDERS.values(), key=lambda found: (found[0].name, found[1])))


def live(
    watched: Watched, acts: list[Act], sweeps: list[datetime]
) -> tuple[Life, list[tuple[Watched, datetime, Plan]]]:
    """Carry out the acts and, between them, the sweeps; the last sweep is at the end."""
    life = Life.of(watched, since=BEGIN)
    found: list[tuple[Watched, datetime, Plan]] = []
    for instant, act, days in sorted([*((s, "sweep", 0) for s in sweeps), *acts, (END, "sweep", 0)]):
        if act == "sweep":
            before = life.watched
            planned = life.sweep(instant)
            found += [(before, instant, planned)] if planned is not None else []
        else:
            do(life, act, instant, days)
    return life, found


def do(life: Life, act: str, now: datetime, days: int) -> None:
    first, *others = life.watched.deadlines
    if act == "resume" and life.watched.is_paused:
        life.change(now, is_paused=False, deadlines=tuple(later(d, days, now) for d in life.watched.deadlines))
    elif life.watched.is_paused:
        return
    elif act == "pause":
        life.change(now, is_paused=True)
        life.wake_at = None
    elif act == "move":
        life.change(now, deadlines=(later(first, days + 1, now), *others))
    elif act == "answer" and life.watched.escalations:
        life.change(now, escalations=life.watched.escalations[1:])
    elif act == "meet" and others:  # what somebody records settles nothing before; the next sweep does
        life.watched = replace(
            life.watched, deadlines=(first, replace(others[0], met_on=others[0].met_on or legal_day(now)))
        )


def later(deadline: Pending, days: int, now: datetime) -> Pending:
    if deadline.met_on is not None:
        return deadline
    return Pending(deadline.key, deadline.due_on + timedelta(days=days), deadline.due_version + 1, now)


def asked_day_by_day(watched: Watched, acts: list[Act]) -> set[Moment]:
    """Every rung of a deadline that falls due in this life: of the date that stood at 07:00, while the clock ran."""
    ladder = watched.workflow.states[watched.state].ladder
    life = Life.of(watched, since=BEGIN)
    found: set[Moment] = set()
    waiting = list(acts)
    for n in range((END.date() - BEGIN.date()).days + 1):
        day = BEGIN.date() + timedelta(days=n)
        while waiting and waiting[0][0] < falls_due(day):
            instant, act, days = waiting.pop(0)
            do(life, act, instant, days)
        for deadline in life.watched.deadlines if not life.watched.is_paused and falls_due(day) >= BEGIN else ():
            if deadline.met_on is None or day <= deadline.met_on:
                found |= {
                    (deadline.key, deadline.due_version, name, to, day)
                    for on, name, to in by_walking(ladder, deadline.due_on, END.date())
                    if on == day
                }
    return found


def of_deadlines(life: Life) -> list[Moment]:
    return [
        (n.key, n.due_version, n.rung, n.addressee, n.occurrence)
        for _, n in life.ledger
        if n.due_version and "/" not in n.key
    ]


def a_life(found, first: date, second: date) -> Watched:
    workflow, state = found
    deadlines = (Pending(state, first, 1, BEGIN), Pending("other", second, 1, BEGIN))
    return replace(a_watched(*deadlines, workflow=workflow), state=state)


@given(states, due_dates, due_dates, lives, st.lists(instants, max_size=40))
def test_whatever_the_hours_of_sweeps_the_same_rungs_are_written_each_once(found, first, second, acts, hours):
    watched = a_life(found, first, second)

    expected = sorted(asked_day_by_day(watched, acts))

    for sweeps in ([], hours):
        life, _ = live(watched, acts, sweeps)
        assert sorted(of_deadlines(life)) == expected


@pytest.mark.parametrize("every", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=1), timedelta(days=30)])
def test_sweeps_at_any_pace_write_the_same_rungs(every):
    acts: list[Act] = [(at("2024-02-01"), "move", 20), (at("2024-03-01", 6), "pause", 0),
                       (at("2024-03-20", 15), "resume", 9), (at("2024-05-06", 10), "meet", 0)]  # fmt: skip
    for workflow_and_state in LADDERS.values():
        watched = a_life(workflow_and_state, date(2024, 2, 18), date(2024, 4, 28))

        life, _ = live(watched, acts, [BEGIN + n * every for n in range(1, (END - BEGIN) // every)])

        assert sorted(of_deadlines(life)) == sorted(asked_day_by_day(watched, acts))


@given(states, due_dates, due_dates, lives, st.lists(instants, max_size=40))
def test_what_becomes_of_each_rung_follows_the_stated_rule(found, first, second, acts, hours):
    _, sweeps = live(a_life(found, first, second), acts, hours)

    for before, now, planned in sweeps:
        is_escalated = any(e.cause != "raised" for e in before.escalations)
        together: dict[tuple[str, int, str], list[Line]] = defaultdict(list)
        for line in planned.lines:
            met = next((d.met_on for d in before.deadlines if d.key == line.key), None)
            told = "late" if line.occurrence < legal_day(now) else "sent"
            if met is not None:
                assert (line.outcome, line.why) == ("void", "met")
            elif line.kind != "escalate":
                together[line.key, line.due_version, line.addressee].append(line)
            elif line.rung == "unanswered":
                assert line.outcome == told
            else:
                assert (line.outcome, line.why) == (("replaced", "already_escalated") if is_escalated else (told, None))
                is_escalated = True
        for group in together.values():
            newest = max(line.occurrence for line in group)
            for line in group:
                told = "late" if line.occurrence < legal_day(now) else "sent"
                assert (line.outcome, line.why) == (
                    (told, None) if line.occurrence == newest else ("replaced", "newer")
                )


@given(states, due_dates, due_dates, st.lists(instants, max_size=40))
def test_the_next_look_is_in_time_for_what_falls_due_next(found, first, second, hours):
    watched = a_life(found, first, second)
    ladder = watched.workflow.states[watched.state].ladder
    ahead = [falls_due(day) for due_on in (first, second) for day, *_ in by_walking(ladder, due_on, END.date())]

    _, sweeps = live(watched, [], hours)

    for _, now, planned in sweeps:
        assert planned.wake_at is not None  # weekly rungs go on
        assert now < planned.wake_at <= min((hour for hour in ahead if hour > now), default=planned.wake_at)


@given(due_dates, st.dates(date(2024, 1, 2), date(2024, 6, 30)), st.lists(instants, max_size=40))
def test_a_sweep_when_it_was_told_to_look_finds_something(due_on, acted_on, hours):
    for workflow, state in LADDERS.values():
        watched = replace(
            a_watched(Pending(state, due_on, 1, BEGIN), workflow=workflow), state=state, acted_on=acted_on
        )
        life = Life.of(watched, since=BEGIN)
        for hour in sorted(hours):
            life.sweep(hour)
            assert life.wake_at is not None
            assert life.wake_at > hour
            assert plan(life.watched, CALENDAR, now=life.wake_at).lines
            assert not plan(life.watched, CALENDAR, now=life.wake_at - timedelta(minutes=1)).lines


@given(st.dates(date(2024, 1, 2), date(2024, 6, 30)), st.lists(instants, max_size=40))
def test_a_stall_is_found_on_its_day_or_late_and_once(acted_on, hours):
    watched = replace(a_life(next(iter(LADDERS.values())), date(2024, 12, 1), date(2024, 12, 1)), acted_on=acted_on)
    day, left = acted_on, 15
    while left:
        day += timedelta(days=1)
        left -= day in WORKED

    life, _ = live(watched, [], hours)

    stalls = [(now.astimezone(UTC) >= falls_due(day), n.occurrence) for now, n in life.ledger if n.key == STALLED]
    assert stalls == ([(True, day)] if day <= fallen(END) else [])
