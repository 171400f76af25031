"""What a dossier's state asks for as rows: what is recorded, and in words what is not."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlmodel import Session

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.errors import Unmet
from dossier_engine.queries.recorded import Judged, Standing, judged, standings
from dossier_engine.queries.worklist import Line
from dossier_engine.records.offices import names
from dossier_engine.shown import Row, Shown
from dossier_engine.shown.labels import certainty, lack, roles


def requirements(words: Catalogue, session: Session, line: Line, *, today: date) -> list[Row]:
    """Everything that the present state asks for."""
    found = standings(session, line, today=today)
    offices = lacking_offices(session, [one.lack for one in found])
    return [_requirement(words, line, one, offices) for one in found]


def lacking_offices(session: Session, lacks: Iterable[Unmet | None]) -> dict[str, tuple[str, str]]:
    """The names of the offices whose confirmation these lack."""
    of_offices = [dict(one.facts) for one in lacks if one is not None and one.why == "not_confirmed"]
    codes = {
        str(code) for facts in of_offices for listed in facts.values() if isinstance(listed, tuple) for code in listed
    }
    return names(session.connection(), codes) if codes else {}


def _requirement(words: Catalogue, line: Line, one: Standing, offices: Mapping[str, tuple[str, str]]) -> Row:
    missing = lack(words, line.workflow, one.lack, offices) if one.lack else words.say("say.none")
    return {
        "key": one.requirement.key,
        "label": said(words, one.requirement.label),
        "by": Shown(one.by, roles(words, one.by) or words.say("say.none")),
        "items": {item: {"value": fact.value, "seq": fact.seq} for item, fact in one.items.items()},
        "lacking": Shown(one.lack.why if one.lack else None, missing),
        "status": certainty(words, one.requirement.provenance),
        "source": one.requirement.provenance.source or None,
    }


def criteria(words: Catalogue, session: Session, line: Line) -> list[Row]:
    """Every criterion of the definition and the result that stands for it."""
    return [_criterion(words, one) for one in judged(session, line)]


def _criterion(words: Catalogue, one: Judged) -> Row:
    result = one.fact.value["result"] if one.fact else None
    key = "say.none" if result is None else "say.criterion_met" if result == "met" else "say.criterion_not_met"
    return {
        "number": one.criterion.number,
        "label": said(words, one.criterion.label),
        "result": Shown(result, words.say(key)),
        "requirement": one.requirement,
        "seq": one.fact.seq if one.fact else None,
        "status": certainty(words, one.criterion.provenance),
        "source": one.criterion.provenance.source or None,
    }
