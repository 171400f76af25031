"""Pictures of a workflow definition: a swimlane drawing for pages and print, Mermaid text for developers."""

from dossier_engine.queries.diagram.drawing import Captions, svg
from dossier_engine.queries.diagram.notation import mermaid

__all__ = ["Captions", "mermaid", "svg"]
