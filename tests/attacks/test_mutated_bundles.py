"""No bundle with anything changed in it is accepted, and no honest one is refused, however it was made."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from dossier_engine.notary import keys
from dossier_engine.rules import ed25519
from dossier_engine.verifier import exported as export_module
from dossier_engine.verifier import places, witnesses
from dossier_engine.verifier.archive import Archive
from dossier_engine.verifier.check import verify
from tests.attacks import single_file
from tests.attacks.mutating import Mutant, codes, mutant, packed
from tests.attacks.pool import BEGUN, WITNESSES, Honest, any_honest, lived, policy, until
from tests.rigs.scale import times
from tests.soak_plugin import keep
from tests.verifier.forging import Story, members
from tests.verifier.lives import CARRIED, CLIMBING, LONG, OFFICE

SHARES = 10  # of the mutants, for several processes
MUTANTS = times(2_000, soaking=50)  # a share
HONEST = times(100)
SEEDS = (1, 2, 3)
OTHERS = 20  # every so manieth mutant is also shown to the pure check, and to the packed file

Pool = Sequence[tuple[Honest, bytes]]
Judge = Callable[[Path, Mutant], list[str]]


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> list[Story]:
    """The same year of three provinces: other persons, other words, other salts."""
    folder = tmp_path_factory.mktemp("lives")
    return [lived(folder, seed) for seed in SEEDS]


@pytest.fixture(scope="module")
def pool(lives: list[Story]) -> Pool:
    """A few bundles: of one dossier, several and everything, small and whole."""
    parts = [
        (until(lives[0], "2024-08-10", CLIMBING), None),
        (until(lives[1], "2024-07-26", CLIMBING, LONG), None),
        (until(lives[1], "2024-09-27", CARRIED), (CARRIED,)),
        (until(lives[1], "2024-09-27", OFFICE), (OFFICE,)),
        (until(lives[2], "2024-08-10", CLIMBING, OFFICE), (OFFICE, CLIMBING)),
        (until(lives[2], BEGUN, LONG), (LONG,)),
    ]
    made = [members(replace(story, checkpoints=(0.5,)), scope) for story, scope in parts]
    return [(Honest(found, policy(WITNESSES)), packed(found)) for found in made]


@pytest.fixture(scope="module")
def by_the_packed_file(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return single_file.codes_by(tmp_path_factory.mktemp("packed"))


def accepted(
    pool: Pool, path: Path, count: int, seed: int, judges: Sequence[Judge] = ()
) -> tuple[list[str], Counter[str]]:
    """How the accepted ones of so many mutants were made, and what the others were refused for."""
    rng = random.Random(seed)
    holes, refused = [], Counter[str]()
    for number in range(count):
        tried = mutant(rng, pool)
        found = codes(path, tried, keys.check)
        if number % OTHERS < len(judges):
            assert judges[number % OTHERS](path, tried) == found, (seed, number, tried.made)
        if not found:
            holes.append(f"{number}: {tried.made}")
        else:
            refused[found[0]] += 1
    return holes, refused


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_no_mutant_is_accepted(pool: Pool, by_the_packed_file: Judge, tmp_path: Path, share: int) -> None:
    by_the_pure_check = partial(codes, check=ed25519.verify)

    holes, refused = accepted(pool, tmp_path / "m.zip", MUTANTS, share, (by_the_pure_check, by_the_packed_file))

    keep({"mutants": MUTANTS, "seed": share, "accepted": len(holes), "refused": refused})
    assert holes == []
    assert len(refused) >= 12  # in many ways


@pytest.mark.slow
@pytest.mark.parametrize("share", range(SHARES))
def test_no_honest_bundle_is_refused(lives: list[Story], tmp_path: Path, share: int) -> None:
    rng, path = random.Random(share), tmp_path / "h.zip"
    for number in range(HONEST):
        honest = any_honest(rng, lives)
        path.write_bytes(packed(honest.members))

        report = verify(path, honest.policy, keys.check)

        assert report.findings == [], (share, number)
    keep({"honest": HONEST, "seed": share, "refused": 0})


def every_file_as_stated(archive: Archive) -> dict[str, str]:
    """The digests as the manifest states them, whatever lies in the files."""
    digests = {name: archive._digest(member) for name, member in archive.members.items()}
    for line in archive.read("MANIFEST.sha256", 1 << 20).decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        if name in digests:
            digests[name] = digest
    return digests


def _takes_every_file(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Archive, "digests", every_file_as_stated)


def _takes_every_proof(patch: pytest.MonkeyPatch) -> None:
    for module in (places, export_module):
        patch.setattr(module, "verify_inclusion", lambda *_: True)


def _takes_every_signer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(witnesses, "_refuse_unknown", lambda *_: None)


@pytest.mark.parametrize("without", [_takes_every_file, _takes_every_proof, _takes_every_signer])
def test_the_rig_notices_a_verifier_that(
    pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, without: Callable[[pytest.MonkeyPatch], None]
) -> None:
    without(monkeypatch)

    holes, _ = accepted(pool, tmp_path / "m.zip", 1_000, seed=1)

    assert holes
