"""Mail into a folder."""

from email import message_from_bytes
from email.policy import default

import pytest

from dossier_engine.channels.folder import Folder
from dossier_engine.commands.deliver import Verdict
from dossier_engine.errors import ChannelDown
from tests.channels.letters import a_letter

SENDER = "dossier@localhost"


def test_each_mail_is_a_file_and_one_that_is_sent_again_is_the_same_file(tmp_path):
    with Folder(tmp_path / "new" / "mail", SENDER).opened() as send:
        verdicts = [send(a_letter(seal="a")), send(a_letter(seal="b")), send(a_letter(seal="a"))]

    assert verdicts == [Verdict("sent")] * 3
    written = sorted(file.name for file in (tmp_path / "new" / "mail").iterdir())
    assert written == ["20240724-a.eml", "20240724-b.eml"]
    read = message_from_bytes((tmp_path / "new" / "mail" / "20240724-a.eml").read_bytes(), policy=default)
    assert read["Subject"] == a_letter().mail.subject


def test_a_folder_that_cannot_be_made_is_a_door_that_is_shut(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(ChannelDown) as refusal, Folder(tmp_path / "file" / "mail", SENDER).opened():
        pass

    assert refusal.value.facts["why"] == "cannot_write"


def test_a_mail_that_cannot_be_written_is_tried_again_and_one_that_cannot_be_made_is_not(tmp_path):
    with Folder(tmp_path, SENDER).opened() as send:
        lost = send(a_letter(seal="no/such/folder"))
        wrong = send(a_letter("not an address"))

    assert (lost.word, wrong.word) == ("again", "refused")
