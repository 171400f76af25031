"""Activate a version of a workflow definition: its bytes are stored, and new dossiers run under it."""

import random
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import file_entry
from dossier_engine.errors import AlreadyThere
from dossier_engine.records.history import hold
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.form import form
from dossier_engine.rules.workflow import Workflow

_DEFINITION = TABLES["definition"]


def activate(
    session: Session, workflow: Workflow, content: bytes, act: Act, *, now: datetime, rng: random.Random
) -> bool:
    """Store `content`, which `workflow` was read from, as the active version of its name; the face commits.

    False when exactly these bytes are stored already: open dossiers keep the version they were opened under, so a
    version is never changed and never activated twice. Raises AlreadyThere for other bytes under the same
    `name@version`, and NotAllowed.
    """
    conn = session.connection()
    hold(conn, "definitions")
    stored = select(_DEFINITION.c.sha256).where(
        _DEFINITION.c.name == workflow.name, _DEFINITION.c.version == workflow.version
    )
    present = conn.execute(stored).scalar_one_or_none()
    if present == workflow.sha256:
        return False
    if present is not None:
        raise AlreadyThere("workflow", workflow.reference)
    body = {"workflow": workflow.reference, "definition": workflow.sha256, "rules": form(workflow)}
    file_entry(conn, "definitions", "activated", act, body, now=now, rng=rng)
    newest = conn.execute(select(func.coalesce(func.max(_DEFINITION.c.activation), 0))).scalar_one()
    row = {
        "sha256": workflow.sha256,
        "name": workflow.name,
        "version": workflow.version,
        "content": content,
        "activation": newest + 1,
    }
    conn.execute(insert(_DEFINITION), row)
    return True
