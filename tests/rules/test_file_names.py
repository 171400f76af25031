"""What a kept file is called: no name, however hostile, gets out of its place in a header or on a screen."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dossier_engine.rules.file_names import LONGEST, attachment, called, download_name

PDF, JPEG = "application/pdf", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {PDF: (".pdf",), JPEG: (".jpg", ".jpeg"), DOCX: (".docx",)}
# RFC 6266 with the quoted-string and the ext-value of RFC 8187, and nothing behind them.
HEADER = re.compile(
    r"attachment; filename=\"([^\"\\%;\x00-\x1f\x7f-\U0010ffff]+)\"; filename\*=UTF-8''([\w!#$&+.^`|~%-]+)", re.ASCII
)
HOSTILE = st.text(st.characters() | st.sampled_from('\r\n\0"\\;%/:\u202e\u2066\u200f\u2028\ufeff\u0301'), max_size=400)

each_hostile = given(HOSTILE)


@pytest.mark.asvs("V5.4.1")
def test_a_name_stays_what_the_person_called_it():
    assert called("Báo cáo tự đánh giá (lần 2).pdf") == "Báo cáo tự đánh giá (lần 2).pdf"
    assert called(unicodedata.normalize("NFD", "Đề nghị.pdf")) == "Đề nghị.pdf"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("hóa đơn\u202efdp.exe", "hóa đơnfdp.exe"),
        ("  a \t b\u00a0c ", "a b c"),
        ("\ud83d.pdf", ".pdf"),
        ("a\ue000\U000e0041\u0378.pdf", "a.pdf"),
        ("", ""),
    ],
)
def test_what_nobody_sees_is_taken_out_of_a_name(name, shown):
    assert called(name) == shown


@each_hostile
@example("x" * 149 + " " + "y")
def test_a_name_is_short_composed_and_printable(name):
    shown = called(name)

    assert len(shown) <= LONGEST
    assert shown.isprintable()
    assert unicodedata.is_normalized("NFC", shown)
    assert called(shown) == shown


@pytest.mark.parametrize(
    ("name", "media_type", "saved"),
    [
        ("Báo cáo.pdf", PDF, "Báo cáo.pdf"),
        ("ảnh.JPEG", JPEG, "ảnh.JPEG"),
        ("trang.html", JPEG, "trang.html.jpg"),
        ("báo cáo.docm", DOCX, "báo cáo.docm.docx"),
        ("../../etc/passwd", PDF, "_.._etc_passwd.pdf"),
        (r"C:\Users\a.pdf", PDF, "C__Users_a.pdf"),
        (".bashrc", PDF, "bashrc.pdf"),
        ("...", PDF, "document.pdf"),
        ("", PDF, "document.pdf"),
    ],
)
def test_a_download_is_saved_as_what_it_is(name, media_type, saved):
    assert download_name(name, media_type) == saved


def test_a_header_has_an_ascii_name_for_old_browsers_and_the_whole_one():
    told = attachment('Đề nghị "số 5"; 100%.pdf', PDF)

    assert told == (
        'attachment; filename="De nghi _so 5__ 100_.pdf"; '
        "filename*=UTF-8''%C4%90%E1%BB%81%20ngh%E1%BB%8B%20_s%E1%BB%91%205_%3B%20100%25.pdf"
    )


@each_hostile
@example('a"; filename="b.exe')
@example("a\r\nX-Evil: 1")
@example("a%22; filename*=UTF-8''b.exe")
def test_no_name_gets_out_of_its_header(name):
    for media_type, extensions in TYPES.items():
        header = HEADER.fullmatch(attachment(name, media_type))

        assert header is not None
        old, whole = header[1], unquote(header[2], errors="strict")
        assert whole == download_name(name, media_type)
        for saved in (old, whole):
            assert saved.lower().endswith(extensions)
            assert saved.isprintable()
            assert not set(saved) & set('/\\:*?"<>|')
            assert not saved.startswith(".")
