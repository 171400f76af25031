"""Every route, asked by every role over territories of their own, others' and above, in every state of a dossier."""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import httpx
import pytest
from sqlmodel import Session

from config.wiring import Engine
from dossier_engine.rules.authority import OVERSEEING
from dossier_engine.rules.law import Law
from tests.api.allowed import (
    ADMINISTRATORS,
    AUDITORS,
    BODIES,
    ENTERING,
    LOOKS,
    NOBODY,
    OPEN,
    OVERSEERS,
    PLACES,
    QUERIES,
    TOLD,
    TOLD_OF_ONE,
    acts,
    sees,
    tables,
)
from tests.api.describing import document
from tests.api.inhabited import ON, Somebody, Stood, an_incident, everybody, inhabit
from tests.api.serving import Served, seen, served
from tests.databases import Prepared
from tests.makers import at

PREFIX = "/api/v1"
SAFE = ("GET",)
EVERY = {"sqlite": 1, "postgres": 7}  # of the cells about dossiers, which are asked: PostgreSQL gets a sample


class Rehearsing(Engine):
    """An engine that keeps nothing, so that what one cell may do does not change what the next one is asked about.

    Commands, rules and the database are the real ones; only the last step, the commit of a face, is left out.
    """

    def changing(self, *, commit: bool = True) -> AbstractContextManager[tuple[Session, Law]]:  # noqa: ARG002
        return super().changing(commit=False)


@dataclass(frozen=True)
class World:
    """Everybody and everything there is, and how many cells to go on by."""

    api: Served
    dossiers: list[Stood]
    deadlines: Mapping[str, str]
    incident: int
    every: int
    client: httpx.Client

    def ask(self, who: Somebody | None, route: str, on: Stood | None = None, *scopes: str, **sent: Any
            ) -> httpx.Response:  # fmt: skip
        """One request that has the shape its route asks for."""
        method, _, path = route.partition(" ")
        places = dict(PLACES) | {"incident": self.incident}
        if on is not None:
            places |= {"code": on.code, "seq": 2 if on.name == "registered" and "answer" in path else 1, "number": "7",
                       "deadline": self.deadlines[on.name]}  # fmt: skip
        elif "/audit/" in path:
            places |= {"code": self.dossiers[0].code, "seq": 1}
        elif "templates" in path:
            places["name"] = "ahead"
        elif "incidents" in path:
            places["key"] = self.incident
        headers = seen(on.version if on else 1) | sent.pop("headers", {})
        url = self.api.url + ("" if route in OPEN else PREFIX) + path.format(**places) + QUERIES.get(route, "")
        if who is not None:
            headers["Authorization"] = f"Bearer {self.api.token(who.handle, *scopes)}"
        return self.client.request(method, url, headers=headers, **sent)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def world(
    request: pytest.FixtureRequest, copies: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Two provinces that are served, and in which nothing changes any more."""
    folder = tmp_path_factory.mktemp("matrix")
    database = copies.database(request, folder, inhabited=True)
    province = copies.province(database)
    dossiers, incident = inhabit(province), an_incident(province)
    with served(province, folder, opened=Rehearsing, webhook_hosts=frozenset({"hooks.example.vn"})) as api:
        api.now = at(ON)
        found = World(
            api,
            dossiers,
            dict.fromkeys((d.name for d in dossiers), "none"),
            incident,
            EVERY[request.param],
            api.client(),
        )
        everywhere = [Somebody("so", "dard_appraiser", "", "30/"), Somebody("dard_appraiser-abroad", "", "", "33/")]
        for one in dossiers:
            who = everywhere[one.name == "abroad"]
            due = found.ask(who, "GET /dossiers/{code}/deadlines", one).json()
            found.deadlines[one.name] = due[0]["key"] if due else "none"  # type: ignore[index]
        yield found
    database.close()


def routes_of(world: World) -> set[str]:
    """As the tables name them."""
    return {
        f"{method.upper()} {path.removeprefix(PREFIX)}"
        for path, ways in document(world.api)["paths"].items() for method in ways
    }  # fmt: skip


def wrong(answer: httpx.Response, *, hidden: bool, may: bool, somebody_may: bool = True) -> bool:
    """Whether an answer is another than the tables foresee; whatever nobody may now is refused in its own way."""
    status = answer.status_code
    if hidden:
        return status != 404
    if may:
        return status in (401, 403, 404) or status >= 500
    return status != 403 if somebody_may else not 400 <= status < 500


def told(who: Somebody | None, route: str, on: Stood | None, answer: httpx.Response) -> str:
    """A cell that is wrong."""
    return f"{who and who.handle} {route} {on and on.name}: {answer.status_code} {answer.text[:200]}"


@pytest.mark.asvs("V8.1.1")
def test_every_route_is_in_a_table(world):
    assert routes_of(world) == tables()


@pytest.mark.slow
def test_a_dossier_is_told_and_changed_within_its_territory_by_whoever_may(world):
    cells = [(who, on, route) for who in everybody() for on in world.dossiers for route in (*TOLD_OF_ONE, *acts(on))]
    faults = []

    for who, on, route in islice(cells, 0, None, world.every):
        sent, roles = acts(on).get(route, ({}, NOBODY))
        answer = world.ask(who, route, on, **({"json": sent} if sent else {}))
        hidden = not (on.territory.startswith(who.path) if route == "POST /dossiers" else sees(who, on))
        may = route in TOLD_OF_ONE or who.role in roles
        if who.role == "auditor" and sent:
            hidden, may, roles = False, False, frozenset({"whoever has a token that writes"})
        if wrong(answer, hidden=hidden, may=may, somebody_may=bool(roles)):
            faults.append(told(who, route, on, answer))

    assert faults == [], "\n".join(faults)
    assert len(cells) > 3_000


@pytest.mark.slow
def test_what_is_about_no_dossier_is_for_whoever_it_is_meant_for(world):
    faults = []

    for who in everybody():
        for route in TOLD | ADMINISTRATORS | AUDITORS | OVERSEERS:
            answer = world.ask(who, route, **BODIES.get(route, {}))
            if not _fits(who, route, answer.status_code):
                faults.append(told(who, route, None, answer))

    assert faults == [], "\n".join(faults)


def _fits(who: Somebody, route: str, status: int) -> bool:
    """Whether that is what somebody is told about something that is no dossier's."""
    if route in TOLD:
        return status == 200
    meant = {"administrator"} if route in ADMINISTRATORS else {"auditor"} if route in AUDITORS else OVERSEEING
    if who.role not in meant:
        return status == 403
    return status not in (401, 403) if who.path == "30/" else status != 401


@pytest.mark.asvs("V8.2.1")
def test_without_a_token_nothing_is_told(world):
    guarded = routes_of(world) - ENTERING
    asked = {route: world.ask(None, route, world.dossiers[0], **_sent(world, route)) for route in guarded}

    assert {route: a.status_code for route, a in asked.items() if route not in OPEN} == dict.fromkeys(
        asked.keys() - OPEN, 401
    )
    assert {asked[route].status_code for route in OPEN} == {200}


def test_a_token_that_only_reads_changes_nothing(world):
    unsafe = sorted(r for r in routes_of(world) - LOOKS - ENTERING if not r.startswith(SAFE))

    answers = {
        (who.role, route): world.ask(who, route, world.dossiers[0], "read", **_sent(world, route)).status_code
        for who in everybody() if who.path.startswith("30/") for route in unsafe
    }  # fmt: skip

    assert {cell: status for cell, status in answers.items() if status != 403} == {}


def _sent(world: World, route: str) -> dict[str, Any]:
    order = acts(world.dossiers[0]).get(route)
    return {"json": order[0]} if order else dict(BODIES.get(route, {}))


@pytest.mark.asvs("V8.2.2")
def test_lists_counts_searches_and_files_hold_what_lies_in_the_territory_and_nothing_else(world):
    for who in everybody():
        client = world.api.client(who.handle)
        own = {d.code for d in world.dossiers if sees(who, d)}

        listed = client.get("/dossiers?limit=200&count=true").json()
        found = client.get("/dossiers?q=xa&limit=200").json()["items"]
        file = csv.reader(io.StringIO(client.get("/exports/dossiers.csv").content.decode("utf-8-sig")))
        due = client.get("/deadlines?days=730&limit=200").json()["items"]
        foreseen = client.get("/reminders/preview?at=2025-03-03T01:00:00Z").json()["rungs"]
        waiting = client.get("/escalations").json()

        assert ({d["code"] for d in listed["items"]}, listed["total"]) == (own, len(own)), who
        assert {row[0] for row in islice(file, 1, None)} == own, who
        assert {d["code"] for d in found} == {d.code for d in world.dossiers if sees(who, d) and len(d.subject) == 5}
        assert {d["code"] for d in due} <= own, who
        assert {r["code"] for r in foreseen} <= own, who
        assert {e["code"] for e in waiting} <= own, who
        assert (world.dossiers[0].code in {e["code"] for e in waiting}) is sees(who, world.dossiers[0]), who


def test_an_incident_is_seen_to_by_whoever_works_where_it_is(world):
    for who in everybody():
        answer = world.ask(who, "POST /incidents/{key}/close", **BODIES["POST /incidents/{key}/close"])
        listed = {i["incident"] for i in world.api.client(who.handle).get("/incidents").json()}

        within = "30/295/".startswith(who.path)
        assert (str(world.incident) in listed) is within, who
        assert answer.status_code == (403 if who.role == "auditor" else 200 if within else 404), (who, answer.text)


def test_a_notice_is_read_by_whoever_was_told(world):
    [key] = [one["notice"] for one in world.api.client("so").get("/notices").json()["items"]]

    answers = {who.handle: world.api.client(who.handle).post(f"/notices/{key}/read").status_code for who in everybody()}

    assert answers.pop("so") == 200
    assert {status for handle, status in answers.items() if not handle.startswith(("thanhtra", "auditor"))} == {404}
    assert {answers["thanhtra"], answers["auditor-abroad"]} == {403}


def test_a_list_of_registrations_opens_what_its_bearer_may_open(world):
    route = "POST /imports/registrations"

    answers = {who.handle: world.ask(who, route, **BODIES[route]).status_code for who in everybody()}

    assert {handle for handle, status in answers.items() if status < 400} == {"xa", "huyen"}
