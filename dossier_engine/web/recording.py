"""What forms that record something have in common: which version was looked at, and what is wrong, where it stands."""

from collections.abc import Iterable, Mapping
from typing import Any

from dossier_engine.api.call import Looking
from dossier_engine.errors import (
    BadInput,
    DateInFuture,
    DossierError,
    FileRefused,
    FileTooLarge,
    KeyReused,
    NoSuchAddress,
    NotAllowed,
    NotPossible,
    StaleVersion,
)
from dossier_engine.queries.possibilities import Recordable, recordables
from dossier_engine.queries.worklist import Line
from dossier_engine.shown.refusals import in_words
from dossier_engine.web.acting import looked_at, meanwhile
from dossier_engine.web.fields import FILE, Field
from dossier_engine.web.typed import Typed
from dossier_engine.web.visit import told


def recordable(looking: Looking, line: Line, key: str) -> Recordable:
    """The requirement of that key, which whoever looks may record now.

    Raises NoSuchAddress, NotPossible where the present state does not ask for it, NotAllowed, AppointmentExpired and
    Paused.
    """
    if key not in line.workflow.requirements:
        raise NoSuchAddress
    found = recordables(looking.session, line, person=looking.caller.person, today=looking.today)
    if key not in found:
        raise NotPossible(key, line.state.key, list(found), line.workflow.sha256)
    if (refusal := found[key].refusal) is not None:
        raise refusal
    return found[key]


def why_not(looking: Looking, able: Recordable | None) -> str | None:
    """Why somebody whose task it is cannot record it now; whose task it is, is said of everything."""
    if able is None or able.refusal is None or isinstance(able.refusal, NotAllowed):
        return None
    return in_words(able.refusal, looking.words, looking.law)[0]


def form_of(
    looking: Looking,
    line: Line,
    typed: Typed | None,
    refusal: DossierError | None,
    labels: Mapping[str, str],
    fields: Iterable[Field] = (),
) -> dict[str, Any]:
    """What every such form shows beside its questions; `labels` says what the form calls its fields.

    The version stays the one that was looked at, whatever else was wrong, until somebody was told of the newer one.
    """
    return {
        "version": looked_at(line, typed, refusal),
        "errors": []
        if refusal is None
        else _faults(looking, line, refusal, labels, _day_of(refusal, typed or Typed(), fields)),
    }


def _faults(
    looking: Looking, line: Line, refusal: DossierError, labels: Mapping[str, str], day: str | None
) -> list[dict[str, str | None]]:
    words = looking.words
    match refusal:
        case StaleVersion():
            return [{"text": meanwhile(looking, line), "href": None}]
        case KeyReused():
            return [{"text": words.say("page.record.sent_before"), "href": None}]
        case BadInput():
            name = str(refusal.facts["field"]).rpartition(".")[2]  # on a form the item is what the form is about
            told_here = BadInput(name, str(refusal.facts["value"]), str(refusal.facts["why"]))
            return [{"text": in_words(told_here, words, labels=labels)[0], "href": f"#{name}"}]
        case FileRefused() | FileTooLarge():
            return [{**one, "href": f"#{FILE}"} for one in told(looking, refusal)]
        case DateInFuture():
            return [{**one, "href": f"#{day}" if day else None} for one in told(looking, refusal)]
        case _:
            return told(looking, refusal)


def _day_of(refusal: DossierError, typed: Typed, fields: Iterable[Field]) -> str | None:
    """The field whose day has not come yet; the refusal says only which day that is."""
    days = [one.name for one in fields if one.kind == "day"] if isinstance(refusal, DateInFuture) else []
    return next((name for name in days if typed.day(name).isoformat() == refusal.facts["day"]), None)
