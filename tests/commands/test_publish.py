"""Events: entries on the outbox are addressed once, to those whose territory they touch, and say nothing personal."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dossier_engine.commands.deliver import Settled, claim_events, trial_event
from dossier_engine.commands.publish import publish
from dossier_engine.commands.webhooks import add_webhook, remove_webhook
from dossier_engine.errors import NotFound
from dossier_engine.records.tables import TABLES
from tests.commands.conftest import CODE, Standing
from tests.makers import Province, at

_DELIVERY, _OUTBOX = TABLES["delivery"], TABLES["outbox"]
LEASE = timedelta(minutes=10)
HOSTS = frozenset({"hooks.example.vn"})


def rows(province: Province):
    with province.database.reading() as session:
        return session.execute(select(_DELIVERY).order_by(_DELIVERY.c.topic)).all()


def hooked(province: Province, locality: str, path: str = "ntm") -> str:
    with province.writing() as session:
        made, _ = add_webhook(session, f"https://hooks.example.vn/{path}", locality, province.act("quantri"),
                              hosts=HOSTS, now=at("2024-01-03"), rng=province.rng)  # fmt: skip
    return made


def published(province: Province, most: int = 100) -> int:
    with province.writing() as session:
        return publish(session, now=at("2024-04-15"), rng=province.rng, most=most)


def events(province: Province, day: str = "2024-04-15"):
    with province.writing() as session:
        return claim_events(session, source="https://ntm.example.vn", now=at(day), lease=LEASE, most=100)


def test_entries_are_told_once_to_the_webhooks_whose_territory_covers_the_dossier(hai_duong: Province):
    everywhere, district, elsewhere = (hooked(hai_duong, code) for code in ("30", "295", "291"))
    hai_duong.register()
    hai_duong.pause(CODE, "huyen", on="2024-04-15")

    taken = [published(hai_duong, most=1), published(hai_duong), published(hai_duong)]
    found, closed = events(hai_duong)

    assert taken == [1, 1, 0]
    assert closed == Settled()
    told = {(r.recipient, r.topic) for r in rows(hai_duong)}
    assert told == {(hook, f"event/dossier/{CODE}/{n}") for hook in (everywhere, district) for n in (1, 2)}
    assert elsewhere not in {hook for hook, _ in told}
    body = json.loads(next(e.body for e in found if e.id.endswith("/2")))
    assert (body["specversion"], body["type"], body["subject"]) == ("1.0", "vn.ntm.dossier.paused", CODE)
    assert body["data"]["seq"] == 2
    assert len(body["data"]["leaf"]) == 64
    everything = b"".join(e.body for e in found).decode()
    assert "chờ sắp xếp" not in everything
    assert not any(person in everything for person in hai_duong.people.values())


def test_a_move_is_told_with_its_transition(standing: Standing):
    province = standing("self_assessed")
    hooked(province, "30")
    published(province, most=10_000)

    found, _ = events(province, "2024-12-09")

    assert any(b'"transition":"self_assess"' in e.body for e in found)


def test_an_event_for_a_webhook_that_was_removed_is_void(hai_duong: Province):
    hook = hooked(hai_duong, "30")
    hai_duong.register()
    published(hai_duong)
    with hai_duong.writing() as session:
        remove_webhook(session, hook, hai_duong.act("quantri"), now=at("2024-04-15"), rng=hai_duong.rng)
        with pytest.raises(NotFound):
            remove_webhook(session, hook, hai_duong.act("quantri"), now=at("2024-04-15"), rng=hai_duong.rng)

    found, closed = events(hai_duong)

    assert (found, closed) == ([], Settled(void=1))
    with hai_duong.database.reading() as session:
        assert session.execute(select(func.count()).select_from(_OUTBOX)).scalar_one() == 0


def test_without_webhooks_the_outbox_is_emptied_all_the_same(hai_duong: Province):
    hai_duong.register()

    assert (published(hai_duong), published(hai_duong), rows(hai_duong)) == (1, 0, [])


def test_a_test_event_says_nothing_and_needs_a_webhook(hai_duong: Province):
    hook = hooked(hai_duong, "30")

    with hai_duong.database.reading() as session:
        event = trial_event(session, hook, source="x", now=at("2024-04-15"), rng=hai_duong.rng)
        with pytest.raises(NotFound):
            trial_event(session, "wh-other", source="x", now=at("2024-04-15"), rng=hai_duong.rng)

    assert b'"data":{}' in event.body
    assert event.url == "https://hooks.example.vn/ntm"
