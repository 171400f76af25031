"""My work: what my offices hold, what others hold that waits for something from them, and what was finished lately."""

import re

import pytest

from tests.web.crawling import Populated


def place(populated: Populated, name: str) -> str:
    [found] = [one for one in populated.dossiers if one.name == name]
    return f"/ho-so/{found.code}"


@pytest.mark.parametrize(
    ("handle", "held", "asked"),
    [
        ("so", ["at_department"], ["registered", "paused", "neighbour", "at_district", "district"]),
        ("so-y-te", ["report"], ["at_district", "at_department"]),
        ("mattran", [], ["at_district"]),
        ("thanhtra", [], []),
        ("xa", ["registered", "paused"], []),
    ],
)
def test_what_is_held_and_what_is_asked_for_are_two_lists(
    populated: Populated, handle: str, held: list[str], asked: list[str]
) -> None:
    visitor = populated.site.visitor(handle)

    seen = [
        {link for link in visitor.see(address).links if re.fullmatch(r"/ho-so/[A-Z]{2}-[^/]+", link)}
        for address in ("/", "/?muc=asked")
    ]

    assert seen == [{place(populated, name) for name in names} for names in (held, asked)]


def test_what_was_finished_in_the_last_thirty_days_is_a_list_of_its_own(populated: Populated) -> None:
    visitor = populated.site.visitor("so")

    assert place(populated, "recognised") in visitor.see("/?muc=done").links
