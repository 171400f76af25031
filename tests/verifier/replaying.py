"""A database's history judged entry by entry as the verifier judges a bundle's, without making a bundle."""

from dossier_engine.records.database import Database
from dossier_engine.verifier import filings
from dossier_engine.verifier.act import read
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.legal import Dossier
from dossier_engine.verifier.registers import Registers
from tests.verifier.forging import story_of


def replayed(database: Database) -> list[Finding]:
    """What is wrong with the registers and with each dossier by itself."""
    registers, found = Registers(), list[Finding]()
    entries = story_of(database).entries
    filed = [read(e) for stream, of in entries.items() if not stream.startswith("dossier/") for e in of]
    for act in filed:
        registers.file(act)
    for act in filed:
        found += filings.judge(registers, act)
    for stream, of in entries.items():
        if stream.startswith("dossier/"):
            dossier = Dossier(registers)
            for entry in of:
                found += dossier.judge(read(entry), entry)
    return found
