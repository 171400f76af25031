"""The matrix's own word on who may do what: written by hand from the rules, and compared with nothing but answers.

A route that is in no table here fails tests/api/test_every_route.py: whoever adds one says who may use it.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from dossier_engine.rules.authority import ROLES
from tests.api.inhabited import ON, Somebody, Stood

Json = Mapping[str, Any]
EVERYBODY = frozenset(ROLES)
ACTING = EVERYBODY - {"auditor", "administrator"}
NOBODY: frozenset[str] = frozenset()
_COMMUNE, _DISTRICT, _REVIEWER = "commune_officer", "district_officer", "district_reviewer"
_DARD, _CLERK, _COMMITTEE, _SECTOR = "dard_appraiser", "decision_clerk", "steering_committee", "sector_confirmer"

OPEN = {"GET /healthz", "GET /readyz", "GET /metrics"}
# Told to everybody who signs in, each within their territory where there is one.
TOLD = {
    "GET /dossiers", "GET /deadlines", "GET /escalations", "GET /incidents", "GET /reminders/preview",
    "GET /reminders/accounting", "GET /notices", "GET /workflows", "GET /workflows/{name}",
    "GET /workflows/{name}/versions/{version}", "GET /workflows/{name}/diagram.svg",
    "GET /workflows/{name}/diagram.mmd", "GET /localities", "GET /localities/{code}", "GET /offices",
    "GET /plans/{year}", "GET /calendar/due", "GET /calendar/{year}", "GET /exports/dossiers.csv",
    "POST /workflows/check", "GET /coverage", "GET /session", "GET /sessions", "GET /tokens",
}  # fmt: skip
# Of one dossier, to whoever has it in their territory.
TOLD_OF_ONE = {
    "GET /dossiers/{code}", "GET /dossiers/{code}/transitions", "GET /dossiers/{code}/history",
    "GET /dossiers/{code}/history/{seq}", "GET /dossiers/{code}/requirements", "GET /dossiers/{code}/criteria",
    "GET /dossiers/{code}/deadlines", "GET /dossiers/{code}/deadlines/{deadline}", "GET /dossiers/{code}/documents",
}  # fmt: skip
ADMINISTRATORS = {
    "GET /deliveries", "POST /deliveries/{key}/redeliver", "GET /webhooks", "POST /webhooks",
    "DELETE /webhooks/{webhook}", "POST /webhooks/{webhook}/test", "GET /templates", "GET /templates/{name}",
    "PUT /templates/{name}", "DELETE /templates/{name}", "POST /workflows", "POST /imports/recognitions",
    "POST /people", "PUT /people/{handle}/address", "POST /people/{handle}/invitation",
    "DELETE /people/{handle}/sessions", "POST /people/{handle}/appointments",
    "POST /people/{handle}/appointments/end", "POST /people/{handle}/erasure",
}  # fmt: skip
AUDITORS = {
    "GET /audit/head", "GET /audit/checkpoint", "GET /audit/proofs/{code}/{seq}", "POST /audit/verify", "POST /exports",
}  # fmt: skip
OVERSEERS = {"GET /people", "GET /people/{handle}/appointments"}
# What has tests of its own: below, in test_documents_api.py, and in test_session.py.
SINGLE = {
    "POST /notices/{key}/read", "POST /incidents/{key}/close", "POST /imports/registrations",
    "POST /dossiers/{code}/files", "GET /dossiers/{code}/files/{sha256}", "POST /dossiers/{code}/history/{seq}/erasure",
    "POST /plans/{year}/obligations",
}  # fmt: skip
# What somebody does about their own way in; the first three before they are in, the next three with a session.
ENTERING = {
    "POST /session", "POST /invitations/accept", "POST /invitations/confirm", "DELETE /session", "PUT /password",
    "DELETE /sessions/{session}", "POST /tokens", "DELETE /tokens/{token}",
}  # fmt: skip
# Where nothing is changed although the method is unsafe: asked with a token that only reads, too.
LOOKS = {"POST /workflows/check"}

_YAML = (files("workflows") / "commune-advanced.yaml").read_text(encoding="utf-8")
_NEWER = _YAML.replace("\nversion: 1", "\nversion: 2", 1)
_VOTE = {"vote": {"agree": 19, "present": 20, "members": 21}}
_PAPER = {"report": {"number": "1/BC", "date": ON, "sha256": "ab" * 32}}
_SURVEY = {"survey": {"asked": 100, "satisfied": 99}}
_NAME = "commune-advanced"
# What stands in the addresses of routes that are about no dossier, and what is sent to them.
PLACES: Json = {
    "name": _NAME, "version": "1", "code": "10894", "year": 2024, "key": 1, "webhook": "wh-1", "handle": "xa",
    "sha256": "ab" * 32, "session": "a" * 16, "token": "a" * 16,
}  # fmt: skip
QUERIES: Mapping[str, str] = {
    "GET /calendar/due": "?start=2024-04-26&days=5", "GET /reminders/preview": "?at=2024-12-03T01:00:00Z",
    "GET /reminders/accounting": "?every=true", "POST /dossiers/{code}/files": "?name=a.pdf",
}  # fmt: skip
BODIES: Mapping[str, Json] = {
    "POST /workflows": {"content": _NEWER, "headers": {"Content-Type": "application/yaml"}},
    "POST /workflows/check": {"content": _YAML, "headers": {"Content-Type": "application/yaml"}},
    "POST /webhooks": {"json": {"url": "https://hooks.example.vn/ntm", "territory": "30"}},
    "PUT /templates/{name}": {"json": {"subject": "x", "text": "y"}},
    "POST /exports": {"json": {"codes": []}},
    "POST /people/{handle}/erasure": {"json": {"basis": "theo yêu cầu"}},
    "POST /dossiers/{code}/history/{seq}/erasure": {"json": {"basis": "theo yêu cầu"}},
    "POST /plans/{year}/obligations": {"json": {}},
    "POST /people": {"json": {"handle": "moi", "name": "Người Mới"}},
    "PUT /people/{handle}/address": {"json": {"email": "xa@example.vn"}},
    "POST /people/{handle}/appointments": {
        "json": {"role": "commune_officer", "office": "ubnd-xa-10894", "valid_from": "2026-01-01"},
    },
    "POST /people/{handle}/appointments/end": {"json": {"role": "commune_officer", "office": "ubnd-xa-10894"}},
    "POST /dossiers/{code}/files": {"content": b"%PDF-", "headers": {"Content-Type": "application/octet-stream"}},
    "POST /incidents/{key}/close": {"json": {"reason": "Đã phân công người"}},
    "POST /imports/registrations": {
        "content": "code,name,district,level,target_year\n10894,Xã Cẩm Hưng,Huyện Cẩm Giàng,advanced,2031\n",
        "headers": {"Content-Type": "text/csv"},
    },
    "POST /imports/recognitions": {
        "content": "code,name,district,level,target_year,source\n10894,Xã Cẩm Hưng,Huyện Cẩm Giàng,ntm,2020,QĐ 1\n",
        "headers": {"Content-Type": "text/csv"},
    },
}

# What moves each dossier on: the transition, what it is recorded for, and for each act the roles that may.
# transition, by; requirement, items, by; criteria by; clock by; extension by
_COMMUNES: Mapping[str, tuple[Any, ...]] = {
    "registered": ("self_assess", {_COMMUNE}, "commune_vote", _VOTE, {_COMMUNE}, {_COMMUNE}, {_REVIEWER}),
    "at_district": ("review", {_REVIEWER}, "district_vote", _VOTE, {_REVIEWER}, {_REVIEWER}, {_DARD}),
    "at_department": ("appraise", {_DARD}, "council_vote", _VOTE, {_DARD}, NOBODY, {_CLERK}),
    "recognised": ("revoke", {_CLERK}, "council_vote", _VOTE, NOBODY, NOBODY, NOBODY),
    "paused": ("withdraw", {_COMMUNE}, "commune_vote", _VOTE, NOBODY, NOBODY, NOBODY),
    "district": ("self_assess", {_DISTRICT}, "district_vote", _VOTE, NOBODY, {_DISTRICT}, {_REVIEWER}),
    "report": ("submit", {_SECTOR}, "report", _PAPER, {_SECTOR}, NOBODY, {_COMMITTEE}),
}
Acts = Mapping[str, tuple[Json, frozenset[str]]]


def acts(on: Stood) -> Acts:
    """What is sent to change the dossier, or to open one like it, by route; and who may in its territory."""
    transition, movers, key, items, recorders, judges, extenders = _COMMUNES.get(on.name, _COMMUNES["registered"])
    closed, still = on.name == "recognised", on.name == "paused"
    clock = NOBODY if closed else {_DARD} if on.name == "report" else {_REVIEWER, _DARD}
    registrars = {"report": {_DARD}, "district": {_DISTRICT}}.get(on.name, {_COMMUNE, _REVIEWER})
    why = {"reason": "Theo quy định"}
    document = {**why, "number": "9/BCĐ", "date": ON}
    found: dict[str, tuple[Json, Any]] = {
        "POST /dossiers": ({"workflow": on.workflow, "subject": on.subject, "year": 2035}, registrars),
        "POST /dossiers/{code}/transitions": ({**why, "transition": transition}, movers),
        "POST /dossiers/{code}/records": ({"requirement": key, "items": items}, recorders),
        "PUT /dossiers/{code}/criteria/{number}": ({"result": "met"}, judges),
        "POST /dossiers/{code}/clock": ({**why, "clock": "running" if still else "paused"}, clock),
        "POST /dossiers/{code}/deadlines/{deadline}/extension": ({**document, "until": "2035-01-15"}, extenders),
        "POST /dossiers/{code}/difficulties": (why, NOBODY if closed or still else ACTING),
        # It waited for the department for so long that it is the committee's by now.
        "POST /dossiers/{code}/escalations/{seq}/answer": (
            document, {_COMMITTEE} if on.name == "registered" else NOBODY,
        ),
    }  # fmt: skip
    return {route: (sent, frozenset(roles)) for route, (sent, roles) in found.items()}


def sees(who: Somebody, what: Stood) -> bool:
    """Whether the dossier lies in the territory, and a department's report is that department's own."""
    own = what.office in ("", who.office) or who.role != _SECTOR
    return what.territory.startswith(who.path) and own


def tables() -> set[str]:
    """Every route that somebody thought about."""
    sample = Stood("registered", "", "", "", "", 1)
    return OPEN | TOLD | TOLD_OF_ONE | ADMINISTRATORS | AUDITORS | OVERSEERS | SINGLE | ENTERING | acts(sample).keys()
