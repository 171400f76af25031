"""What `dossier doctor` looks at, each thing with a word, a detail and, where it is bad, what to do."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select

from config.delivery import mail_channel
from config.evidence import is_fit
from dossier_engine.errors import DossierError
from dossier_engine.records.database import REVISION
from dossier_engine.records.protection import missing
from dossier_engine.records.tables import TABLES
from dossier_engine.web import assets

if TYPE_CHECKING:
    from dossier_engine.cli.call import Call


@dataclass(frozen=True, slots=True)
class Check:
    """One thing examined: `bad` stops work, `look` is worth a look."""

    name: str
    result: Literal["good", "look", "bad"]
    what: str


def examine(call: "Call") -> list[Check]:
    """Every check that can be made; a database that cannot be used ends the list there."""
    engine = call.engine
    try:
        found = engine.database.revision()
    except DossierError as refusal:
        return [Check("database", "bad", f"{engine.database.name}: {refusal.code}")]
    checks = [
        Check("database", "good", engine.database.name),
        Check("schema", "good" if found == REVISION else "bad", f"{found} / {REVISION}"),
    ]
    if found != REVISION:
        return checks
    from dossier_engine.cli.working import at_work  # it needs the broker's client, which takes a while to load

    return checks + _inside(call) + at_work(engine)


def _inside(call: "Call") -> list[Check]:
    engine = call.engine
    with engine.looking() as (session, law):
        lost = missing(session.connection())
        people = session.execute(select(func.count()).select_from(TABLES["appointment"])).scalar_one()
    mail = mail_channel(engine)
    covered = call.today.year in engine.calendar.years
    about = engine.about()
    same = about is not None and about.calendar == engine.calendar.version
    return [
        Check("triggers", "bad" if lost else "good", ", ".join(lost)),
        Check("definitions", "good" if law.active else "bad", ", ".join(sorted(law.active))),
        Check("people", "good" if people else "look", str(people)),
        Check(
            "calendar",
            "bad" if not covered else "good" if same else "look",
            f"{min(engine.calendar.years)}-{max(engine.calendar.years)}, {engine.calendar.version[:12]}",
        ),
        Check("files", "good" if is_fit(engine.settings.files) else "bad", str(engine.settings.files)),
        Check("mail", "good" if mail else "look", mail.name if mail else call.words.say("say.none")),
        Check("pages", "good" if assets.manifest() else "look", assets.url("site.css") or call.words.say("say.none")),
        Check("clock", "good", f"{engine.now():%Y-%m-%dT%H:%M:%SZ}"),
    ]
