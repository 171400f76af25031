"""The files for people inside an audit bundle: the same history as the evidence beside them, in forms that can be read.

None of them is needed to verify anything, and none is believed by whoever verifies. The same material gives the same
bytes: no database, no clock.
"""

from dossier_engine.bundle.copies import copies
from dossier_engine.bundle.material import Definition, Material, Place, Seat

__all__ = ["Definition", "Material", "Place", "Seat", "copies"]
