"""The phrases that recur all over a definition: labels, provenance, limits, roles and levels."""

import re
from typing import Literal, get_args

from dossier_engine.rules.authority import ROLES
from dossier_engine.rules.limits import Limit, Unit
from dossier_engine.rules.workflow import STATUSES, Provenance, Status, Text
from workflows.section import Section

LEVELS = {"province": 1, "district": 2, "commune": 3}

# An auditor writes nothing and an administrator cannot move a dossier, whatever a definition would like.
ACTING_ROLES = tuple(role for role in ROLES if role not in ("auditor", "administrator"))

# A word that is no status stands for the least sure of them.
_STATUSES: tuple[Status, ...] = tuple(reversed(STATUSES))
_UNITS: tuple[Unit, ...] = get_args(Unit)
_STARTS: tuple[Literal["entered", "received"], ...] = ("entered", "received")
_BEFORE = re.compile(r"(20[0-9]{2}-)?[0-9]{2}-[0-9]{2}")


def label(section: Section, key: str = "label") -> Text:
    """`{vi: …, en: …}`, neither of them blank."""
    words = section.section(key, missing="no_label")
    return Text(vi=words.text("vi", missing="no_label"), en=words.text("en", missing="no_label"))


def provenance(section: Section) -> Provenance:
    """`status` and `source`; only a choice of the province, or a rule nobody knows, may go without a source."""
    status = section.choice("status", _STATUSES, "unknown_status")
    source = section.optional("source") or ""
    if not source and status not in ("configured", "unknown"):
        section.fault("no_source", what=f"{status} by which document?")
    return Provenance(status, source)


def limit(owner: Section) -> Limit | None:
    """`limit: {days, unit, from}` or `limit: {before}`, each with its provenance; None when the owner has none."""
    if "limit" not in owner:
        return None
    section = owner.section("limit")
    known = provenance(section)
    before = section.optional("before")
    if before is not None and not _BEFORE.fullmatch(before):
        section.fault("bad_limit", "before", f"{before} is neither MM-DD nor YYYY-MM-DD")
        return None
    counted = before is None or "days" in section
    try:
        return Limit(
            days=section.whole("days", "bad_limit") if counted else None,
            unit=section.choice("unit", _UNITS, "bad_limit") if counted else None,
            start=section.choice("from", _STARTS, "bad_limit") if counted else None,
            before=before,
            source=known.source or None,
            status=known.status,
        )
    except ValueError as error:
        section.fault("bad_limit", what=str(error))
        return None


def roles(section: Section, key: str) -> tuple[str, ...]:
    """One role or several; each must be one that may write."""
    named = section.texts(key)
    for role in named:
        if role not in ACTING_ROLES:
            section.fault("unknown_role", key, f"{role} is none of {', '.join(ACTING_ROLES)}")
    return named


def role(section: Section, key: str) -> str:
    """Exactly one role that may write."""
    return section.choice(key, ACTING_ROLES, "unknown_role")


def level(section: Section, key: str = "at") -> int:
    """`province`, `district` or `commune` as the number that offices have."""
    return LEVELS[section.choice(key, tuple(LEVELS), "unknown_level")]


def levels(section: Section, key: str = "at") -> tuple[int, ...]:
    """The same, one or several."""
    named = section.texts(key)
    for text in named:
        if text not in LEVELS:
            section.fault("unknown_level", key, f"{text} is none of {', '.join(LEVELS)}")
    return tuple(LEVELS[text] for text in named if text in LEVELS)
