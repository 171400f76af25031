"""Witnesses over HTTP: asked by our own client and by hostile ones, down, slow, wrong, and two asked at once."""

import http.client
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from dossier_engine.errors import BadInput
from dossier_engine.notary import memory
from dossier_engine.notary.asking import Answers, Asked, ask
from dossier_engine.notary.keys import SigningKey
from dossier_engine.notary.request import Request
from dossier_engine.notary.serving import served
from dossier_engine.notary.witness import Witness
from dossier_engine.rules.note import Note, Signature, parse_signatures
from dossier_engine.rules.policy import Policy, satisfied
from tests.notary.logs import ORIGIN, Log, a_key, a_log, a_witness
from tests.rigs.scale import times

NOW = 1_733_700_000
PATH = "/add-checkpoint"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return a_key(tmp_path)


@pytest.fixture
def witness(tmp_path: Path, key: SigningKey) -> Witness:
    return a_witness(tmp_path, key)


@contextmanager
def running(*witnesses: Witness) -> Iterator[list[Asked]]:
    """These witnesses at work, as somebody who asks them knows them."""
    with ExitStack() as stack:
        yield [
            Asked(one.key.public, f"http://127.0.0.1:{port}/")
            for one in witnesses
            for port in [stack.enter_context(served(one, "127.0.0.1", 0, clock=lambda: NOW, heard=lambda _: None))]
        ]


def asked(witnesses: list[Asked], log: Log, size: int, key: SigningKey) -> Answers:
    return ask(witnesses, log.note(size, key), log.prove)


def posted(port: int, body: bytes, path: str = PATH, **headers: str) -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    connection.close()
    return found


def port_of(one: Asked) -> int:
    return int(one.url.rstrip("/").rpartition(":")[2])


def test_cosignatures_of_two_witnesses_meet_a_policy_that_asks_for_both(tmp_path, witness, key):
    log, other = a_log(), a_witness(tmp_path, key, name="province-two")
    policy = f"log {key.public}\nwitness a {witness.key.public}\nwitness b {other.key.public}\n"
    policy += "group both 2 a b\nquorum both\n"

    with running(witness, other) as witnesses:
        answers = [asked(witnesses, log, size, key) for size in (3, 3, 17)]

    note = Note(log.at(17).text(), (*log.note(17, key).signatures, *answers[-1].signatures.values()))
    assert satisfied(note, Policy.parse(policy.encode()), _check).checkpoint == log.at(17)
    assert [one.missing for one in answers] == [{}, {}, {}]
    assert [one.size for one in witnesses] == [17, 17]


def _check(public: bytes, message: bytes, signature: bytes) -> bool:
    from dossier_engine.rules.ed25519 import verify  # noqa: PLC0415  # another implementation than the one that signed

    return verify(public, message, signature)


def test_one_who_begins_anew_learns_the_size_from_the_witness(witness, key):
    log = a_log()
    with running(witness) as witnesses:
        asked(witnesses, log, 9, key)
        witnesses[0].size = 0

        again = asked(witnesses, log, 20, key)

    assert list(again.signatures) == ["inspectorate"]
    assert memory.read(witness.state).checkpoints[ORIGIN].size == 20


def test_a_witness_that_saw_more_or_something_else_is_missing(witness, key):
    log = a_log()
    with running(witness) as witnesses:
        asked(witnesses, log, 9, key)

        behind = asked(witnesses, log, 5, key)
        forked = asked(witnesses, log.forked(4), 12, key)
        other = asked(witnesses, log.forked(4), 9, key)

    assert (behind.signatures, forked.signatures, other.signatures) == ({}, {}, {})
    assert forked.missing == {"inspectorate": "HTTP 422"}
    assert other.missing == {"inspectorate": "HTTP 409"}
    assert "9" in behind.missing["inspectorate"]


@pytest.mark.slow
def test_witnesses_that_are_down_silent_or_lie_hold_nobody_up(tmp_path, witness, key):
    log, silent = a_log(), socket.create_server(("127.0.0.1", 0))
    names = ("down", "silent", "liar", "slow")
    others = {name: a_witness(tmp_path, key, name=name).key.public for name in names}
    forged = Signature("liar", others["liar"].id, bytes(72))
    lie, slowness = (
        _answering(f"HTTP/1.0 200 OK\r\n\r\n{forged}".encode()),
        _answering(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 999, pause=0.1),
    )
    with silent, running(witness) as witnesses, lie as liar, slowness as slow:
        where = {"down": 1, "silent": silent.getsockname()[1], "liar": liar, "slow": slow}
        witnesses += [Asked(others[name], f"http://127.0.0.1:{where[name]}") for name in names]
        before = monotonic()

        answers = asked(witnesses, log, 7, key)

        took = monotonic() - before
        again = asked(witnesses, log, 8, key)

    assert list(answers.signatures) == list(again.signatures) == ["inspectorate"]
    assert set(answers.missing) == {*names}
    assert took < 2.5


@contextmanager
def _answering(answer: bytes, pause: float = 0) -> Iterator[int]:
    """The port of somebody who answers everybody that, a byte at a time where it pauses."""
    server, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def run() -> None:
        while not over.is_set():
            try:
                caller, _ = server.accept()
            except OSError:
                return
            with caller:
                caller.recv(65_536)
                try:
                    for n in range(len(answer)) if pause else ():
                        caller.sendall(answer[n : n + 1])
                        if over.wait(pause):
                            break
                    caller.sendall(b"" if pause else answer)
                except OSError:
                    continue

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield server.getsockname()[1]
    finally:
        over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@pytest.mark.parametrize(
    "answer", [b"409 C\r\n\r\n7\n", b"409 C\r\n\r\n-1\n", b"409 C\r\n\r\n", b"409 C\r\n\r\n" + b"9" * 99]
)
def test_a_witness_that_names_sizes_for_ever_is_left(answer, tmp_path, key):
    other = a_witness(tmp_path, key).key.public
    with _answering(b"HTTP/1.0 " + answer) as port:
        answers = asked([Asked(other, f"http://127.0.0.1:{port}")], a_log(), 20, key)

    assert list(answers.missing) == ["inspectorate"]


def test_what_it_answers_is_what_the_protocol_says(tmp_path, witness, key):
    log = a_log()
    with running(witness) as (one,):
        port = port_of(one)
        good = posted(port, log.request(0, 5, key))
        other = posted(port, log.request(0, 9, key))
        found = [
            posted(port, b"nonsense")[0],
            posted(port, log.request(0, 5, a_key(tmp_path / "x", seed=b"\x09" * 32)))[0],
            posted(port, a_log(origin="b/1").request(0, 5, a_key(tmp_path, "b/1")))[0],
            posted(port, bytes(Request.of(5, (), log.note(9, key))))[0],
            posted(port, b"", "/elsewhere")[0],
            posted(port, b"", **{"Content-Length": "70000"})[0],
            posted(port, b"", **{"Content-Length": "-1"})[0],
        ]
        witness.state.write_bytes(b"damaged")
        broken = posted(port, log.request(5, 9, key))

    assert good[0] == 200
    assert [line.name for line in parse_signatures(good[2])] == ["inspectorate"]
    assert other == (409, "text/x.tlog.size", "5\n")
    assert found == [400, 403, 404, 422, 404, 413, 411]
    assert broken == (503, "text/plain; charset=utf-8", "cannot cosign now\n")


@pytest.mark.slow
def test_hostile_callers_get_no_traceback_and_keep_nobody_waiting_for_ever(witness, key, capfd):
    rng = random.Random(7)
    with running(witness) as (one,):
        waiting = []
        for n in range(40):
            caller = socket.create_connection(("127.0.0.1", port_of(one)), 10)
            caller.sendall([rng.randbytes(50), b"POST /add-checkpoint HTTP/1.0\r\nContent-Length: 9\r\n\r\n", b"\r\n",
                            b"POST /add-checkpoint HTTP/1.0\r\n\r\n"][n % 4])  # fmt: skip
            waiting.append(caller)
        for caller in waiting:
            caller.close()
        end = monotonic() + 20
        while posted_or_none(port_of(one), a_log().request(0, 5, key)) != 200:
            assert monotonic() < end
            sleep(0.1)

    assert "Traceback" not in "".join(capfd.readouterr())


def posted_or_none(port: int, body: bytes) -> int | None:
    try:
        return posted(port, body)[0]
    except (OSError, http.client.HTTPException):
        return None


@pytest.mark.parametrize("text", ["", "x", "KEY", "KEY ftp://x", "KEY http://", "KEY http://x:y", "LOG http://x"])
def test_a_witness_is_named_by_key_and_url(text, tmp_path, key):
    public = str(a_witness(tmp_path, key).key.public)
    line = text.replace("KEY", public).replace("LOG", str(key.public))

    with pytest.raises(BadInput):
        Asked.parse(line)
    assert Asked.parse(f"{public} https://witness.example.vn/ntm").url == "https://witness.example.vn/ntm"


@pytest.mark.slow
def test_two_witnesses_on_one_memory_and_two_histories_cosign_one(tmp_path, witness, key):
    """Real processes with the same files, each asked with both histories at once, and killed now and then."""
    rng, log = random.Random(11), a_log(60)
    histories, signed = (log, log.forked(10)), set()
    command = [sys.executable, "-m", "tests.notary.serve", str(tmp_path), str(key.public)]

    def press(telling: Log, port: int) -> None:
        one = Asked(witness.key.public, f"http://127.0.0.1:{port}")
        for size in range(11, 61):
            for _ in asked([one], telling, size, key).signatures:
                signed.add((size, telling.at(size).root))

    for _ in range(times(4)):
        servers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        ports = [int(server.stdout.readline()) for server in servers if server.stdout is not None]
        threads = [threading.Thread(target=press, args=[t, p]) for t in histories for p in ports]
        for thread in threads:
            thread.start()
        sleep(rng.uniform(0.1, 0.6))
        servers[0].kill()
        for thread in threads:
            thread.join()
        for server in servers:
            server.kill()
            server.communicate()

    assert len({size for size, _ in signed}) == len(signed) > 10
    assert memory.read(witness.state).checkpoints[ORIGIN].size == 60
