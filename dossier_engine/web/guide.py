"""Help: for each role what is theirs to do, step by step, and what the words mean that the pages use."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from dossier_engine.api.call import Looking
from dossier_engine.catalogue import Catalogue, catalogue
from dossier_engine.errors import NoSuchAddress
from dossier_engine.records.access import roles_on
from dossier_engine.rules.authority import ROLES, SECOND_FACTOR
from dossier_engine.web.frame import Link
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

# Where each step of a role's work is done; what to do there is told by `[page.steps]` in the catalogues.
STEPS = {
    "commune_officer": ("/", "/ho-so", "/ho-so", "/ho-so", "/thong-bao"),
    "district_officer": ("/", "/ho-so", "/ho-so", "/han"),
    "district_reviewer": ("/", "/ho-so", "/ho-so", "/ho-so", "/han"),
    "dard_appraiser": ("/", "/ho-so", "/ho-so", "/ho-so", "/tien-do"),
    "sector_confirmer": ("/?muc=asked", "/ho-so", "/thong-bao"),
    "front_surveyor": ("/?muc=asked", "/ho-so", "/thong-bao"),
    "decision_clerk": ("/", "/ho-so", "/ho-so"),
    "steering_committee": ("/tien-do", "/y-kien", "/y-kien"),
    "auditor": ("/kiem-tra", "/kiem-tra", "/kiem-tra", "/ho-so"),
    "administrator": ("/nguoi-dung", "/nguoi-dung", "/quan-tri/do-phu", "/quan-tri/su-co", "/quan-tri/thu"),
}

# In the order of a dossier's life; each has its term and its meaning in `[page.glossary]`.
TERMS = (
    "dossier", "level", "self_assessment", "review", "appraisal", "recognition", "announcement", "revocation",
    "return", "posting", "survey", "confirmation", "receipt", "limit", "working_day", "holder", "pause", "escalation",
    "stalled", "checkpoint", "bundle",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field in both languages, and what it means in that of the page."""

    vi: str
    en: str
    meaning: str


@router.get("/huong-dan")
def overview(visit: Visiting) -> Response:
    """The ways to the help for each role, one's own first, and the words."""

    def question(looking: Looking) -> dict[str, Any]:
        own = roles_on(looking.session.connection(), looking.caller.person, looking.today)
        return {
            "own": [_link(looking.words, role) for role in ROLES if role in own],
            "others": [_link(looking.words, role) for role in ROLES if role not in own],
            "terms": terms(looking.words),
        }

    return visit.page("help/overview.html", question)


@router.get("/huong-dan/{role}")
def of_role(visit: Visiting, role: str) -> Response:
    """What somebody of that role does, step by step."""

    def question(looking: Looking) -> dict[str, Any]:
        if role not in STEPS:
            raise NoSuchAddress
        words = looking.words
        return {
            "role": role,
            "name": words.say(f"role.{role}"),
            "what": words.say(f"page.steps.{role}_what"),
            "steps": [
                Link(words.say(f"page.steps.{role}_{number}"), href) for number, href in enumerate(STEPS[role], 1)
            ],
            "needs_phone": role in SECOND_FACTOR,
        }

    return visit.page("help/role.html", question)


def terms(words: Catalogue) -> list[Term]:
    """The glossary."""
    vi, en = catalogue("vi"), catalogue("en")
    return [
        Term(vi.say(f"page.glossary.{key}"), en.say(f"page.glossary.{key}"), words.say(f"page.glossary.{key}_means"))
        for key in TERMS
    ]


def _link(words: Catalogue, role: str) -> Link:
    return Link(words.say(f"role.{role}"), f"/huong-dan/{role}")
