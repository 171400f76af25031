"""The page of a week as the steering committee got it: for whoever sees its whole province, and by the mail's link."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from dossier_engine.api.call import Looking
from dossier_engine.catalogue import Catalogue
from dossier_engine.errors import NotFound
from dossier_engine.letters.printing import can_print, pdf
from dossier_engine.letters.week import Sheet, printed, sheet
from dossier_engine.queries import week as weeks
from dossier_engine.queries.week import Page
from dossier_engine.web.frame import bare_frame
from dossier_engine.web.progress import chart, keys
from dossier_engine.web.visit import Visiting

router = APIRouter(include_in_schema=False)

_HERE = "/tien-do/tuan"

Office = Annotated[str | None, Query(alias="ban-chi-dao", max_length=100)]


@router.get(_HERE)
def newest_week(visit: Visiting) -> Response:
    """The newest page of those that whoever looks may see."""
    found = visit.look(lambda looking: weeks.pages(looking.session, looking.scope))
    return one_week(visit, *found[0]) if found else visit.page("week_none.html", lambda _: {})


@router.get(_HERE + "/{week}.pdf")
def printed_week(visit: Visiting, week: str, office: Office = None) -> Response:
    """The page on one sheet of paper. Raises NotFound where no PDF can be made here."""
    found = visit.look(lambda looking: _page(looking, week, office), taken=True)
    language = visit.words.language
    made = pdf(printed(_sheet(found, visit.words), language))
    if made is None:
        raise NotFound("week", f"{week}.pdf")
    name = {"Content-Disposition": f'attachment; filename="{found.week}.pdf"'}
    return Response(made, media_type="application/pdf", headers=name)


@router.get(_HERE + "/{week}")
def one_week(visit: Visiting, week: str, office: Office = None) -> Response:
    """A page, with the ones before and after it."""

    def question(looking: Looking) -> dict[str, Any]:
        found = _page(looking, week, office)
        all_of = [name for name, of in weeks.pages(looking.session, looking.scope) if of == found.office]
        at = all_of.index(found.week)
        return {
            **_shown(looking.words, found),
            "newer": _address(all_of[at - 1], found.office) if at else None,
            "older": _address(all_of[at + 1], found.office) if at + 1 < len(all_of) else None,
            "pdf": f"{_HERE}/{found.week}.pdf?ban-chi-dao={found.office}" if can_print() else None,
        }

    return visit.page("week.html", question)


@router.get("/tuan/{link}")
def linked_week(visit: Visiting, link: str) -> Response:
    """The page that a mail's link opens, without signing in and with nowhere else to go."""
    with visit.engine.database.reading() as session:
        found = weeks.linked(session, link, now=visit.engine.now())
    nowhere = {"newer": None, "older": None, "pdf": None, "frame": bare_frame(visit.request, visit.engine)}
    return visit.answer("week.html", {**_shown(visit.words, found), **nowhere})


def _page(looking: Looking, week: str, office: str | None) -> Page:
    """The page asked for; without a committee that of the first by its code."""
    if office is None:
        offices = sorted(of for name, of in weeks.pages(looking.session, looking.scope) if name == week)
        office = offices[0] if offices else ""
    return weeks.page(looking.session, looking.scope, office, week)


def _shown(words: Catalogue, found: Page) -> dict[str, Any]:
    made = _sheet(found, words)
    targets = [
        (target["label"][words.language], (target["done"], target["under_way"], target["late"]), target["planned"])
        for target in found.content["targets"]
    ]
    return {
        "sheet": made,
        "chart": chart(words, made.tables[0].caption, targets) if targets else "",
        "keys": keys(words),
        "is_in_log": found.is_in_log,
    }


def _sheet(found: Page, words: Catalogue) -> Sheet:
    return sheet(found.content, (found.office_vi, found.office_en), found.said, words.language)


def _address(week: str, office: str) -> str:
    return f"{_HERE}/{week}?ban-chi-dao={office}"
