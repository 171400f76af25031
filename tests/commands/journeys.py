"""A dossier of every shipped definition in every state in which something falls due, and who hears of it there."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from dossier_engine.records.database import Database
from dossier_engine.records.migrations import upgrade
from tests.commands.conftest import STEPS
from tests.commands.test_advance_district import CAM_GIANG, COMMUNES
from tests.makers import CAM_HUNG, Province, a_province

# Beside the cast: deputies, heads who exercise their office's role or another, and somebody who stands in.
BESIDE = {
    "xa-pho": ("commune_officer", "ubnd-xa-10894", False),
    "xa-chutich": ("commune_officer", "ubnd-xa-10894", True),
    "lap-ho-so": ("district_officer", "ubnd-huyen-295", False),
    "huyen-chutich": ("district_officer", "ubnd-huyen-295", True),
    "so-giamdoc": ("dard_appraiser", "so-nong-nghiep-va-ptnt", True),
    "tinh-chutich": ("decision_clerk", "ubnd-tinh", True),
    "bcd-pho": ("steering_committee", "ban-chi-dao-tinh", False),
}
# Who sits in the offices that act on Cẩm Hưng's and Cẩm Giàng's dossiers, and who heads them.
SEATED = {
    "commune_officer": ({"xa", "xa-pho", "xa-chutich"}, {"xa-chutich"}),
    "district_officer": ({"lap-ho-so", "huyen-chutich"}, {"huyen-chutich"}),
    "district_reviewer": ({"huyen", "huyen-thay"}, {"huyen-chutich"}),
    "dard_appraiser": ({"so", "so-giamdoc"}, {"so-giamdoc"}),
    "decision_clerk": ({"vanthu", "tinh-chutich"}, {"tinh-chutich"}),
    "steering_committee": ({"bcd", "bcd-pho"}, set()),
}
# Who must act on a deadline: in each state its holder, and on what a requirement asks whoever records it.
RESPONSIBLE = {
    "commune": {"registered": "commune_officer", "self_assessed": "district_reviewer",
                "district_receipt": "district_reviewer", "district_reviewed": "dard_appraiser",
                "province_receipt": "dard_appraiser", "dard_appraised": "decision_clerk",
                "announcement": "district_reviewer"},
    "district": {"registered": "district_officer", "self_assessed": "district_reviewer",
                 "district_reviewed": "dard_appraiser", "dard_appraised": "decision_clerk",
                 "submitted_to_centre": "decision_clerk", "announcement": "decision_clerk"},
}  # fmt: skip


def _district_assessed(province: Province, code: str) -> None:
    province.bring(code, "self_assess", on="2024-07-20", since="2024-07-20", skip=("district_posting",))
    posted = {"period": {"from": "2024-07-20", "to": "2024-08-05"}}
    province.record(code, "lap-ho-so", "district_posting", posted, on="2024-08-05")
    province.advance(code, "lap-ho-so", "self_assess", on="2024-08-06")


def _district_reviewed(province: Province, code: str) -> None:
    province.bring(code, "review", on="2024-08-20", since="2024-08-06")
    province.advance(code, "huyen", "review", on="2024-08-20")


def _district_appraised(province: Province, code: str) -> None:
    province.bring(code, "appraise", on="2024-08-21", since="2024-08-21", skip=("province_posting",))
    posted = {"period": {"from": "2024-08-21", "to": "2024-09-06"}}
    province.record(code, "so", "province_posting", posted, on="2024-09-06")
    province.advance(code, "so", "appraise", on="2024-09-06")


def _submitted(province: Province, code: str) -> None:
    province.bring(code, "submit", on="2024-09-10", since="2024-09-06")
    province.advance(code, "vanthu", "submit", on="2024-09-10")


def _district_recognized(province: Province, code: str) -> None:
    province.bring(code, "recognize", on="2024-12-02", since="2024-09-06")
    province.advance(code, "vanthu", "recognize", on="2024-12-02")


Step = Callable[[Province, str], None]
BY_COMMUNE: dict[str, Step] = {state: step for state, step in STEPS.items() if state != "registered"}
BY_DISTRICT: dict[str, Step] = {
    "self_assessed": _district_assessed, "district_reviewed": _district_reviewed,
    "dard_appraised": _district_appraised, "submitted_to_centre": _submitted, "recognized": _district_recognized,
}  # fmt: skip
JOURNEYS = {"commune-advanced": BY_COMMUNE, "commune-model": BY_COMMUNE, "district-advanced": BY_DISTRICT}
CODES = {
    "commune-advanced": "HD-2024-NC-0001",
    "commune-model": "HD-2024-KM-0001",
    "district-advanced": "HD-2024-HNC-0001",
}


class Journeys:
    """Databases of each definition and state, made when first asked for and copied for each case."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made: dict[tuple[str, str], Path] = {}
        self._province: Province | None = None

    @contextmanager
    def standing(self, name: str, state: str, folder: Path) -> Iterator[Province]:
        """A province of the case's own in which the dossier of the definition stands in that state."""
        template = self._file(name, state)
        assert self._province is not None
        province = self._on(Path(shutil.copy(template, folder / "case.db")))
        yield province
        province.database.close()

    def _file(self, name: str, state: str) -> Path:
        if (name, state) not in self._made:
            states = ["registered", *JOURNEYS[name]]
            before = states[states.index(state) - 1] if state != "registered" else None
            file = self.folder / f"{name}-{state}.db"
            shutil.copy(self._beginning() if before is None else self._file(name, before), file)
            province = self._on(file)
            if before is None:
                _register(province, name)
            else:
                JOURNEYS[name][state](province, CODES[name])
            province.database.close()
            self._made[name, state] = file
        return self._made[name, state]

    def _beginning(self) -> Path:
        file = self.folder / "beginning.db"
        if self._province is None:
            database = Database(f"sqlite:///{file}")
            upgrade(database)
            self._province = a_province(database)
            populate(self._province)
            database.close()
        return file

    def _on(self, file: Path) -> Province:
        assert self._province is not None
        return replace(self._province, database=Database(f"sqlite:///{file}"), rng=random.Random(file.name))


def populate(province: Province) -> None:
    """More people in the offices, everybody with an address, and what the definitions ask before a registration."""
    for handle, (role, office, head) in BESIDE.items():
        province.appoint(handle, role, office, head=head)
    province.appoint("huyen-thay", "district_reviewer", "ubnd-huyen-295", until="2025-12-31", instead_of="huyen")
    province.addressed()
    province.recognised("ntm", (CAM_GIANG, "Huyện Cẩm Giàng"))
    province.recognised("advanced", (CAM_HUNG, "Xã Cẩm Hưng"), *COMMUNES[1:])


def _register(province: Province, name: str) -> None:
    if name == "district-advanced":
        province.register("lap-ho-so", CAM_GIANG, workflow=name)
    else:
        province.register(workflow=name)
