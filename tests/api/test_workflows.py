"""Workflow definitions over HTTP: read, drawn and checked by everybody, activated by administrators."""

from importlib.resources import files

YAML = (files("workflows") / "commune-advanced.yaml").read_bytes()
TEXT = {"Content-Type": "application/yaml"}


def test_definitions_are_listed_and_told_whole_in_the_language_asked_for(api):
    api.province.register()
    xa = api.client("xa")

    listed = {one["workflow"]: one for one in xa.get("/workflows").json()}
    told = xa.get("/workflows/commune-advanced", headers={"Accept-Language": "en"}).json()

    own = listed["commune-advanced@1"]
    assert (own["active"], own["running"], own["sha256"]["key"]) == (True, 1, told["sha256"])
    assert told["separation_of_duties"] == {"assessment": ["self_assess", "review", "appraise", "recognize"]}
    states = {state["key"]: state for state in told["states"]}
    assert states["registered"]["holder"] == {"key": "commune_officer", "label": "commune officer"}
    assert states["self_assessed"]["limit"].startswith("45 days, from")
    assert states["self_assessed"]["status"]["key"] == "configured"
    assert states["recognized"]["holder"]["key"] is None
    asked = {r["key"]: r for r in told["requirements"]}
    [review] = [t for t in told["transitions"] if t["transition"] == "review"]
    assert (review["origins"], review["to"]["key"]) == (["self_assessed"], "district_reviewed")
    assert set(review["requirement"]["key"]) <= asked.keys()
    assert asked["review_report"]["kind"] == "documents"


def test_a_version_never_changes_so_it_is_kept(api):
    xa = api.client("xa")
    first = xa.get("/workflows/commune-advanced/versions/1")
    tag = first.headers["ETag"]

    again = xa.get("/workflows/commune-advanced/versions/1", headers={"If-None-Match": tag})
    in_english = xa.get(
        "/workflows/commune-advanced/versions/1", headers={"If-None-Match": tag, "Accept-Language": "en"}
    )

    assert tag == f'"{first.json()["sha256"]}.vi"'
    assert first.headers["Cache-Control"].startswith("private, max-age=")
    assert (again.status_code, again.content) == (304, b"")
    assert (in_english.status_code, in_english.headers["Content-Language"]) == (200, "en")


def test_what_is_not_stored_is_not_found_and_nobody_is_told_anything(api):
    xa = api.client("xa")
    paths = ("none", "commune-advanced/versions/9", "commune-advanced/diagram.svg?current=x", "none/diagram.mmd")

    answers = [xa.get(f"/workflows/{path}") for path in paths]

    assert {(a.status_code, a.json()["code"]) for a in answers} == {(404, "not_found")}
    assert api.client().get("/workflows").status_code == 401
    assert api.client().post("/workflows/check", content=YAML, headers=TEXT).status_code == 401


def test_a_drawing_is_of_its_own_kind_and_may_load_nothing(api):
    xa = api.client("xa", **{"Accept-Language": "en"})

    drawn = xa.get("/workflows/commune-advanced/diagram.svg?current=self_assessed")
    text = xa.get("/workflows/commune-advanced/diagram.mmd")

    assert (drawn.status_code, drawn.headers["Content-Type"].partition(";")[0]) == (200, "image/svg+xml")
    assert drawn.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert (drawn.headers["Content-Language"], 'lang="en"' in drawn.text, "style" in drawn.text) == ("en", True, False)
    assert xa.get("/workflows/commune-advanced/diagram.svg").text != drawn.text
    assert (text.headers["Content-Type"], text.text[:15]) == ("text/plain; charset=utf-8", "stateDiagram-v2")


def test_a_definition_is_activated_by_administrators_only(api):
    newer = YAML.replace(b"\nversion: 1", b"\nversion: 2", 1)
    quantri = api.client("quantri")

    refused = api.client("so").post("/workflows", content=newer, headers=TEXT)
    checked = api.client("so").post("/workflows/check", content=newer, headers=TEXT)
    made = quantri.post("/workflows", content=newer, headers=TEXT)
    again = quantri.post("/workflows", content=newer, headers=TEXT)
    other = quantri.post("/workflows", content=newer + b"# other bytes\n", headers=TEXT)

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert (checked.status_code, checked.json()["workflow"]) == (200, "commune-advanced@2")
    assert (made.status_code, made.json()["fresh"], again.json()["fresh"]) == (201, True, False)
    assert (other.status_code, other.json()["code"]) == (409, "already_there")
    found = quantri.get(made.headers["Location"].removeprefix("/api/v1")).json()
    assert (found["workflow"], found["sha256"]) == ("commune-advanced@2", checked.json()["sha256"])
    active = {one["workflow"] for one in quantri.get("/workflows").json() if one["active"]}
    assert "commune-advanced@2" in active
    assert "commune-advanced@1" not in active


def test_every_fault_is_told_with_its_line(api):
    faulty = YAML.replace(b"\nversion: 1", b"\nversion: one", 1).replace(b"\ngoal:", b"\ngaol:", 1)

    for path in ("/workflows", "/workflows/check"):
        answer = api.client("quantri").post(path, content=faulty, headers=TEXT)
        assert (answer.status_code, answer.json()["code"]) == (422, "file_problems")
        faults = [(e["pointer"].rpartition("/")[0], e["code"]) for e in answer.json()["errors"]]
        assert ("/definition.yaml", "unknown_key") in faults
        assert ("/definition.yaml", "not_a_number") in faults
    form = api.client("quantri").post("/workflows/check", data={"a": "b"})
    assert (form.status_code, form.json()["code"]) == (422, "request_malformed")
