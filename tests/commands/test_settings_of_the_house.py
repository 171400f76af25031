"""What administrators decide: webhooks, the words of mails, where mail reaches a person."""

import pytest
from sqlalchemy import select

from dossier_engine.commands.people import add_person, change_address
from dossier_engine.commands.templates import set_template
from dossier_engine.commands.webhooks import add_webhook
from dossier_engine.errors import BadInput, NotAllowed, NotFound
from dossier_engine.letters import Wording
from dossier_engine.queries.audit import verify
from dossier_engine.records.tables import TABLES
from tests.makers import Province, at

NOW = at("2024-05-06")
HOSTS = frozenset({"hooks.example.vn"})
_HISTORY, _PERSON, _PRIVATE, _WEBHOOK = (TABLES[t] for t in ("history", "person", "private", "webhook"))


def add(province: Province, url: str, *, locality: str = "30", handle: str = "quantri") -> tuple[str, str]:
    with province.writing() as session:
        return add_webhook(session, url, locality, province.act(handle), hosts=HOSTS, now=NOW, rng=province.rng)


def test_a_webhook_is_filed_without_its_address_in_the_entry(hai_duong: Province):
    made, secret = add(hai_duong, "https://hooks.example.vn/ntm?key=s3cret")

    with hai_duong.database.reading() as session:
        row = session.execute(select(_WEBHOOK)).one()
        entry = session.execute(select(_HISTORY.c.entry).where(_HISTORY.c.stream == "settings")).scalar_one()
        assert verify(session, hai_duong.law).findings == ()
    assert (row.id, row.secret, row.territory) == (made, secret, "30/")
    assert secret.startswith("whsec_")
    assert b"s3cret" not in entry
    assert b'"host":"hooks.example.vn"' in entry


@pytest.mark.parametrize(
    "url",
    ["ftp://hooks.example.vn/", "https:///x", "https://user:pass@hooks.example.vn/", "https://hooks.example.vn/#x",
     "https://hooks.example.vn/a b", "https://hooks.example.vn/\r\nHost: evil", "https://hooks.example.vn:port/",
     "https://hooks.example.vn/" + "x" * 2_000, "https://hooks.exämple.vn/", "hooks.example.vn", "https://[::1"],
)  # fmt: skip
def test_what_is_no_address_of_a_web_server_is_refused(url, hai_duong: Province):
    with pytest.raises(BadInput) as refusal:
        add(hai_duong, url)

    assert refusal.value.facts["why"] == "not_a_url"


def test_a_host_that_is_not_allowed_a_place_there_is_not_and_a_person_who_may_not_are_refused(hai_duong: Province):
    with pytest.raises(BadInput) as refusal:
        add(hai_duong, "https://hooks.example.org/")
    with pytest.raises(NotFound):
        add(hai_duong, "https://hooks.example.vn/", locality="99999")
    with pytest.raises(NotAllowed):
        add(hai_duong, "https://hooks.example.vn/", handle="so")

    assert refusal.value.facts["why"] == "host_not_allowed"


def test_words_that_are_unsound_are_not_saved(hai_duong: Province):
    with pytest.raises(BadInput), hai_duong.writing() as session:
        set_template(session, "overdue", "vi", Wording("Quá hạn", "$unknown"), hai_duong.act("quantri"), now=NOW,
                     rng=hai_duong.rng)  # fmt: skip


def test_an_address_is_kept_beside_history_and_can_be_changed_and_taken_away(hai_duong: Province):
    act, rng = hai_duong.act("quantri"), hai_duong.rng
    with hai_duong.writing() as session:
        person = add_person(session, "xa.moi", "Cán bộ mới", act, now=NOW, rng=rng, email="moi@example.vn")
        change_address(session, person, "moi.hon@example.vn", act, now=NOW, rng=rng)
        kept = session.execute(select(_PERSON.c.email).where(_PERSON.c.id == person)).scalar_one()
        change_address(session, person, None, act, now=NOW, rng=rng)

    with hai_duong.database.reading() as session:
        gone = session.execute(select(_PERSON.c.email).where(_PERSON.c.id == person)).scalar_one()
        words = session.execute(select(_PRIVATE.c.value).where(_PRIVATE.c.name == "email")).scalars().all()
        entries = session.execute(select(_HISTORY.c.entry).where(_HISTORY.c.stream == "people")).scalars().all()
        assert verify(session, hai_duong.law).findings == ()
    assert (kept, gone) == ("moi.hon@example.vn", None)
    assert sorted(words) == ["moi.hon@example.vn", "moi@example.vn"]
    assert b"example.vn" not in b"".join(entries)


@pytest.mark.parametrize("email", ["", "moi", "a@b@example.vn", "a b@example.vn", "a@example.vn\nBcc: x@example.org",
                                   "a@localhost", "a@-x.vn", "a@example.vn ", "a" * 250 + "@example.vn"])  # fmt: skip
def test_what_is_no_address_is_refused(email, hai_duong: Province):
    with pytest.raises(BadInput), hai_duong.writing() as session:
        change_address(session, hai_duong.people["xa"], email, hai_duong.act("quantri"), now=NOW, rng=hai_duong.rng)
    with pytest.raises(BadInput), hai_duong.writing() as session:
        add_person(session, "xa.moi", "Mới", hai_duong.act("quantri"), now=NOW, rng=hai_duong.rng, email=email)


def test_there_is_nobody_of_that_id(hai_duong: Province):
    with pytest.raises(NotFound), hai_duong.writing() as session:
        change_address(session, "p-nobody", "a@example.vn", hai_duong.act("quantri"), now=NOW, rng=hai_duong.rng)
