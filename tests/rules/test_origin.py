"""Names of logs: the same name, counted on."""

import pytest

from dossier_engine.rules.origin import following, number


def test_the_log_that_follows_has_the_same_name_and_the_next_number():
    assert following("dossier-log/abcd/1") == "dossier-log/abcd/2"
    assert following("dossier-log/abcd/9") == "dossier-log/abcd/10"
    assert number("dossier-log/abcd/10") == 10


@pytest.mark.parametrize("name", ["", "abcd", "/1", "abcd/", "abcd/0", "abcd/01", "abcd/-1", "abcd/1\n", "abcd/1/x"])
def test_another_name_is_no_log_of_ours(name):
    with pytest.raises(ValueError, match="not the name of a log"):
        following(name)
