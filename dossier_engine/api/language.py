"""The language that a request asks for."""

from fastapi import Request

from dossier_engine.catalogue import Catalogue, Language, catalogue


def spoken(request: Request) -> Catalogue:
    """The words to answer with: English only where it is preferred to Vietnamese (`Accept-Language`)."""
    return catalogue(preferred(request.headers.get("accept-language", "")))


def preferred(header: str) -> Language:
    """What `Accept-Language` prefers of the two languages; Vietnamese where it says nothing of either."""
    weights = {"vi": 0.0, "en": 0.0}
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        spoken = name.strip().partition("-")[0]
        if spoken in weights:
            weights[spoken] = max(weights[spoken], _weight(weight))
    return "en" if weights["en"] > weights["vi"] else "vi"


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    try:
        return float(number) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
