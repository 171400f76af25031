"""What nobody can put into a mail's headers, whatever they are called and wherever they say they are reached."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dossier_engine.channels.message import message
from dossier_engine.commands.people import _check_address
from dossier_engine.errors import BadInput
from tests.channels.letters import a_letter

SENDER = "ntm@example.vn"
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version",
}  # fmt: skip
WORDS = ("Nộp", "tự", "đánh", "giá", "xã", "Cẩm", "Hưng", "10", "ngày", "làm")
HOSTILE = st.text(
    st.one_of(st.sampled_from('\r\n\0\x0b\x0c\x1c\x85\u2028\u2029:;,<>@"\\$ '), st.characters()), max_size=120
)


@pytest.mark.asvs("V1.3.11")
@pytest.mark.slow
@settings(max_examples=1_000)
@given(name=HOSTILE, subject=HOSTILE)
@example(name="Hoa\r\nBcc: evil@example.org", subject="x\r\n\r\n<script>")
@example(name="Hoa\nBcc: evil@example.org", subject="x\x85Bcc: evil@example.org")
def test_a_hostile_name_or_subject_adds_no_header_and_no_addressee(name, subject):
    made = message(a_letter(name=name, subject=subject), SENDER)

    read = message_from_bytes(made, policy=default)
    assert {*read.keys()} <= HEADERS
    assert len(read.keys()) == len(set(read.keys()))
    assert [a.addr_spec for a in read["To"].addresses] == ["xa@example.vn"]
    assert read.get_body(("plain",)).get_content().splitlines() == a_letter().mail.text.splitlines()


@pytest.mark.asvs("V1.3.11")
@settings(max_examples=1_000)
@given(local=HOSTILE, domain=HOSTILE)
@example(local="a\r\nBcc", domain="example.vn")
@example(local="a,b", domain="example.vn")
@example(local='"a b"', domain="example.vn")
@example(local="a", domain="example.vn>\nRCPT TO:<evil@example.org")
def test_an_address_that_is_taken_is_one_plain_addressee(local, domain):
    address = f"{local}@{domain}"
    try:
        _check_address(address)
    except BadInput:
        return

    read = message_from_bytes(message(a_letter(address), SENDER), policy=default)
    assert [a.addr_spec for a in read["To"].addresses] == [address]


@pytest.mark.parametrize("address", ["a@b.vn", "nguyen.thi-hoa+ntm@haiduong.gov.vn", "x_1@sub.example.org"])
def test_ordinary_addresses_are_taken(address):
    _check_address(address)


@settings(max_examples=300)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=40))
def test_a_subject_arrives_word_for_word_however_long_it_is(words):
    subject = " ".join(words)

    made = message(a_letter(subject=subject, name=subject), SENDER)

    read = message_from_bytes(made, policy=default)
    assert read["Subject"] == subject
    # Python's own reader of addresses puts a space between two words that were cut; the older one does not.
    [(name, _)] = getaddresses([message_from_bytes(made)["To"]])
    assert str(make_header(decode_header(name))) == subject
    assert max(map(len, made.split(b"\r\n"))) <= 998
