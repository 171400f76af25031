"""What racers try, on dossiers brought to where it can be tried, and what came of it."""

from collections import Counter
from collections.abc import Sequence

from dossier_engine.commands.advance import Advance, Supplement, advance
from dossier_engine.commands.desk import Receipt
from dossier_engine.commands.record import Record, record
from dossier_engine.commands.register import Register, register
from dossier_engine.queries.audit import verify
from tests.makers import CAM_HUNG, Province
from tests.rigs.racing import Result, Try

ON = "2024-07-12"
LACKING = (Supplement("commune_vote", "biên bản thiếu chữ ký"),)


def kinds(results: Sequence[Result]) -> Counter[str]:
    """How often each kind of result came; an unexpected error is told in full."""
    return Counter(each if isinstance(each, str) else type(each).__name__ for each in results)


def assert_intact(province: Province) -> None:
    with province.database.reading() as session:
        assert verify(session, province.law).findings == ()


def ready_to_assess(province: Province, locality: str = CAM_HUNG) -> str:
    code = province.register(subject=locality, on="2024-04-15").dossier
    province.bring(code, "self_assess", on="2024-07-10", since="2024-06-30")
    return code


def sent_back(province: Province, code: str, on: str = ON) -> None:
    """The dossier returned to the commune and its list of supplements answered: ready to assess once more."""
    province.advance(code, "huyen", "return_to_commune", on=on, reason="thiếu biên bản", supplements=LACKING)
    province.record(code, "xa", "commune_vote", {"vote": {"agree": 18, "present": 20}}, on=on)


def withdraw(province: Province, code: str, *, handle: str = "xa", on: str = ON) -> None:
    """Out of the way, so that the same locality can register again."""
    province.advance(code, handle, "withdraw", on=on, reason="xin rút")


def opened(results: Sequence[Result]) -> list[str]:
    """The codes in the receipts, in the order of the tries."""
    return [each.dossier for each in results if isinstance(each, Receipt)]


def vote(province: Province, code: str, agree: int, key: str) -> Try:
    items = {"vote": {"agree": agree, "present": 20}}
    order = Record(dossier=code, requirement="commune_vote", items=items, act=province.act("xa", key=key))
    return Try(record, order, ON)


def move(province: Province, code: str, handle: str, transition: str, *, on: str = ON, **asked: object) -> Try:
    order = Advance(dossier=code, transition=transition, act=province.act(handle, reason="đủ điều kiện", **asked))
    return Try(advance, order, on)


def registration(province: Province, handle: str, year: int, locality: str = CAM_HUNG, key: str | None = None) -> Try:
    order = Register(workflow="commune-advanced", subject=locality, target_year=year, act=province.act(handle, key=key))
    return Try(register, order, ON)
