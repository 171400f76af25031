"""A clerk who writes without rest and notes on disk every entry that was acknowledged, until somebody kills him."""

import os
import random
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Row, select

from dossier_engine.commands.advance import Supplement
from dossier_engine.commands.desk import Receipt
from dossier_engine.demonstration.evidence import papers
from dossier_engine.errors import RequirementsUnmet
from dossier_engine.records.database import Database
from dossier_engine.records.tables import TABLES
from tests.makers import CAM_HUNG, LUONG_DIEN, Province, the_law

ON, SINCE = "2024-07-12", "2024-06-30"
OFFICERS = {CAM_HUNG: "xa", LUONG_DIEN: "xa2"}
YEARS = (2024, 2025, 2026)

_DOSSIER, _LOCALITY = TABLES["dossier"], TABLES["locality"]


def write(url: str, people: Mapping[str, str], notes: Path, seed: int) -> None:
    """One transaction after another; a line `stream seq leaf` in `notes` is on the disk once an entry is committed."""
    rng = random.Random(seed)
    province = Province(Database(url), dict(people), the_law(), rng)
    descriptor = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        for receipt in _next(province, rng.choice(list(OFFICERS)), rng.choice(YEARS), rng):
            os.write(descriptor, f"dossier/{receipt.dossier} {receipt.seq} {receipt.leaf}\n".encode())
            os.fsync(descriptor)


def _next(province: Province, locality: str, year: int, rng: random.Random) -> Iterator[Receipt]:
    """What comes next for the locality's dossier of that year, whatever a clerk before this one left behind."""
    officer, row = OFFICERS[locality], _open_dossier(province, locality, year)
    if row is None:
        yield province.register("huyen", locality, on=ON, year=year)
    elif rng.random() < 0.05:
        yield province.advance(row.code, officer, "withdraw", on=ON, reason="xin rút")
    elif row.state == "registered":
        try:
            yield province.advance(row.code, officer, "self_assess", on=ON)
        except RequirementsUnmet as refusal:
            yield from _supply(province, row.code, officer, rng.choice(refusal.unmet).key)
    else:
        asked = [r.key for r in province.law.named("commune-advanced").transitions["self_assess"].requires]
        lacking = tuple(Supplement(key, "cần bổ sung") for key in rng.sample(asked, 2))
        yield province.advance(row.code, "huyen", "return_to_commune", on=ON, reason="bổ sung", supplements=lacking)


def _supply(province: Province, code: str, officer: str, key: str) -> Iterator[Receipt]:
    workflow = province.law.named("commune-advanced")
    made = papers(
        workflow.requirements[key], on=date.fromisoformat(ON), since=date.fromisoformat(SINCE),
        criteria=workflow.criteria, offices={},
    )  # fmt: skip
    for items in made:
        yield province.record(code, officer, key, dict(items), on=ON)


def _open_dossier(province: Province, locality: str, year: int) -> "Row[tuple[str, str]] | None":
    query = (
        select(_DOSSIER.c.code, _DOSSIER.c.state)
        .join(_LOCALITY, _LOCALITY.c.id == _DOSSIER.c.locality)
        .where(_LOCALITY.c.code == locality, _DOSSIER.c.target_year == year, _DOSSIER.c.is_open)
    )
    with province.database.reading() as session:
        return session.execute(query).one_or_none()
