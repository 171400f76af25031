"""Templates become pages: Jinja2, strict about what is not defined, in the words of one language.

There is one environment a language and process, which keeps compiled templates, so that the wrappers in
`templates/ui/` know the words of the page that imports them. The package's macros look at arguments that nobody gave;
they live in an environment of their own, and reach ours as `component(name)`.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup

from dossier_engine.catalogue import Catalogue, Language, catalogue
from dossier_engine.rules.law import HANOI
from dossier_engine.web import assets


def render(template: str, words: Catalogue, /, **context: object) -> str:
    """The page that a template makes of the context, in the language of `words`."""
    return environment(words.language).get_template(template).render(context)


@cache
def environment(language: Language) -> Environment:
    """The templates in one language; beside Jinja's own they know `say`, `asset`, `day`, `instant` and `number`."""
    made = Environment(
        loader=PackageLoader("dossier_engine.web"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals |= {"say": catalogue(language).say, "language": language, "asset": assets.url, "component": _component}
    made.filters |= {"day": day, "instant": instant, "number": _vietnamese if language == "vi" else _english}
    return made


def day(value: date) -> str:
    """`10/12/2024`, in both languages: an office reads one form."""
    return f"{value:%d/%m/%Y}"


def instant(value: datetime) -> str:
    """`08:00 10/12/2024`, by the clock of Hanoi."""
    return f"{value.astimezone(HANOI):%H:%M %d/%m/%Y}"


def _english(value: float) -> str:
    return f"{value:,}"


def _vietnamese(value: float) -> str:
    return _english(value).translate({ord(","): ".", ord("."): ","})


@cache
def _library() -> Environment:
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


@cache
def _component(name: str) -> Callable[[dict[str, Any]], Markup]:
    template = _library().get_template(f"govuk_frontend_jinja/components/{name}/macro.html")
    macro = "govuk" + "".join(part.capitalize() for part in name.split("-"))
    found: Callable[[dict[str, Any]], Markup] = getattr(template.module, macro)
    return found
