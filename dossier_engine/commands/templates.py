"""The words of mails that an administrator puts in the place of those that ship; checked before they are saved."""

import random
from datetime import datetime

from sqlmodel import Session

from dossier_engine.commands.desk import Act
from dossier_engine.commands.filing import file_entry
from dossier_engine.commands.webhooks import SETTINGS
from dossier_engine.errors import NotFound
from dossier_engine.letters import NAMES, Wording, check_template
from dossier_engine.records import mails
from dossier_engine.records.history import hold


def set_template(
    session: Session, name: str, language: str, wording: Wording, act: Act, *, now: datetime, rng: random.Random
) -> None:
    """Write mails of that kind in these words from now on. Raises NotFound, BadInput, NotAllowed; the face commits."""
    conn = session.connection()
    hold(conn, SETTINGS)
    check_template(name, wording)
    saved = f"{name}.{language}"
    words = {"subject": wording.subject, "text": wording.text}
    file_entry(conn, SETTINGS, "template_set", act, {"template": saved}, now=now, rng=rng, private=words)
    mails.save_wording(conn, saved, wording)


def reset_template(session: Session, name: str, language: str, act: Act, *, now: datetime, rng: random.Random) -> None:
    """Go back to the words that ship. Raises NotFound where others were never saved, NotAllowed; the face commits."""
    conn = session.connection()
    hold(conn, SETTINGS)
    if name not in NAMES or name not in mails.wordings(conn, language):
        raise NotFound("template", name, list(mails.wordings(conn, language))[:3])
    saved = f"{name}.{language}"
    file_entry(conn, SETTINGS, "template_reset", act, {"template": saved}, now=now, rng=rng)
    mails.forget_wording(conn, saved)
