"""Passwords: what is refused, and that what is merely unusual is not."""

import unicodedata

import pytest

from dossier_engine.errors import BadInput
from dossier_engine.rules.passwords import check_password

PERSONAL = ["xa.cam-hung", "Phạm Thị Hoa", "Phạm", "Thị", "Hoa", "Ủy ban nhân dân xã Cẩm Hưng", "Cẩm Hưng"]

GOOD = [
    "con trâu gặm ba cái ghế",
    "Nắng nhuộm vàng 7 mái ngói",
    "thuyen giay noi lenh denh",
    "zebra kettle monsoon",
    "k8#vTq2!mZx9",
    "918273640517",
    "                 a b",
    "hoax9vk2mwp4lan",
    "🌾🚜🐃 lúa chín rồi ạ",
    "x" + "tc7lnv4gbp0" * 11 + "qrstuv",
]


@pytest.mark.asvs("V6.2.5")
@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_any_composition_is_taken(password):
    assert check_password(password, PERSONAL) == unicodedata.normalize("NFC", password)


def test_however_a_keyboard_composes_letters_it_is_the_same_password():
    composed = "nắng nhuộm vàng mái ngói"

    assert check_password(unicodedata.normalize("NFD", composed), ()) == composed


@pytest.mark.asvs("V6.2.1")
@pytest.mark.parametrize(
    ("why", "password"),
    [
        ("password_short", ""),
        ("password_short", "k8#vTq2!mZx"),
        ("password_short", unicodedata.normalize("NFD", "ngôôộốồổỗ")),  # nine letters, more code points
        ("password_long", "con trâu gặm ba cái ghế" * 5 + "k8#vTq2!mZx9qw"),
        ("not_text", "con trâu\x00 gặm ba"),
        ("not_text", "con trâu\ud800 gặm ba"),
        ("password_personal", "toi la xa.cam-hung day"),
        ("password_personal", "XACAMHUNG ve dem khuya"),
        ("password_personal", "làng CẨM HƯNG mùa lúa"),
        ("password_personal", "c4m-hun9 c@mhung dem"),
        ("password_personal", "chị Phạm ở cuối làng kia"),
        ("password_repeats", "aaaaaaaaaaaa"),
        ("password_repeats", "k8#vTqk8#vTq"),
        ("password_repeats", "trâu trâu trâu tr"),
        ("password_common", "matkhau12345"),
        ("password_common", "Mật khẩu 2024!"),
        ("password_common", "MATKHAU@2025#"),
        ("password_common", "m@tkh4u123456"),
        ("password_common", "anhyeuem1990!!"),
        ("password_common", "Anh Yêu Em 99 !"),
        ("password_common", "nongthonmoi2024"),
        ("password_common", "NôngThônMới@2025"),
        ("password_common", "haiduong2024!!"),
        ("password_common", "Hải Dương nông thôn mới"),
        ("password_common", "ubnd.haiduong.2024"),
        ("password_common", "P@ssw0rd2024"),
        ("password_common", "passwordpass"),
        ("password_common", "123456789012"),
        ("password_common", "098765432109"),
        ("password_common", "qwertyuiop12"),
        ("password_common", "asdfghjkl;123"),
        ("password_common", "abcdefghijkl"),
        ("password_common", "1qaz2wsx3edc"),
        ("password_common", "!!!welcome!!!2024"),
        ("password_common", "iloveyou3000"),
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused_and_never_repeated_to_anybody(why, password):
    with pytest.raises(BadInput) as refused:
        check_password(password, PERSONAL)

    assert refused.value.facts == {"field": "password", "value": "", "why": why}


def test_names_of_three_letters_are_in_too_many_words_to_be_refused():
    assert check_password("hoa trong khu rung dem", ["Hoa"])


@pytest.mark.asvs("V6.2.1")
def test_the_shortest_and_the_longest_are_taken():
    for length in (12, 128):
        assert check_password(("k8#vTq2!mZx9wPb" * 9)[: length - 1] + "ạ", ())
