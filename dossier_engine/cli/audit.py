"""Commands that make history provable, and those that check it."""

from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, registers

if TYPE_CHECKING:
    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.records.private import Key
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


@audit.command("erase", help="audit_erase")
@registers
def audit_erase(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="argument.code")],
    entry: Annotated[int, typer.Option("--entry", min=1, metavar="N", help="option.entry")],
    basis: Annotated[str, typer.Option("--basis", metavar="TEXT", help="option.basis")],
    value: Annotated[str | None, typer.Option("--value", metavar="NAME", help="option.value")] = None,
) -> None:
    from dossier_engine.commands.erase import EraseWords, erase_words

    def work(doing: Doing) -> "Answer":
        order = EraseWords(dossier=code, seq=entry, basis=basis, act=doing.act, name=value)
        return erased(erase_words(doing.session, order, now=doing.now, rng=doing.rng))

    Call.here(context).alter(work)


def erased(keys: "tuple[Key, ...]") -> "Answer":
    """What is gone."""
    from dossier_engine.cli.output import Answer, Rows

    rows = [{"stream": stream, "seq": seq, "erased": name} for stream, seq, name in keys]
    return Answer([Rows(("stream", "seq", "erased"), rows)], notes=[("say.erased", {"values": len(keys)})])
