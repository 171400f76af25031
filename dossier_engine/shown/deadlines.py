"""Deadlines as rows: across dossiers, and how the date of one came about."""

from dossier_engine.catalogue import Catalogue
from dossier_engine.queries.deadlines import Obligation
from dossier_engine.queries.worklist import Line
from dossier_engine.rules.limits import Due
from dossier_engine.shown import Row, Shown
from dossier_engine.shown.dossiers import obligation
from dossier_engine.shown.labels import holder, subject


def listed(words: Catalogue, line: Line, found: Obligation) -> Row:
    """A deadline in a list over many dossiers."""
    return {
        "code": line.code,
        "locality": subject(words, line),
        "holder": holder(words, line),
        **obligation(words, line, found),
    }


def steps(words: Catalogue, due: Due) -> list[Row]:
    """Every day that was counted or not, and why."""
    return [{"day": s.day, "count": s.count, "why": Shown(s.why, words.say(f"step.{s.why}"))} for s in due.steps]
