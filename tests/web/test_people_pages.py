"""Administrators' pages about people: who there is, appointments, delegations, invitations, who could act."""

import pytest

from dossier_engine.queries.trail import trail
from tests.makers import CAM_HUNG
from tests.web.site import Fields, Site

OFFICE = f"ubnd-xa-{CAM_HUNG}"
FROM = {"from-day": "22", "from-month": "4", "from-year": "2024"}
TO = {"to-day": "30", "to-month": "4", "to-year": "2024"}


def recorded(site: Site) -> list[tuple[str, object, object]]:
    """What history says of people since the beginning: the act, who did it, and to whom."""
    with site.api.province.database.reading() as session:
        return [(h.kind, h.who, h.entry["body"]["person"]) for h in trail(session, "people")]


def named(handle: str, page_links: list[str], what: str) -> str:
    [address] = [link for link in page_links if link.startswith(f"/nguoi-dung/{handle}/{what}?")]
    return address


def test_people_are_found_by_a_part_of_their_name_without_accents(site: Site):
    site.api.province.appoint("nguyen.van.duong", "commune_officer", OFFICE)
    admin = site.visitor("quantri")

    found = admin.see("/nguoi-dung?q=DUONG%20(minh")
    nobody = admin.see("/nguoi-dung?q=kh%C3%B4ng+ai+ca")

    assert [link for link in found.links if link.startswith("/nguoi-dung/")] == ["/nguoi-dung/nguyen.van.duong"]
    assert "Không tìm thấy ai" in nobody.text


def test_the_list_goes_on_page_by_page(site: Site, monkeypatch):
    monkeypatch.setattr("dossier_engine.web.people._PAGE", 3)
    admin = site.visitor("quantri")

    seen: list[str] = []
    path = "/nguoi-dung?q=minh"
    while path:
        page = admin.see(path)
        seen += [link for link in page.links if link.startswith("/nguoi-dung/")]
        path = next((link for link in page.links if "cursor=" in link), "")

    assert len(seen) == len(set(seen)) == len(site.api.province.people)


@pytest.mark.parametrize("path", ["/nguoi-dung", "/nguoi-dung/xa", "/nguoi-dung/xa/phan-cong", "/quan-tri/do-phu"])
def test_whoever_does_not_administer_is_told_who_does(site: Site, path: str):
    officer = site.visitor("xa")

    page = officer.see(path, 403)

    assert "quản trị viên" in page.text
    assert not any(link.startswith("/nguoi-dung") for link in officer.see("/").links)


def test_auditors_look_at_people_and_change_nothing(site: Site):
    auditor = site.visitor("thanhtra")

    page = auditor.see("/nguoi-dung/xa")
    token = page.forms[0].fields["form_token"]
    sent = auditor.send("/nguoi-dung/xa/moi", {"form_token": token})

    assert not any("/nguoi-dung/xa/" in form.action for form in page.forms)
    assert not any("/nguoi-dung/xa/" in link for link in page.links)
    assert sent.status_code == 403


def test_an_appointment_is_made_and_ended_and_history_says_so(site: Site):
    admin, people = site.visitor("quantri"), site.api.province.people
    choosing = admin.see("/nguoi-dung/xa2/phan-cong")
    form = admin.see("/nguoi-dung/xa2/phan-cong?role=commune_officer")

    made = admin.fill(form, "/phan-cong", {"office": OFFICE, "reason": "QĐ 7", **FROM})
    ending = admin.see(next(link for link in made.links if f"office={OFFICE}" in link and "/ket-thuc?" in link))
    ended = admin.fill(ending, "/ket-thuc", {})

    assert "Vai trò" in choosing.text
    assert "22/04/2024" in made.text
    assert "Đã kết thúc" in ended.text
    assert recorded(site)[-2:] == [
        ("appointed", "quantri (minh họa)", people["xa2"]),
        ("appointment_ended", "quantri (minh họa)", people["xa2"]),
    ]


def test_a_second_click_does_nothing_twice_and_shows_the_same(site: Site):
    admin = site.visitor("quantri")
    form = admin.see("/nguoi-dung/xa2/phan-cong?role=commune_officer")
    given = {"office": OFFICE, **FROM}

    made, again = (admin.fill(form, "/phan-cong", given) for _ in range(2))
    longer = admin.fill(form, "/phan-cong", {**given, **TO}, 422)
    ending = admin.see(next(link for link in made.links if f"office={OFFICE}" in link and "/ket-thuc?" in link))
    ended, once_more = (admin.fill(ending, "/ket-thuc", {}) for _ in range(2))

    assert made.text == again.text
    assert "đã có phân công như vậy" in longer.text
    assert ended.text == once_more.text
    assert [kind for kind, _, _ in recorded(site)[-2:]] == ["appointed", "appointment_ended"]


def test_only_offices_in_which_the_role_is_held_can_be_chosen_and_communes_name_their_district(site: Site):
    answer = site.visitor("quantri").client.get("/nguoi-dung/xa2/phan-cong?role=commune_officer")

    assert f'value="{OFFICE}"' in answer.text
    assert "Cẩm Giàng" in answer.text
    assert 'value="ubnd-huyen-295"' not in answer.text


def test_what_is_wrong_is_told_beside_what_was_typed(site: Site):
    admin = site.visitor("quantri")
    form = admin.see("/nguoi-dung/xa2/phan-cong?role=commune_officer")

    nowhere = admin.fill(form, "/phan-cong", FROM, 422)
    wrong = admin.fill(
        form, "/phan-cong", {"office": OFFICE, "from-day": "31", "from-month": "2", "from-year": "2024"}, 422
    )

    fields: Fields = next(f.fields for f in wrong.forms if f.action.endswith("/phan-cong"))
    assert wrong.title.startswith("Lỗi: ")
    assert "#office" in nowhere.links
    assert "#from" in wrong.links
    assert (fields["office"], fields["from-day"]) == ([OFFICE], ["31"])


def test_somebody_stands_in_for_a_period_and_loses_it_with_the_appointment(site: Site):
    admin = site.visitor("quantri")
    page = admin.see("/nguoi-dung/xa")
    form = admin.see(named("xa", page.links, "lam-thay"))

    unknown = admin.fill(form, "/lam-thay", {"handle": "nobody", **FROM, **TO}, 422)
    done = admin.fill(form, "/lam-thay", {"handle": "xa2", **FROM, **TO})
    admin.fill(admin.see(named("xa", page.links, "ket-thuc")), "/ket-thuc", {})

    assert "#handle" in unknown.links
    assert "30/04/2024" in done.text
    assert [kind for kind, _, _ in recorded(site)[-3:]] == ["appointed", "appointment_ended", "appointment_ended"]


def test_an_invitation_is_shown_once_with_what_comes_next(site: Site):
    admin = site.visitor("quantri")

    shown = admin.fill(admin.see("/nguoi-dung/xa"), "/nguoi-dung/xa/moi", {})
    [address] = [word for word in shown.text.split() if "/moi?ma=" in word]

    assert "trao tận tay" in shown.text
    assert "/moi?ma=" not in admin.see("/nguoi-dung/xa").text
    assert "xa (minh họa)" in site.visitor().see(address.removeprefix(site.api.url)).text


def test_all_sessions_of_somebody_are_ended(site: Site):
    admin, officer = site.visitor("quantri"), site.visitor("xa")

    told = admin.fill(admin.see("/nguoi-dung/xa"), "/ket-thuc-phien", {})

    assert "Số phiên đã kết thúc: 1" in told.text
    assert officer.see("/").title.startswith("Đăng nhập")


def test_a_newcomer_is_added_and_is_to_be_appointed_next(site: Site):
    admin = site.visitor("quantri")
    form = admin.see("/quan-tri/them-nguoi")

    wrong = admin.fill(form, "/them-nguoi", {"name": "Bùi Thị Mới", "handle": "Bùi Thị"}, 422)
    added = admin.fill(form, "/them-nguoi", {"name": "Bùi Thị Mới", "handle": "bui.thi.moi"})

    assert "#handle" in wrong.links
    assert added.title.startswith("Bùi Thị Mới")
    assert "Chưa được phân công" in added.text


def test_dossiers_on_which_nobody_could_act_are_listed_until_somebody_can(site: Site):
    code = site.api.province.register().dossier
    admin = site.visitor("quantri")
    before = admin.see("/quan-tri/do-phu")

    site.api.province.end("xa", "commune_officer", OFFICE, on="2024-04-20")
    after = admin.see("/quan-tri/do-phu")

    assert "Mọi hồ sơ đang mở đều có người" in before.text
    assert f"/ho-so/{code}" in after.links
