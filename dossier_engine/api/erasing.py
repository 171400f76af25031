"""Erasing names and words by law: what was written stays provable, what it said is gone."""

from fastapi import APIRouter
from pydantic import Field

from dossier_engine.api.call import Doing, Here
from dossier_engine.api.people import Handle, meant
from dossier_engine.api.shapes import Answered, Given, Line, Number
from dossier_engine.commands.erase import ErasePerson, EraseWords, erase_person, erase_words
from dossier_engine.queries.worklist import one
from dossier_engine.records.private import Key
from dossier_engine.records.scope import scope_of
from dossier_engine.rules.codes import read_code

router = APIRouter(tags=["people"])


class Ground(Given):
    """The legal ground on which something is erased."""

    basis: Line = Field(examples=["Nghị định 13/2023/NĐ-CP, Điều 16"])


class WordsGround(Ground):
    """The same; `value` names which of the words beside an entry, all where it is null."""

    value: Line | None = Field(default=None, examples=["reason"])


class Erased(Answered):
    """A value that is gone, and the entry it stood beside."""

    stream: str
    seq: int
    erased: str


@router.post("/dossiers/{code}/history/{seq}/erasure")
def erase_beside(call: Here, code: str, seq: Number, given: WordsGround) -> list[Erased]:
    """Erase the words beside an entry of a dossier."""

    def work(doing: Doing) -> list[Erased]:
        doing.as_role("administrator", "erased")
        scope = scope_of(doing.session.connection(), doing.caller.person, doing.today)
        dossier = one(doing.session, doing.law, scope, read_code(code), today=doing.today).code
        order = EraseWords(dossier=dossier, seq=seq, basis=given.basis, act=doing.act, name=given.value)
        return _gone(erase_words(doing.session, order, now=doing.now, rng=doing.rng))

    return call.change(work)


@router.post("/people/{handle}/erasure")
def erase_one(call: Here, handle: Handle, given: Ground) -> list[Erased]:
    """Erase who a person is: handle, name and addresses. What they did stays, under an id that names nobody."""

    def work(doing: Doing) -> list[Erased]:
        order = ErasePerson(person=meant(doing, handle, "erased"), basis=given.basis, act=doing.act)
        return _gone(erase_person(doing.session, order, now=doing.now, rng=doing.rng))

    return call.change(work)


def _gone(keys: tuple[Key, ...]) -> list[Erased]:
    return [Erased(stream=stream, seq=seq, erased=name) for stream, seq, name in keys]
