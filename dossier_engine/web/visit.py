"""One request of a page: who looks and in which language, what is shown with the frame around it, what is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from dossier_engine.api.call import Call, Doing, Looking
from dossier_engine.api.problems import status_of
from dossier_engine.catalogue import Catalogue, catalogue
from dossier_engine.errors import BadInput, DossierError, NotFound, RequirementsUnmet
from dossier_engine.rules.tokens import new_secret
from dossier_engine.shown.refusals import in_words
from dossier_engine.web.frame import frame
from dossier_engine.web.packing import packed
from dossier_engine.web.rendering import render
from dossier_engine.web.typed import Typed

T = TypeVar("T")
A = TypeVar("A", bound=Response)
LANGUAGE = "dossier-language"
_SHOWN_WITH_THE_FORM = frozenset({400, 409, 412, 422})

Question = Callable[[Looking], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Visit(Call):
    """A request of a page; what `api.call.Call` says of looking and changing holds here too."""

    channel = "web"

    @property
    def words(self) -> Catalogue:
        """Vietnamese, or English for whoever chose it here: what a browser asks for is often an office's leftover."""
        return words_of(self.request)

    def page(self, template: str, question: Question, *, status: int = 200) -> HTMLResponse:
        """What `question` finds, shown by `template` with the frame of whoever looks."""

        def framed(looking: Looking) -> dict[str, Any]:
            return {"frame": frame(looking, self.request, self.engine), **question(looking)}

        return self.answer(template, self.look(framed), status=status)

    def answer(self, template: str, shown: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
        """A page of what was found already."""
        words = self.words
        made = HTMLResponse(render(template, words, **shown), status, {"Content-Language": words.language})
        packed(made, self.request)
        return self._with_cookies(made)

    def form(
        self, template: str, question: Question, typed: Typed | None = None, refusal: DossierError | None = None
    ) -> HTMLResponse:
        """A form with what was typed before, if anything, and what is wrong with it.

        A form that was refused keeps its key only where nothing was done under it.
        """

        def asked(looking: Looking) -> dict[str, Any]:
            found = question(looking)
            wrong = told(looking, refusal) if refusal is not None else []
            return {"typed": typed or Typed(), "errors": wrong, "key": new_secret(self.engine.rng), **found}

        return self.page(template, asked, status=200 if refusal is None else _status_of_form(refusal))

    def attempt(
        self,
        typed: Typed,
        work: Callable[[Doing], T],
        *,
        form: Callable[[DossierError | None], Response],
        then: Callable[[T], str],
        on: date | None = None,
        needs: str = "write",
    ) -> Response:
        """Do what a form asks, then show `then`; what was refused is told on the form, with all that was typed.

        `work` reads the form itself, so that what is typed wrong is told in the same place. The form's own key makes
        a second click find what the first one did, its version keeps two people from acting past each other.
        """
        return self._asked(typed, work, form, lambda done: self.go(then(done)), on=on, needs=needs)

    def perform(
        self,
        typed: Typed,
        work: Callable[[Doing], T],
        *,
        form: Callable[[DossierError | None], Response],
        shown: Callable[[T], Response],
    ) -> Response:
        """The same where what was done is `shown` at once, for no page of its own tells it: a reload finds it done."""
        return self._asked(typed, work, form, shown)

    def rehearse(
        self,
        typed: Typed,
        work: Callable[[Doing], T],
        *,
        form: Callable[[DossierError | None], Response],
        shown: Callable[[T], Response],
    ) -> Response:
        """The same without doing it: what it would lead to is `shown`, to be looked at before it is done."""
        return self._asked(typed, work, form, shown, commit=False)

    def _asked(
        self,
        typed: Typed,
        work: Callable[[Doing], T],
        form: Callable[[DossierError | None], Response],
        answer: Callable[[T], Response],
        *,
        on: date | None = None,
        needs: str = "write",
        commit: bool = True,
    ) -> Response:
        if typed.is_shown_again:
            return form(None)
        try:
            version = typed.number("version") if "version" in typed.fields else None
            done = self.change(
                work, reason=typed.prose_or_none("reason"), on=on, version=version, key=typed.line_or_none("key"),
                needs=needs, commit=commit,
            )  # fmt: skip
        except DossierError as refusal:
            if not self._is_about_the_form(refusal):
                raise
            return form(refusal)
        return answer(done)

    def _is_about_the_form(self, refusal: DossierError) -> bool:
        """Whether it is told on the form: what was typed wrong, or names what is not there and the address does not."""
        if isinstance(refusal, NotFound):
            return refusal.facts["name"] not in self.request.path_params.values()
        return status_of(refusal) in _SHOWN_WITH_THE_FORM

    def go(self, path: str) -> RedirectResponse:
        """On to another page, which a reload asks for again without doing anything twice."""
        return self._with_cookies(RedirectResponse(path, 303))

    def _with_cookies(self, answer: A) -> A:
        """With those that were set meanwhile: FastAPI leaves an answer alone that is made here."""
        for cookie in self.response.headers.getlist("set-cookie"):
            answer.headers.append("set-cookie", cookie)
        return answer


def _status_of_form(refusal: DossierError) -> int:
    """What was typed names nothing; the page itself is there."""
    return 422 if isinstance(refusal, NotFound) else status_of(refusal)


def told(looking: Looking, refusal: DossierError) -> list[dict[str, str | None]]:
    """What is wrong, each with the place on the page, or the page, where it is mended."""
    lines = in_words(refusal, looking.words, looking.law)
    if isinstance(refusal, BadInput):
        return [{"text": lines[0], "href": f"#{refusal.facts['field']}"}]
    if isinstance(refusal, RequirementsUnmet):
        keys = [unmet.key for unmet in refusal.unmet]
        return [
            {"text": line.removeprefix("  - "), "href": f"#requirement-{key}"}
            for line, key in zip(lines[1:], keys, strict=True)
        ]
    return [{"text": line, "href": None} for line in lines]


def words_of(request: Request) -> Catalogue:
    """The words of the language chosen on the pages."""
    return catalogue("en" if request.cookies.get(LANGUAGE) == "en" else "vi")


async def visiting(request: Request, response: Response) -> Visit:
    """The request as pages take it."""
    return Visit(request, response)


Visiting = Annotated[Visit, Depends(visiting)]
