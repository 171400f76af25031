"""All the files for people, in the order in which they stand in a bundle."""

from collections.abc import Callable, Iterator

from dossier_engine.bundle.guide import guide
from dossier_engine.bundle.material import Material
from dossier_engine.bundle.ocel import ocel
from dossier_engine.bundle.sheet import sheet
from dossier_engine.bundle.standing import standings
from dossier_engine.bundle.tables import documents, events
from dossier_engine.bundle.telling import Teller
from dossier_engine.catalogue import Language, catalogue
from dossier_engine.rules.workflow import Workflow

Copy = tuple[str, Iterator[bytes]]
"""The name of a file, and its bytes in pieces: a bundle of everything does not fit in memory."""


def copies(material: Material, language: Language, picture: Callable[[Workflow], str]) -> Iterator[Copy]:
    """Every file with its content; `picture` draws a definition as SVG."""
    teller = Teller(catalogue(language), material)
    yield "LICH-SU.html", sheet(teller)
    yield "events.csv", events(teller)
    yield "dossier.json", standings(material)
    yield "documents.csv", documents(teller)
    yield "ocel.json", ocel(material)
    for definition in sorted(material.definitions.values(), key=lambda d: d.workflow.reference):
        name = f"workflow/{definition.workflow.reference}"
        yield f"{name}.svg", iter((f"{picture(definition.workflow)}\n".encode(),))
        yield f"{name}.yaml", iter((definition.content,))
    yield "HUONG-DAN-KIEM-TRA.txt", iter((guide(teller.words),))
