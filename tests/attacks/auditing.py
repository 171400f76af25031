"""What an auditor does with the bundle he is given, at four levels of effort, and what gives an attack away at each.

L0 asks the server to check its own chains. L1 verifies the bundle by the log's key alone, as far as that goes: no
witness says when, so instants prove nothing. L2 adds the checkpoint kept from the last visit. L3 asks a witness
what it has seen, and believes what enough witnesses have cosigned and when. Each level includes those before it.
"""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from dossier_engine.notary import keys
from dossier_engine.notary.request import Request
from dossier_engine.notary.serving import PATH
from dossier_engine.rules import ed25519
from dossier_engine.rules.note import WITNESS, Checkpoint, Note
from dossier_engine.rules.policy import Policy
from dossier_engine.verifier.check import Report, verify
from dossier_engine.verifier.finding import CLASSES
from dossier_engine.verifier.pack import packed
from tests.attacks.house import WITNESSES, House, checkpoint_of, note_of

MISSED = "missed"
LEVELS = ("L0", "L1", "L2", "L3")
_CHAIN = {"entry_edited", "chain_broken"}  # of `audit verify`
_OF_THE_LOG = {"log_differs", "checkpoint_differs"}  # the same, but a tree can be made to fit; the next level counts it
_CALLED = {
    "signer_unknown": "signature",
    "consistency_not_proven": "root",
    "root_differs": "root",
    "forked": "fork vs memory",
    "rolled_back": "rollback",
    "policy_not_met": "cosignature",
    "time_outside": "time bracket",
}
CHECKS = {"library": keys.check, "pure": ed25519.verify}


def judge(house: House, bundle: Path) -> tuple[str, ...]:
    """For each level what gave it away there or before."""
    found, verdicts = None, []
    for level in (_chains, _log, _memory, _witnesses):
        found = found or next(level(house, bundle), None)
        verdicts.append(found or MISSED)
    return tuple(verdicts)


def has_another_log(house: House) -> bool:
    """Whether the server's own check says that its log does not fit its history."""
    return any(finding.code in _OF_THE_LOG for finding in house.busy.told())


def _chains(house: House, _: Path) -> Iterator[str]:
    for finding in house.busy.told():
        if finding.code in _OF_THE_LOG:
            continue
        yield "chain" if finding.code in _CHAIN else f"{finding.where}: {finding.code}"


def _log(house: House, bundle: Path) -> Iterator[str]:
    yield from _found(_reported(bundle, policy(house, "none"), ()), but="times")


def _memory(house: House, bundle: Path) -> Iterator[str]:
    kept = checkpoint_of(house.bundle("visit"))
    yield from _found(_reported(bundle, policy(house, "none"), (kept,)), but="times")


def _witnesses(house: House, bundle: Path) -> Iterator[str]:
    seen = seen_by_a_witness(house, note_of(bundle))
    if seen > checkpoint_of(bundle).size:
        yield "stale vs witness"
    report = _reported(bundle, policy(house, "both"), ())
    assert _by_the_single_file(house, bundle) == {finding.code for finding in report.findings}
    yield from _found(report)


def _reported(bundle: Path, believed: bytes, since: Sequence[Checkpoint]) -> Report:
    """The report, which both checks of signatures must agree about."""
    reports = [verify(bundle, Policy.parse(believed), check, since=since) for check in CHECKS.values()]
    assert reports[0] == reports[1]
    return reports[0]


def _found(report: Report, but: str = "") -> Iterator[str]:
    for finding in report.findings:
        if finding.code not in CLASSES.get(but, ()):
            yield _CALLED.get(finding.code, f"{finding.stream} #{finding.seq}: {finding.code}")


def policy(house: House, quorum: str) -> bytes:
    """The auditor's own file: the log, both witnesses, and who of them must have cosigned (`none`, or `both`)."""
    witnesses = [keys.read(house.folder / f"{name}.key", WITNESS).public for name in WITNESSES]
    lines = [
        f"log {house.key.public}",
        *(f"witness {key.name} {key}" for key in witnesses),
        f"group both all {' '.join(key.name for key in witnesses)}",
        f"quorum {quorum}",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def seen_by_a_witness(house: House, note: bytes) -> int:
    """How many entries a witness has seen of the log.

    Asked to cosign the bundle's checkpoint as if it were its own last: one that knows another size says which (C2SP
    tlog-witness), and one that knows this very checkpoint cosigns it again. Neither changes what it remembers.
    """
    found = Note.parse(note)
    size = Checkpoint.parse(found.text).size
    at = urlsplit(house.urls[WITNESSES[0]])
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=10)
    connection.request("POST", PATH, bytes(Request.of(size, (), found)))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return int(body) if answer.status == http.client.CONFLICT else size


@cache
def _single_file() -> str:
    return packed()


def _by_the_single_file(house: House, bundle: Path) -> set[str]:
    """What the packed `verify.py` finds, in a process of its own that knows nothing of the engine."""
    program, believed = house.folder / "verify.py", house.folder / "policy.txt"
    program.write_text(_single_file(), encoding="utf-8")
    believed.write_bytes(policy(house, "both"))
    typed = [sys.executable, "-I", str(program), str(bundle), "--policy", str(believed), "--json"]
    done = subprocess.run(typed, cwd=house.folder, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 8}, done.stderr
    told = json.loads(done.stdout)
    assert (done.returncode == 0) == (not told["findings"])
    return {finding["code"] for finding in told["findings"]}
