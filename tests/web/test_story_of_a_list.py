"""What a district does with a list of registrations: bring it, see what is wrong, mend it, confirm, come again."""

from pathlib import Path

import pytest

from tests.files.sheets import EIGHT, a_sheet, spoil_eight
from tests.web.reading_room import Person, Room

FAULTS = (
    "Cẩm Hoan", "Hồng Phong", "Ngäc Liªn", "xuất sắc", "31/02/2024", "Đã tự sửa 1 ô (dòng 4)",
)  # fmt: skip


def brings(person: Person, file: Path, content: bytes) -> None:
    """Choose the file and let it be checked."""
    file.write_bytes(content)
    person.open("/nhap")
    person.page.get_by_label("Tệp danh sách").set_input_files(file)
    person.press("Kiểm tra")


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["mouse", "no script"])
def test_a_list_with_eight_faults_is_mended_opened_and_known_when_it_comes_again(people: Room, tmp_path: Path, way):
    people.has_account("huyen")
    officer = people.comes("huyen", way, "/ho-so/moi")
    officer.follow("Đăng ký nhiều xã bằng một tệp Excel")

    brings(officer, tmp_path / "danh sách.xlsx", a_sheet(*EIGHT, spoilt=spoil_eight))
    assert officer.page.title().startswith("Lỗi:")
    officer.reads("Có 7 chỗ cần sửa. Chưa hồ sơ nào được mở.", *FAULTS)
    rows = [row.locator("td").first.inner_text() for row in officer.page.locator("tbody tr").all()]
    assert rows == ["5", "6", "7", "8", "9", "10", "12"]

    brings(officer, tmp_path / "danh sách sửa.xlsx", a_sheet(*EIGHT))
    officer.reads("Chưa hồ sơ nào được mở")
    officer.press("Mở 8 hồ sơ")
    officer.reads("8 hồ sơ đã được đăng ký.", "HD-2024-NC-0008")
    officer.page.reload()
    officer.reads("8 hồ sơ đã được đăng ký.")

    brings(officer, tmp_path / "danh sách sửa.xlsx", a_sheet(*EIGHT))
    officer.reads("Có 8 chỗ cần sửa", "HD-2024-NC-0001", "HD-2024-NC-0008")
    assert officer.page.locator("tbody tr").filter(has_text="đã đăng ký").count() == 8
