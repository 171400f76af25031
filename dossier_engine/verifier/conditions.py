"""What is asked of many kinds of entries: a running clock, the right state, words, and who may."""

from collections.abc import Iterator

from dossier_engine.verifier.act import Act, Flaw
from dossier_engine.verifier.authority import by_person
from dossier_engine.verifier.case import Case


def running(case: Case) -> Iterator[Flaw]:
    """The clock does not stand still."""
    if case.standing.paused_on is not None:
        yield "not_while_paused", case.standing.paused_on.isoformat()


def in_state(case: Case, act: Act) -> Iterator[Flaw]:
    """The body names the state that the dossier stands in."""
    if act.body["state"] != case.standing.state:
        yield "not_in_this_state", str(act.body["state"])


def worded(act: Act, *names: str) -> Iterator[Flaw]:
    """These words are committed to."""
    for name in names:
        if name not in act.private:
            yield "words_missing", name


def may(
    case: Case, act: Act, roles: tuple[str, ...], *, level: int | None = None, office: str | None = None
) -> Iterator[Flaw]:  # fmt: skip
    """Who acted held one of these roles over the dossier."""
    about = case.opened
    return by_person(
        case.registers, act, roles, territory=about.territory, about=about.office, level=level, office=office
    )
