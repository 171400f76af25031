"""What makes the history of a site provable, and what alters it behind the engine's back."""

from config.rounds import integrate_round
from config.signing import Signing
from tests.rigs.attacks import Attack, unprotected
from tests.rigs.ownership import as_owner
from tests.web.site import Site


def signed(site: Site) -> str:
    """The log is signed from now on; the line of its key."""
    integrate_round(site.api.engine)
    told = []
    Signing.of(site.api.engine, told.append).round()
    [key] = [str(one.facts["public_key"]) for one in told if "public_key" in one.facts]
    return key


def alter(site: Site, attack: Attack) -> None:
    """Change the database as its owner can, past the application."""
    with as_owner(site.api.province.database) as owner, unprotected(owner) as conn:
        attack(conn)
