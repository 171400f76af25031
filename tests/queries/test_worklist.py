"""A line of a list."""

from dossier_engine.queries.listing import Filter, listing
from dossier_engine.records.scope import EVERYTHING
from tests.makers import Province, at


def test_a_date_beyond_the_calendar_hides_no_list(province: Province):
    code = province.register(year=2075).dossier

    with province.database.reading() as session:
        [line] = listing(session, province.law, EVERYTHING, Filter(), today=at("2024-04-20").date(), limit=10)

    assert line.code == code
    assert line.due_on is not None
    assert line.days_left is None
