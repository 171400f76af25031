"""Commands of those who sign the log and of those who witness it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dossier_engine.cli.app import group
from dossier_engine.cli.audit import audit
from dossier_engine.cli.call import Call, Doing, registers
from dossier_engine.errors import BadInput

if TYPE_CHECKING:
    from dossier_engine.cli.output import Answer
    from dossier_engine.notary.witness import Witness
    from dossier_engine.rules.note import Key

witness = group("witness")

_LONGEST = 64 * 1024

KeyFile = Annotated[Path, typer.Option("--key", metavar="FILE", help="option.key_file")]
StateFile = Annotated[Path, typer.Option("--state", metavar="FILE", help="option.state_file")]
RequestFile = Annotated[Path, typer.Argument(metavar="FILE", help="argument.request_file")]
Logs = Annotated[list[str], typer.Option("--log", metavar="KEY", help="option.log")]


@audit.command("sign", help="audit_sign")
def audit_sign(
    context: typer.Context,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="option.log_key_file")] = None,
    every: Annotated[int | None, typer.Option("--every", min=1, metavar="SECONDS", help="option.every")] = None,
    witnesses: Annotated[
        list[str] | None, typer.Option("--witness", metavar='"KEY URL"', help="option.witness")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="option.restart")] = False,
) -> None:
    call = Call.here(context)
    from threading import Event

    from config.running.stopping import told_to_stop
    from config.signing import Signing
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.cli.running import say

    signing = Signing.of(
        call.engine, lambda happened: say(call, happened, sys.stderr), witnesses or (), key=key, restart=restart
    )
    if every is not None:
        stop = Event()
        with told_to_stop(stop):
            signing.every(every, stop)
        return
    done = signing.round()
    if done is None:
        call.show(Answer([], data={"signed": None}, notes=[("say.nothing_to_sign", {})]))
        return
    told = {"signed": done.checkpoint.origin, "size": done.checkpoint.size, "root": done.checkpoint.root.hex()}
    call.show(Answer([Fields({**told, "cosigned": done.cosigned})], data={**told, "cosigned": done.cosigned}))


@audit.command("key", help="audit_key")
def audit_key(
    context: typer.Context,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="option.log_key_file")] = None,
) -> None:
    call = Call.here(context)
    from config.signing import public_key
    from dossier_engine.cli.output import Answer, Words

    found = str(public_key(call.engine, key))
    call.show(Answer([Words(f"log {found}")], data={"public_key": found}))


@audit.command("restart-log", help="audit_restart_log")
@registers
def audit_restart_log(
    context: typer.Context,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="option.log_key_file")] = None,
) -> None:
    call = Call.here(context)
    from config.signing import memory_of
    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.commands.restart_log import restart_log
    from dossier_engine.errors import NotFound
    from dossier_engine.notary import memory

    path = memory_of(call.engine, key)
    last = memory.read(path).last
    if last is None:
        raise NotFound("signed_log", str(path))

    def work(doing: Doing) -> "Answer":
        done = restart_log(doing.session, last, doing.act, now=doing.now, rng=doing.rng)
        told = {"log": done.origin, "held": done.held, "lost": done.lost}
        return Answer([Fields(told)], data=told, notes=[("say.log_restarted", {})])

    call.alter(work)


@audit.command("ask", help="audit_ask")
def audit_ask(
    context: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="option.request_out")],
    seen: Annotated[int, typer.Option("--seen", min=0, metavar="N", help="option.seen")] = 0,
) -> None:
    call = Call.here(context)
    from config.signing import request
    from dossier_engine.cli.output import Answer

    made = request(call.engine, seen)
    _write(out, bytes(made))
    told = {"signed": made.checkpoint.origin, "size": made.checkpoint.size}
    call.show(Answer([], data=told, notes=[("say.written", {"file": out})]))


@audit.command("accept", help="audit_accept")
def audit_accept(
    context: typer.Context,
    request: RequestFile,
    answer: Annotated[Path, typer.Argument(metavar="ANSWER", help="argument.answer_file")],
    witness_: Annotated[str, typer.Option("--witness", metavar="KEY", help="option.witness_key")],
) -> None:
    call = Call.here(context)
    from config.signing import accept
    from dossier_engine.cli.output import Answer
    from dossier_engine.rules.note import WITNESS

    key = _public(witness_, WITNESS, "--witness", "not_a_witness_key")
    note = accept(call.engine, key, _read("request", request), _read("answer", answer))
    facts = {"witness": key.name, "cosigned": len(note.signatures) - 1}
    call.show(Answer([], data=facts, notes=[("say.accepted", facts)]))


@witness.command("key", help="witness_key")
def witness_key(
    context: typer.Context,
    key: KeyFile,
    state: StateFile,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="option.witness_name")],
) -> None:
    call = Call.here(context)
    import secrets

    from dossier_engine.cli.output import Answer, Fields
    from dossier_engine.notary import keys, memory
    from dossier_engine.rules.note import WITNESS, MalformedNoteError

    try:
        made = keys.make(key, name, WITNESS, secrets.token_bytes(keys.SEED))
    except MalformedNoteError as error:
        raise BadInput("name", name, "not_a_key_name") from error
    memory.begin(state)
    told = {"public_key": str(made.public)}
    call.show(Answer([Fields(told)], data=told, notes=[("say.witness_made", {"file": key})]))


@witness.command("serve", help="witness_serve")
def witness_serve(
    context: typer.Context,
    logs: Logs,
    state: StateFile,
    key: KeyFile,
    at: Annotated[str, typer.Option("--at", metavar="HOST:PORT", help="option.at_address")],
) -> None:
    call = Call.here(context)
    from threading import Event
    from time import time  # a witness has no installation whose clock it could use

    from config.running.stopping import told_to_stop
    from dossier_engine.notary.serving import served

    host, port = _address(at)
    stop = Event()
    one = _witness(key, logs, state)
    try:
        with told_to_stop(stop), served(one, host, port, clock=lambda: int(time()), heard=_hear) as found:
            call.tell("say.witness_serves", host=host, port=found, public_key=one.key.public)
            stop.wait()
    except OSError as error:
        raise BadInput("--at", at, "cannot_listen") from error


@witness.command("sign", help="witness_sign")
def witness_sign(
    context: typer.Context,
    request: RequestFile,
    logs: Logs,
    state: StateFile,
    key: KeyFile,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="option.answer")],
) -> None:
    call = Call.here(context)
    from time import time  # the same

    from dossier_engine.cli.output import Answer

    line = _witness(key, logs, state).answer(_read("request", request), now=int(time()))
    _write(out, line.encode())
    call.show(Answer([], data={"cosignature": line}, notes=[("say.written", {"file": out})]))


def _witness(key: Path, logs: list[str], state: Path) -> "Witness":
    from dossier_engine.notary import keys, memory
    from dossier_engine.notary.witness import Witness
    from dossier_engine.rules.note import LOG, WITNESS

    memory.read(state)  # what cannot be relied on is refused before anybody asks
    return Witness(keys.read(key, WITNESS), tuple(_public(text, LOG, "--log", "not_a_log_key") for text in logs), state)


def _public(text: str, kind: int, option: str, why: str) -> "Key":
    from dossier_engine.rules.note import Key, MalformedNoteError

    try:
        key = Key.parse(text)
    except MalformedNoteError as error:
        raise BadInput(option, text, why) from error
    if key.type != kind:
        raise BadInput(option, text, why)
    return key


def _read(field: str, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST + 1)
    except OSError as error:
        raise BadInput(field, str(path), "cannot_read") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BadInput("--out", str(path), "cannot_write") from error


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise BadInput("--at", text, "not_an_address_to_listen_on")
    return host.strip("[]"), int(port)


def _hear(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
