"""What leaves the house over HTTP: deliveries, webhooks and the words of mails, for administrators."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from dossier_engine.records import deliveries
from dossier_engine.records.tables import TABLES
from tests.api.serving import NOW, Served, served
from tests.makers import Province

HOOK = {"url": "https://hooks.example.vn/ntm", "territory": "30"}
WORDS = {"subject": "Quá hạn $days ngày: $commune", "text": "Hồ sơ $code quá hạn.\n"}


@pytest.fixture
def api(province: Province, tmp_path: Path) -> Iterator[Served]:
    """The province behind a server that may tell one host of events."""
    with served(province, tmp_path, webhook_hosts=frozenset({"hooks.example.vn", "localhost"})) as found:
        yield found


def given_up(api: Served, *keys: int) -> None:
    """Events that nobody took."""
    rows = [
        {"id": key, "channel": "webhook", "recipient": "wh-1", "topic": f"event/dossier/X/{key}", "kind": "event",
         "status": "waiting", "available_at": NOW, "attempts": 9, "created_at": NOW, "settled_at": None,
         "error": "timeout"} for key in keys
    ]  # fmt: skip
    table = TABLES["delivery"]
    with api.province.writing() as session:
        deliveries.add(session.connection(), rows)
        session.connection().execute(update(table).values(status="dead", settled_at=NOW))


def test_what_was_given_up_is_listed_page_by_page_and_sent_again(api):
    given_up(api, 7, 8, 2**62)
    admin = api.client("quantri")

    first = admin.get("/deliveries?status=dead&limit=2").json()
    rest = admin.get(f"/deliveries?status=dead&limit=2&cursor={first['next_cursor']}").json()
    again = [admin.post("/deliveries/7/redeliver").status_code for _ in range(2)]

    assert [d["delivery"] for d in first["items"] + rest["items"]] == [str(2**62), "8", "7"]
    assert (rest["next_cursor"], again) == (None, [200, 404])
    assert [d["delivery"] for d in admin.get("/deliveries?status=waiting").json()["items"]] == ["7"]


def test_a_webhook_shows_its_secret_once(api):
    admin = api.client("quantri")

    made = admin.post("/webhooks", json=HOOK)

    assert (made.status_code, made.json()["secret"][:6]) == (201, "whsec_"), made.text
    listed = admin.get("/webhooks")
    assert [w["webhook"] for w in listed.json()] == [made.json()["webhook"]]
    assert "whsec_" not in listed.text
    gone = [admin.delete(f"/webhooks/{made.json()['webhook']}").status_code for _ in range(2)]
    assert (gone, admin.get("/webhooks").json()) == ([204, 404], [])


def test_a_webhook_is_tried_and_what_the_other_end_says_is_told(api):
    admin = api.client("quantri", **{"Accept-Language": "en"})
    made = admin.post("/webhooks", json={"url": "https://localhost:1/x", "territory": "30"}).json()["webhook"]

    tried = admin.post(f"/webhooks/{made}/test")

    assert (tried.status_code, tried.json()["webhook"]) == (200, made), tried.text
    assert tried.json()["result"]["key"] != "sent"
    assert admin.post("/webhooks/wh-none/test").status_code == 404


def test_an_address_that_is_not_allowed_is_refused(api):
    answer = api.client("quantri").post("/webhooks", json={**HOOK, "url": "https://hooks.example.org/"})

    assert (answer.status_code, answer.json()["facts"]["why"]) == (422, "host_not_allowed")


def test_the_words_of_a_mail_are_put_shown_and_taken_back_in_one_language(api):
    admin = api.client("quantri")
    shipped = admin.get("/templates/overdue").json()

    put = admin.put("/templates/overdue", json=WORDS)

    assert (put.status_code, put.json()["subject"], put.json()["text"]) == (200, WORDS["subject"], WORDS["text"])
    assert [t["template"] for t in admin.get("/templates").json() if t["saved"]] == ["overdue"]
    assert not any(t["saved"] for t in admin.get("/templates?lang=en").json())
    gone = [admin.delete("/templates/overdue").status_code for _ in range(2)]
    assert (gone, admin.get("/templates/overdue").json()) == ([204, 404], shipped)
    assert admin.get("/templates/nothing").status_code == 404
    assert admin.put("/templates/overdue", json={**WORDS, "text": "$nothing"}).status_code == 422


@pytest.mark.parametrize("handle", ["so", "thanhtra", "xa"])
def test_nobody_but_administrators_looks_at_or_changes_any_of_it(api, handle):
    given_up(api, 7)
    made = api.client("quantri").post("/webhooks", json=HOOK).json()["webhook"]
    asked = api.client(handle)

    looked = [asked.get(path) for path in ("/deliveries", "/webhooks", "/templates", "/templates/overdue")]
    changed = [
        asked.post("/deliveries/7/redeliver"), asked.post("/webhooks", json=HOOK), asked.delete(f"/webhooks/{made}"),
        asked.post(f"/webhooks/{made}/test"), asked.put("/templates/overdue", json=WORDS),
    ]  # fmt: skip

    assert {(a.status_code, a.json()["code"]) for a in looked} == {(403, "not_allowed")}
    refusal = "not_in_scopes" if handle == "thanhtra" else "not_allowed"
    assert {(a.status_code, a.json()["code"]) for a in changed} == {(403, refusal)}
    assert len(api.client("quantri").get("/webhooks").json()) == 1


def test_an_appointment_that_is_over_opens_nothing(api):
    api.province.appoint("cu", "administrator", "bo-phan-cong-nghe-thong-tin", until="2024-02-01")
    api.province.appoint("cu", "commune_officer", "ubnd-xa-10894")

    answer = api.client("cu").get("/deliveries")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
