"""Dossiers that stand before a step, and the pages by which it is taken."""

from dossier_engine.commands.desk import stream_of
from dossier_engine.queries.trail import trail
from tests.makers import CAM_HUNG, Province
from tests.web.site import Read, Visitor


def registered(province: Province) -> str:
    return province.register(on="2024-04-01").dossier


def ready(province: Province) -> str:
    code = registered(province)
    province.bring(code, "self_assess", on="2024-04-19", since="2024-04-08")
    return code


def assessed(province: Province) -> str:
    code = ready(province)
    province.advance(code, "xa", "self_assess", on="2024-04-19")
    return code


def submitted(province: Province, subject: str = CAM_HUNG) -> str:
    """A dossier that has been with the district since 5 July, to be passed on by 19 August."""
    code = province.register("huyen", subject, on="2024-06-03").dossier
    province.bring(code, "self_assess", on="2024-07-05", since="2024-06-24")
    province.advance(code, "xa", "self_assess", on="2024-07-05")
    return code


def step(code: str, transition: str) -> str:
    return f"/ho-so/{code}/buoc/{transition}"


def entries(province: Province, code: str) -> int:
    with province.database.reading() as session:
        return len(trail(session, stream_of(code)))


def told(page: Read) -> str:
    return page.text.partition("English")[0]


def checked(visitor: Visitor, address: str, **given: str) -> Read:
    return visitor.fill(visitor.see(address), address, {**given, "do": "check"})
