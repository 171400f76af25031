"""Judges what was recorded on a dossier: asked for, by whom it is, in a form that counts, and what a receipt begins."""

from collections.abc import Iterator, Mapping
from typing import Any

from dossier_engine.errors import DossierError
from dossier_engine.rules.deadlines import opened_by_receipt
from dossier_engine.rules.requirements import check_shape
from dossier_engine.rules.workflow import Confirmation, Receipt, Requirement, SectorConfirmations
from dossier_engine.verifier import due
from dossier_engine.verifier.act import Act, Flaw, day
from dossier_engine.verifier.case import Case, asked_in
from dossier_engine.verifier.conditions import may, running


def recorded(case: Case, act: Act) -> Iterator[Flaw]:
    """What is wrong with facts that were recorded."""
    body: Mapping[str, Any] = act.body
    yield from running(case)
    asked = asked_in(case.workflow, case.standing.state).get(body["requirement"])
    if asked is None:
        yield "not_in_this_state", str(body["requirement"])
        return
    if body["definition"] != case.standing.definition:
        yield "definition_differs", str(body["definition"])
    requirement, roles = asked
    names = [item["item"] for item in body["items"]]
    if not names or names != sorted(set(names)):
        yield "fact_wrong", "items"
        return
    confirms = isinstance(requirement, SectorConfirmations | Confirmation)
    if confirms and len(names) != 1:
        yield "fact_wrong", "items"
    yield from may(case, act, roles, level=requirement.at, office=names[0] if confirms else None)
    yield from _shaped(case, act, requirement, body["items"])
    if isinstance(requirement, Receipt):
        yield from _received(case, act, requirement)
    elif "due" in body or "calendar" in body:
        yield "due_differs", requirement.key


def _shaped(case: Case, act: Act, requirement: Requirement, items: list[Mapping[str, Any]]) -> Iterator[Flaw]:
    for item in items:
        value = {name: content for name, content in item.items() if name != "item"}
        try:
            check_shape(requirement, item["item"], value, criteria=case.workflow.criteria, today=act.on)
        except DossierError as refusal:
            yield "fact_wrong", f"{requirement.key} {item['item']}: {refusal.code}"


def _received(case: Case, act: Act, requirement: Requirement) -> Iterator[Flaw]:
    body: Mapping[str, Any] = act.body
    received = day(body["items"][0]["on"])
    current = case.told.facts.get((requirement.key, "receipt"))
    if received < case.standing.stage_on:
        yield "fact_wrong", "before_stage"
    if current is not None and current.stage_seq == case.told.stage:
        yield "fact_wrong", "already_received"
    if "calendar" not in body:
        begins = [r.key for r, _ in asked_in(case.workflow, case.standing.state).values()
                  if r.limit is not None and r.limit.start == "received"]  # fmt: skip
        if begins or "due" in body:
            yield "due_differs", ", ".join(begins)
        return
    calendar = due.named(case.registers, act)
    begun = calendar and opened_by_receipt(
        case.workflow, case.standing.state, received, year=case.opened.year, calendar=calendar,
        pauses=due.pauses(case.told),
    )  # fmt: skip
    yield from due.opened(case.registers, act, begun or ())
