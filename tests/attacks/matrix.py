"""The attacks by somebody with the whole database, some of them with the log's key too, and where each must be seen."""

from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from config.rounds import integrate_round
from dossier_engine.notary import keys
from dossier_engine.notary.keys import SigningKey
from dossier_engine.records import log
from dossier_engine.rules.note import LOG, Checkpoint
from tests.attacks.auditing import LEVELS, MISSED
from tests.attacks.house import FIRST, SECOND, House, honestly, keep
from tests.attacks.rewriting import another_vote, new_tree, restore, rewrite, signing_with, swap
from tests.makers import at
from tests.rigs.attacks import unguarded

VISIT = "2024-08-02"  # when the inspector comes again
EARLY, LATE, NEWEST = 2, 4, 5  # a dossier's votes: before his last visit, after it, and its last entry
Forge = Callable[[House], Path]


class Attack(NamedTuple):
    """What is done, giving the bundle that the inspector is handed; and what must give it away at each level."""

    what: str
    forge: Forge
    seen: tuple[str, ...]


def _nothing(house: House) -> Path:
    return house.export("given", VISIT, honestly)


def _edited(seq: int, house: House, *, onwards: bool = True) -> Path:
    with unguarded(house.busy) as conn:
        rewrite(conn, FIRST, seq, another_vote(12), onwards=onwards)
    return house.export("given", VISIT, honestly)


def _swapped(house: House) -> Path:
    with unguarded(house.busy) as conn:
        swap(conn, EARLY, FIRST, SECOND)
    return house.export("given", VISIT, honestly)


def _new_tree(seq: int, house: House, *, stolen: bool) -> Path:
    key = house.key if stolen else _made_up(house)
    with unguarded(house.busy) as conn:
        rewrite(conn, FIRST, seq, another_vote(12))
        new_tree(conn, signing_with(key))
    return house.export("given", VISIT, partial(_signs, key))


def _cut_off(backup: str, house: House) -> Path:
    _restored(backup, house)
    return house.bundle(backup)


def _cut_off_and_signed(house: House) -> Path:
    _restored("between", house)
    return house.export("given", VISIT, partial(_signs, house.key))


def _forked(house: House) -> Path:
    _restored("visit", house)
    for day in ("2024-06-18", "2024-06-28", "2024-07-08"):
        house.vote(day, 13)
        integrate_round(house.engine)
        _signs(house.key, house)
    return house.export("given", VISIT, partial(_signs, house.key))


def _back_dated(house: House) -> Path:
    house.now = at("2024-07-30")
    honestly(house)  # nothing happens all month, and the log says so
    house.vote("2024-07-15", 12, "xa")
    house.now = at("2024-08-01")
    integrate_round(house.engine)
    return house.export("given", VISIT, honestly)


def _restored(backup: str, house: House) -> None:
    with unguarded(house.busy) as conn:
        restore(conn, house.backups[backup])


def _made_up(house: House) -> SigningKey:
    return keys.make(house.folder / "made-up.key", house.key.public.name, LOG, sha256(b"made up").digest())


def _signs(key: SigningKey, house: House) -> None:
    """Sign whatever the log is, past the signer and its memory."""
    with house.province.database.reading() as session:
        state = log.state(session.connection())
    assert state is not None
    checkpoint = Checkpoint(state.origin, state.size, state.root)
    keep(house, checkpoint, signing_with(key)(checkpoint.text()))


_ROOT, _MEMORY, _WITNESS = (MISSED, *["root"] * 3), [MISSED] * 2, [MISSED] * 3
ATTACKS: Mapping[str, Attack] = {
    "-": Attack("nothing", _nothing, (MISSED,) * 4),
    "A1": Attack("edit one row", partial(_edited, EARLY, onwards=False), ("chain",) * 4),
    "A1b": Attack("edit the newest row of a dossier", partial(_edited, NEWEST), _ROOT),
    "A2": Attack("edit, re-chain the dossier", partial(_edited, EARLY), _ROOT),
    "A3": Attack(
        "edit, re-chain, new tree, without the key", partial(_new_tree, EARLY, stolen=False),
        (MISSED, *["signature"] * 3),
    ),
    "A4": Attack(
        "the same with the log's key stolen", partial(_new_tree, EARLY, stolen=True),
        (*_MEMORY, "fork vs memory", "fork vs memory"),
    ),
    "A4b": Attack(
        "the same, only after the auditor's last visit", partial(_new_tree, LATE, stolen=True),
        (*_WITNESS, "cosignature"),
    ),
    "A5": Attack(
        "cut off, serve an old genuine checkpoint", partial(_cut_off, "between"), (*_WITNESS, "stale vs witness")
    ),
    "A5b": Attack(
        "cut off below the auditor's memory", partial(_cut_off, "old"), (*_MEMORY, "rollback", "rollback")
    ),
    "A6": Attack("cut off with the key", _cut_off_and_signed, (*_WITNESS, "stale vs witness")),
    "A7": Attack("fork after the last visit, key stolen", _forked, (*_WITNESS, "cosignature")),
    "A8": Attack("back-dated entry appended honestly", _back_dated, (*_WITNESS, "time bracket")),
    "A10": Attack("swap two entries of different dossiers", _swapped, _ROOT),
}  # fmt: skip


def lines(found: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The table in words, as Markdown; what is not as it must be says so."""
    rows = [("attack", "", *LEVELS), ("---",) * (2 + len(LEVELS))]
    for name, seen in found.items():
        attack = ATTACKS[name]
        cells = [s if s == must else f"{s} (not {must})" for s, must in zip(seen, attack.seen, strict=True)]
        rows.append((name, attack.what, *cells))
    return [f"| {' | '.join(row)} |" for row in rows]
