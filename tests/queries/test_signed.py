"""How far the log and its signer are behind, on both databases."""

import random
from datetime import timedelta

from dossier_engine.commands.integrate import integrate
from dossier_engine.commands.keep_checkpoint import keep_checkpoint
from dossier_engine.queries.signed import Behind, behind
from dossier_engine.records import log
from dossier_engine.rules.note import Checkpoint, Note, Signature
from tests.makers import LUONG_DIEN, Province, at

NOW = at("2024-12-09")
NOTHING = timedelta()


def how(province: Province) -> Behind:
    with province.database.reading() as session:
        return behind(session, now=NOW)


def sign(province: Province, *, on: str) -> None:
    with province.writing() as session:
        found = log.state(session.connection())
        assert found is not None
        state = Checkpoint(found.origin, found.size, found.root)
        keep_checkpoint(session, Note(state.text(), (Signature(found.origin, b"0000", b"x" * 64),)), now=at(on))


def bring_in(province: Province) -> int:
    with province.writing() as session:
        return integrate(session, rng=random.Random(5)).added


def test_entries_wait_for_the_log_then_for_a_signature_and_then_no_more(province):
    first = how(province)

    added = bring_in(province)
    in_the_log = how(province)
    sign(province, on="2024-12-08")

    assert first == Behind(added, added, first.lag, None)
    assert in_the_log == Behind(0, added, first.lag, None)
    assert first.lag > timedelta(days=300)
    assert how(province) == Behind(0, 0, NOTHING, timedelta(days=1))


def test_the_first_that_is_not_signed_says_how_long(province):
    bring_in(province)
    sign(province, on="2024-12-01")
    province.register(on="2024-12-05")
    waiting = how(province)

    bring_in(province)
    province.register("xa2", LUONG_DIEN, on="2024-12-07")

    assert waiting == Behind(1, 1, timedelta(days=4), timedelta(days=8))
    assert how(province) == Behind(1, 2, timedelta(days=4), timedelta(days=8))
