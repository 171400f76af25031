"""Auditing over HTTP: what is signed, proofs and the verdict on history, for auditors and nobody else."""

from sqlalchemy import update

from config.rounds import integrate_round
from config.signing import Signing
from dossier_engine.records.tables import TABLES
from dossier_engine.rules.note import Checkpoint, Note
from dossier_engine.rules.proof import Proof

PATHS = ("/audit/head", "/audit/checkpoint", "/audit/proofs/HD-2024-NC-0001/1")


def signed(api) -> None:
    """The log as it is, signed with a key of its own."""
    integrate_round(api.engine)
    Signing.of(api.engine, lambda _: None).round()


def test_auditors_are_told_what_is_signed_and_how_far_that_is_behind(api):
    code = api.province.register().dossier
    thanhtra = api.client("thanhtra")

    before = thanhtra.get("/audit/head").json()
    none, unproven = thanhtra.get("/audit/checkpoint"), thanhtra.get(f"/audit/proofs/{code}/1")
    signed(api)
    after, note = thanhtra.get("/audit/head").json(), thanhtra.get("/audit/checkpoint")
    proof = thanhtra.get(f"/audit/proofs/{code}/1")

    assert (before["log"], before["size"], before["unsigned"] > 0) == (None, 0, True)
    assert (none.status_code, none.json()["code"]) == (404, "not_found")
    assert (unproven.status_code, unproven.json()["code"]) == (503, "not_signed")
    checkpoint = Checkpoint.parse(Note.parse(note.content).text)
    assert (after["size"], after["root"], after["unsigned"]) == (checkpoint.size, checkpoint.root.hex(), 0)
    assert note.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert Proof.parse(proof.content).index < checkpoint.size
    assert {thanhtra.get(f"/audit/proofs/{code}/{seq}").status_code for seq in (2, 99)} == {404}
    assert thanhtra.get("/audit/proofs/HD-2024-NC-0009/1").status_code == 404


def test_nobody_else_is_told(api):
    api.province.register()
    signed(api)

    for client in (api.client("quantri"), api.client("so"), api.client("thanhtra", "read")):
        answers = [*(client.get(path) for path in PATHS), client.post("/audit/verify")]
        assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "not_in_scopes")}
    assert api.client().post("/audit/verify").status_code == 401


def test_the_verdict_names_what_was_altered(api):
    api.province.register()
    thanhtra = api.client("thanhtra", **{"Accept-Language": "en"})

    sound = thanhtra.post("/audit/verify").json()
    with api.province.writing() as session:
        session.connection().execute(update(TABLES["dossier"]).values(state="recognized"))
    altered = thanhtra.post("/audit/verify").json()

    assert [f for f in sound["findings"] if f["where"].startswith("dossier")] == []
    assert sound["entries"] > sound["streams"] > 0
    told = [f for f in altered["findings"] if "HD-2024-NC-0001" in f["where"]]
    assert told
    assert told[0]["label"]
