"""Commands that make history provable, and those that check it."""

from typing import TYPE_CHECKING

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.law import Law

audit = group("audit")


@audit.command("verify", help="audit_verify")
def audit_verify(context: typer.Context) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.errors import IntegrityBroken
    from dossier_engine.queries.audit import verify

    def question(session: "Session", law: "Law") -> "Answer":
        verdict = verify(session, law)
        if verdict.findings:
            raise IntegrityBroken([f"{f.where}: {f.code}: {f.what}" for f in verdict.findings])
        facts = {"entries": verdict.entries, "streams": verdict.streams}
        return Answer([Fields({"result": call.words.say("say.verified", **facts)})], data={**facts, "findings": []})

    call.look(question)


@audit.command("integrate", help="audit_integrate")
def audit_integrate(context: typer.Context) -> None:
    call = Call.here(context)
    from config.rounds import integrate_round
    from dossier_engine.cli.output import Answer

    done = integrate_round(call.engine)
    facts = {"added": done.added, "size": done.size}
    call.show(Answer([], data=facts, notes=[("say.integrated", facts)]))
