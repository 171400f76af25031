import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier_engine.rules.names import closest, fold, sort_key

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯ àảãáạầẩẫấậằẳẵắặèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
names = st.text(st.sampled_from(VIETNAMESE), max_size=12)


# --- fold ---


@pytest.mark.parametrize("typed", ["hai duong", "Hải Dương", "HẢI DƯƠNG", unicodedata.normalize("NFD", "Hải Dương")])
def test_a_name_is_found_however_it_is_typed(typed) -> None:
    assert fold(typed) == "hai duong"


def test_either_place_of_the_tone_is_the_same_name() -> None:
    assert fold("Ứng Hòe") == fold("Ứng Hoè") == "ung hoe"


def test_d_with_stroke_folds_to_d() -> None:
    assert fold("ĐOÀN Thượng, Xã Đại Đức") == "doan thuong, xa dai duc"


def test_spaces_are_single_and_none_at_the_ends() -> None:
    assert fold("  Cẩm \u00a0 Hưng\n") == "cam hung"


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(text) -> None:
    assert fold(fold(text)) == fold(text)


@given(names)
def test_composed_and_decomposed_text_have_the_same_keys(name) -> None:
    decomposed = unicodedata.normalize("NFD", name)

    assert fold(decomposed) == fold(name)
    assert sort_key(decomposed) == sort_key(name)


# --- sort_key ---


@pytest.mark.parametrize(
    "in_order",
    [
        list("AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY"),
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["a", "A", "à", "À", "á", "ạ", "ă", "ằ", "ặ", "â", "ấ", "ậ"],
        ["Ái Quốc", "An", "An Lâm", "An Sơn", "Ăn", "Ân Thi", "Bình Dân"],
        ["Cẩm Đoài", "Cẩm Đông", "Cẩm Giang", "Cẩm Hoàng", "Cẩm Hưng"],
        ["Dân An", "Duy Tân", "Đại Đức", "Đức Chính", "Gia Lộc"],
        ["Hoà", "Hoá", "Hòa", "Hóa"],  # the later the tone, the lighter
        ["Hải", "Hải An", "Hải Dương", "Hai Trưng", "Hồng Phong"],
        ["Tân", "Tấn", "Tân Dân", "Tân Kỳ", "Thanh"],  # letters first, then tones
        ["", "10 Tháng Tám", "An"],
    ],
)
def test_names_stand_as_in_a_vietnamese_dictionary(in_order) -> None:
    assert sorted(set(in_order), key=sort_key) == in_order


def test_letters_of_the_whole_name_weigh_more_than_tones_and_tones_more_than_capitals() -> None:
    assert sort_key("bạ an") < sort_key("ba ăn")
    assert sort_key("Ba") < sort_key("bà")


@given(names)
def test_the_key_is_made_of_letters_and_digits_that_every_collation_orders_alike(name) -> None:
    assert set(sort_key(name)) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


@given(names, names)
def test_different_names_have_different_keys(one, other) -> None:
    one, other = (unicodedata.normalize("NFC", " ".join(name.split())) for name in (one, other))

    assert (sort_key(one) == sort_key(other)) == (one == other)


# --- closest ---

COMMUNES = ["Xã Cẩm Hưng", "Xã Cẩm Hoàng", "Xã Hồng Hưng", "Xã Hưng Đạo", "Xã Hồng Phong", "Xã Đức Chính"]


def test_the_same_letters_come_first_whatever_their_marks() -> None:
    assert closest("xa cam hung", COMMUNES)[0] == "Xã Cẩm Hưng"
    assert closest("XÃ ĐỨC CHÍNH", COMMUNES)[0] == "Xã Đức Chính"


def test_a_slip_of_the_finger_is_forgiven() -> None:
    assert closest("Xã Cẩm Hwng", COMMUNES)[0] == "Xã Cẩm Hưng"


def test_no_more_than_asked_for_and_each_name_once() -> None:
    assert closest("Xã Hồng Phong", ["Xã Hồng Phong", "Xã Hồng Phong", "Xã Hồng Hưng"], n=2) == [
        "Xã Hồng Phong",
        "Xã Hồng Hưng",
    ]


def test_nothing_is_suggested_when_nothing_is_near() -> None:
    assert closest("Quảng Ngãi", COMMUNES) == []
