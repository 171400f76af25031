"""Appointments that end on one day of June."""

from typing import Any

from tests.commands.looking import rows
from tests.makers import CAM_HUNG, Province

COMMITTEE = f"ubnd-xa-{CAM_HUNG}"
IT = "bo-phan-cong-nghe-thong-tin"
TODAY = "2024-06-03"


def end(province: Province, handle: str = "xa", role: str = "commune_officer", office: str = COMMITTEE,
        **asked: Any) -> list[str]:  # fmt: skip
    """An appointment ended today by the administrator; the handles of those whose delegations ended with it."""
    return province.end(handle, role, office, **({"on": TODAY} | asked))


def period(province: Province, handle: str) -> list[tuple[str, str | None, bool]]:
    """First and last day of each appointment of the person, and whether it was ended."""
    found = [r for r in rows(province, "appointment") if r["person"] == province.people[handle]]
    return [(str(r["valid_from"]), r["valid_to"] and str(r["valid_to"]), r["ended"]) for r in found]
