"""What is no note or checkpoint is refused in words that say why, and show no more of it than a line."""

import pytest

from dossier_engine.rules.note import Checkpoint, MalformedNoteError, Note

LINE = "— log.example/ntm AAAAAGE=\n"


@pytest.mark.parametrize(("data", "says"), [
    (b"te\xffxt\n\n" + LINE.encode(), "not UTF-8"),
    (f"text\n\n{LINE}{LINE}".encode(), "two signatures by one key"),
    (("text\n\n" + "".join(f"— w{n} AAAAAGE=\n" for n in range(101))).encode(), "101 signatures"),
    (f"text\n\n{'x' * 99}\n".encode(), f"not a signature line: '{'x' * 80}'"),
    (f"text\n\n— w {'é' * 99}\n".encode(), f"not base64: '{'é' * 80}'"),
    (f"text\n\n— w {'A' * 98}B=\n".encode(), f"not the base64 it should be: '{'A' * 80}'"),
    (f"text\n\n— {'+' * 99} AAAAAGE=\n".encode(), f"not a name: '{'+' * 80}'"),
])  # fmt: skip
def test_what_is_no_note_is_refused_in_words(data, says):
    with pytest.raises(MalformedNoteError) as caught:
        Note.parse(data)

    assert str(caught.value) == says


def test_what_is_no_checkpoint_is_refused_in_words():
    with pytest.raises(MalformedNoteError, match=r"^a checkpoint has three lines: origin, size, root$"):
        Checkpoint.parse("log.example\n")
