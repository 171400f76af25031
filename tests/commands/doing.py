"""Something of each command that a self-assessed dossier takes, for what all of them have in common."""

from typing import Any

import pytest

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.desk import Receipt
from dossier_engine.rules.requirements import Value
from tests.commands.conftest import CODE, Standing
from tests.makers import Province

COMMANDS = ("advance", "record", "pause", "resume", "extend")
each_command = pytest.mark.parametrize("command", COMMANDS)
LACKING = (Supplement("commune_vote", "biên bản thiếu chữ ký"),)
VOTE: dict[str, Value] = {"vote": {"agree": 18, "present": 20}}


def do(province: Province, command: str, *, by: str | None = None, on: str = "2024-08-01", code: str = CODE,
       **asked: Any) -> Receipt:  # fmt: skip
    """Something of each command that a self-assessed dossier takes; who does it can be changed."""
    match command:
        case "advance":
            return province.advance(code, by or "huyen", "return_to_commune", on=on, supplements=LACKING, **asked)
        case "record":
            return province.record(code, by or "huyen", "district_vote", VOTE, on=on, **asked)
        case "pause":
            return province.pause(code, by or "huyen", on=on, **asked)
        case "resume":
            return province.resume(code, by or "huyen", on=on, **asked)
        case _:
            return province.extend(code, by or "so", "2024-09-30", on=on, dated="2024-07-11", **asked)


def ready_for(standing: Standing, command: str) -> Province:
    province = standing("self_assessed")
    if command == "resume":
        province.pause(CODE, "huyen", on="2024-07-20")
    return province
