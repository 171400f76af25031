"""The registers over HTTP: localities and offices page by page, the plan as far as one may see, and the calendar."""

from tests.makers import CAM_HUNG, LUONG_DIEN, adopted_plan


def everything(client, path):
    """The items of every page."""
    items, address = [], path
    while address is not None:
        answer = client.get(address)
        items += answer.json()["items"]
        address = answer.links["next"]["url"].removeprefix("/api/v1") if "next" in answer.links else None
    return items


def test_localities_and_offices_are_listed_page_by_page_each_once(api):
    xa = api.client("xa")

    localities = everything(xa, "/localities?limit=90&on=2024-04-15")
    offices = everything(xa, "/offices?limit=70")
    communes = everything(xa, "/localities?kind=commune&q=hong%20phong")

    codes = [one["code"] for one in localities]
    assert (codes[0], len(codes)) == ("30", len(set(codes)))
    assert [one["code"] for one in everything(xa, "/localities?limit=200&on=2024-04-15")] == codes
    assert len(codes) > 200
    assert len({one["code"] for one in offices}) == len(offices) > 140
    assert {one["name"] for one in communes} == {"Xã Hồng Phong"}
    sectors = everything(xa, "/offices?kind=sector")
    assert sectors == [one for one in offices if one["kind"]["key"] == "sector"] != []


def test_a_locality_is_told_as_it_was_on_a_day(api):
    xa = api.client("xa", **{"Accept-Language": "en"})

    found = xa.get(f"/localities/{CAM_HUNG}").json()

    assert (found["name"], found["kind"], found["parent_code"]) == (
        "Xã Cẩm Hưng", {"key": "commune", "label": "commune"}, "295",
    )  # fmt: skip
    assert xa.get("/localities/1").json()["code"] == "not_found"


def test_what_means_nothing_is_refused(api):
    paths = (
        "localities?kind=village", "localities?on=x", "localities?cursor=e30", "localities?limit=0",
        "localities?cursor=WyJ4IiwgImEiLCAiYiIsICJjIl0", "offices?kind=shop", "offices?name=x", "calendar/0",
        "calendar/2199", "calendar/due?start=9999-12-31&days=5", "calendar/due?start=9999-12-30&days=5",
        "calendar/due?start=2024-04-26", "calendar/due?start=2024-04-26&days=5&unit=weeks",
    )  # fmt: skip
    xa = api.client("xa")

    answers = {path: xa.get(f"/{path}") for path in paths}

    assert {path: a.status_code for path, a in answers.items()} == dict.fromkeys(paths, 422)
    assert {a.headers["Content-Type"] for a in answers.values()} == {"application/problem+json"}


def test_of_a_plan_everybody_sees_what_came_of_it_where_they_are(api):
    adopted_plan(api.province)
    api.province.register()
    api.province.register("xa2", LUONG_DIEN)

    def counts(handle: str) -> tuple[int, dict[str, int], dict[str, int]]:
        plan = api.client(handle).get("/plans/2024").json()
        [target] = [t for t in plan["targets"] if t["key"] == "advanced_communes"]
        owed = {o["actor"]["key"]: o["done"]["key"]["of"] for o in plan["obligations"] if o["done"]["key"]}
        return target["target"], target["counts"]["key"], owed

    assert counts("so")[1] == {"registered": 2}
    assert counts("so")[2]["sector"] > 1
    assert counts("xa")[:2] == (35, {"registered": 1})
    assert counts("mattran")[1] == {"registered": 2}
    assert counts("huyen2")[1] == {}
    assert counts("xa")[2].get("sector") == 0
    assert api.client("so").get("/plans/2019").json()["code"] == "not_found"
    assert api.client().get("/plans/2024").status_code == 401


def test_the_calendar_tells_its_days_and_counts_to_a_date(api):
    xa = api.client("xa", **{"Accept-Language": "en"})

    days = {one["day"]: one for one in xa.get("/calendar/2024").json()}
    due = xa.get("/calendar/due?start=2024-04-26&days=5").json()
    whole = xa.get("/calendar/due?start=2024-04-26&days=5&unit=calendar_days").json()

    assert days["2024-09-02"]["kind"]["key"] == "holiday"
    assert days["2024-05-04"]["kind"]["key"] == "swapped_working"
    assert (due["due_on"], due["provisional"]) == ("2024-05-07", False)
    assert (due["explain"][0]["why"]["key"], due["explain"][-1]["count"]) == ("start", 5)
    assert whole["due_on"] == "2024-05-02"
