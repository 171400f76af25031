"""The documents of a dossier as rows, with those that were replaced and what is kept of their files."""

from datetime import date

from dossier_engine.catalogue import Catalogue
from dossier_engine.catalogue.labels import said
from dossier_engine.queries.documents import Recorded
from dossier_engine.shown import Row, Shown


def document(words: Catalogue, recorded: Recorded) -> Row:
    """A document as one entry recorded it."""
    file = recorded.file
    return {
        "seq": recorded.seq,
        "requirement": recorded.requirement,
        "document": Shown(recorded.item, words.keyed(said(words, recorded.document.label), recorded.item)),
        "number": recorded.number,
        "date": date.fromisoformat(recorded.date) if recorded.date else None,
        "void_seq": recorded.void_seq,
        "sha256": recorded.sha256,
        "kept": file is not None,
        "bytes": file.size if file else None,
        "media_type": file.media_type if file else None,
        "file_name": file.name if file else None,
    }
