"""People with their appointments, and who could act on a dossier, in rows."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row as Found

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.queries.coverage import Covered
from dossier_engine.shown import Row, Shown
from dossier_engine.shown.labels import holder, subject


def appointment(words: Catalogue, found: Found[Any]) -> Row:
    """An appointment; its role is empty for somebody who has none."""
    return {
        "role": Shown(found.role, words.say(f"role.{found.role}") if found.role else words.say("say.none")),
        "office": Shown(found.office, (found.name_vi if words.language == "vi" else found.name_en) or ""),
        "valid_from": found.valid_from,
        "valid_to": found.valid_to,
        "on_behalf_of": found.on_behalf_of,
        "head": found.head,
        "ended": found.ended,
    }


def covered(words: Catalogue, one: Covered, known: Mapping[str, tuple[str, str]]) -> Row:
    """An open dossier and who could act on it; `known` are handle and name of everybody, by id."""
    by_transition = {name: [known[person][0] for person in persons] for name, persons in one.able.items()}
    names = ", ".join(known[person][1] for person in one.persons)
    return {
        "code": one.line.code,
        "locality": subject(words, one.line),
        "state": Shown(one.line.state.key, said(words, one.line.state.label)),
        "holder": holder(words, one.line),
        "is_covered": bool(one.persons),
        "able": Shown(by_transition, names or words.say("say.none")),
    }
