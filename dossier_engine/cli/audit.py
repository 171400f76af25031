"""Commands that make history provable, and those that check it."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.call import Call, Doing, day, exports, registers
from dossier_engine.errors import BadInput
from dossier_engine.rules.codes import read_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlmodel import Session

    from dossier_engine.cli.output import Answer
    from dossier_engine.records.private import Key
    from dossier_engine.rules.law import Law

audit = group("audit")


@audit.command("verify", help="audit_verify")
def audit_verify(
    context: typer.Context,
    bundle: Annotated[Path | None, typer.Argument(metavar="BUNDLE", help="argument.bundle")] = None,
    policy: Annotated[Path | None, typer.Option("--policy", metavar="FILE", help="option.policy")] = None,
    page: Annotated[Path | None, typer.Option("--page", metavar="FILE", help="option.page")] = None,
    since: Annotated[list[Path] | None, typer.Option("--since", metavar="FILE", help="option.kept")] = None,
    late: Annotated[int, typer.Option("--late", min=1, max=8784, metavar="HOURS", help="option.late")] = 1,
) -> None:
    call = Call.here(context)
    if bundle is not None:
        raise typer.Exit(_verify_bundle(call, bundle, policy, page, since or (), late))
    if policy is not None or page is not None or since:
        raise BadInput("bundle", "", "missing")
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.errors import IntegrityBroken
    from dossier_engine.queries.audit import verify

    def question(session: "Session", law: "Law") -> "Answer":
        verdict = verify(session, law)
        if verdict.findings:
            raise IntegrityBroken([f"{f.where}: {f.code}: {f.what}" for f in verdict.findings])
        facts = {"entries": verdict.entries, "streams": verdict.streams}
        return Answer([Fields({"result": call.words.say("say.verified", **facts)})], data={**facts, "findings": []})

    call.examine(question)


def _verify_bundle(
    call: Call, bundle: Path, policy: Path | None, page: Path | None, since: "Sequence[Path]", late: int
) -> int:
    """As the single file does, without a database; signatures are checked by the library."""
    if policy is None:
        raise BadInput("--policy", "", "missing")
    from dossier_engine.notary.keys import check
    from dossier_engine.verifier.main import main

    typed = [str(bundle), "--policy", str(policy), "--lang", call.words.language, "--late", str(late)]
    typed += ["--json"] if call.json else []
    typed += ["--page", str(page)] if page is not None else []
    typed += [word for kept in since for word in ("--since", str(kept))]
    return main(typed, check)


@audit.command("export", help="audit_export")
@exports
def audit_export(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="option.out")],
    codes: Annotated[list[str] | None, typer.Argument(metavar="CODE…", help="argument.code")] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="option.since")] = None,
    everything: Annotated[bool, typer.Option("--all", help="option.everything")] = False,
) -> None:
    call = Call.here(context)
    if sum((bool(codes), since is not None, everything)) != 1:
        raise BadInput("CODE, --since, --all", "", "one_of_these")
    from config.bundles import Signer, make
    from config.signing import round_of_ours
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.cli.running import say

    wanted = [read_code(code) for code in codes or ()] or None
    with call.engine.looking() as (session, _):
        act = call.act(session)
        if since is not None:
            wanted = _changed(session, act.person, day(since, "--since"), call.today)
    signer = Signer(sign=round_of_ours(call.engine, lambda happened: say(call, happened, sys.stderr)))
    made = make(call.engine, wanted, out, act, language=call.words.language, signer=signer)
    facts = {
        "file": str(made.path), "dossiers": made.dossiers, "entries": made.entries, "size": made.checkpoint.size,
        "sha256": made.sha256,
    }  # fmt: skip
    call.show(Answer([Fields(facts)], notes=[("say.exported", {"file": made.path})]))


def _changed(session: "Session", person: str, since: "date", today: "date") -> list[str]:
    """The dossiers with an entry since that day, of those that the person may see."""
    from dossier_engine.queries.bundle import changed_since
    from dossier_engine.records.scope import scope_of
    from dossier_engine.rules.law import opening_of

    return list(changed_since(session, opening_of(since), scope_of(session.connection(), person, today)))


@audit.command("verifier", help="audit_verifier")
def audit_verifier(
    context: typer.Context, out: Annotated[Path, typer.Option("--out", metavar="FILE", help="option.out")]
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer
    from dossier_engine.verifier.pack import packed

    if out.exists():
        raise BadInput("--out", str(out), "file_exists")
    out.write_text(packed(), encoding="utf-8")
    call.show(Answer([], data={"file": str(out)}, notes=[("say.verifier_written", {"file": out})]))


@audit.command("integrate", help="audit_integrate")
def audit_integrate(context: typer.Context) -> None:
    call = Call.here(context)
    from config.rounds import integrate_round
    from dossier_engine.cli.output import Answer

    done = integrate_round(call.engine)
    facts = {"added": done.added, "size": done.size}
    call.show(Answer([], data=facts, notes=[("say.integrated", facts)]))


@audit.command("proof", help="audit_proof")
def audit_proof(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="argument.code")],
    entry: Annotated[int, typer.Option("--entry", min=1, metavar="N", help="option.entry")],
    person: Annotated[str | None, typer.Option("--as", metavar="PERSON", help="option.see_as")] = None,
) -> None:
    call = Call.here(context)
    call.asked["--as"] = person
    from dossier_engine.cli.output import Answer, Words
    from dossier_engine.cli.scope import line_of
    from dossier_engine.queries.proof import prove

    def question(session: "Session", law: "Law") -> "Answer":
        line = line_of(call, session, law, code)
        proof = prove(session, f"dossier/{line.code}", entry)
        return Answer([Words(bytes(proof).decode().rstrip("\n"))], data={"proof": bytes(proof).decode()})

    call.look(question)


@audit.command("check-proof", help="audit_check_proof")
def audit_check_proof(
    context: typer.Context,
    proof: Annotated[Path, typer.Argument(metavar="FILE", help="argument.proof")],
    leaf: Annotated[str, typer.Option("--leaf", metavar="HEX", help="option.leaf")],
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="option.policy")],
) -> None:
    call = Call.here(context)
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.errors import IntegrityBroken
    from dossier_engine.notary.keys import check
    from dossier_engine.queries.finding import Finding
    from dossier_engine.rules.note import ForgedSignatureError, MalformedNoteError
    from dossier_engine.rules.policy import MalformedPolicyError, Policy, PolicyNotMetError
    from dossier_engine.rules.proof import MalformedProofError, Proof, verify

    try:
        believed, told = Policy.parse(policy.read_bytes()), Proof.parse(proof.read_bytes())
        found = verify(told, bytes.fromhex(leaf), believed, check)
    except (PolicyNotMetError, ForgedSignatureError, MalformedNoteError) as error:
        raise IntegrityBroken([": ".join(Finding(proof.name, "not_proven", str(error)))]) from error
    except (MalformedPolicyError, MalformedProofError, OSError, ValueError) as error:
        raise BadInput("proof", str(error), "cannot_read") from error
    seen = [f"{name} {datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for name, at in found.cosignatures]
    facts = {"log": found.checkpoint.origin, "index": told.index, "size": found.checkpoint.size, "cosigned": seen}
    call.show(Answer([Fields(facts)], notes=[("say.proven", {})]))


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
        order = EraseWords(dossier=read_code(code), seq=entry, basis=basis, act=doing.act, name=value)
        return erased(erase_words(doing.session, order, now=doing.now, rng=doing.rng))

    Call.here(context).alter(work)


def erased(keys: "tuple[Key, ...]") -> "Answer":
    """What is gone."""
    from dossier_engine.cli.output import Answer, Rows

    rows = [{"stream": stream, "seq": seq, "erased": name} for stream, seq, name in keys]
    return Answer([Rows(("stream", "seq", "erased"), rows)], notes=[("say.erased", {"values": len(keys)})])
