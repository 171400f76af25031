"""Puts a mail together: the items in their templates, the frame around them, and HTML that says the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dossier_engine.letters import LETTER, Wording, fill, one_line
from dossier_engine.letters.items import Item

_PAGE = '<!doctype html>\n<html lang="{language}"><meta charset="utf-8"><body>\n{paragraphs}\n</body></html>\n'


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is sent; `is_digest` where it holds nothing but lines of a digest, which one may do without.

    `printed` is a page as HTML to go with it as a file called `name`, where one goes with it.
    """

    subject: str
    text: str
    html: str
    is_digest: bool
    printed: str | None = None
    name: str = ""


def compose(
    name: str, items: Sequence[Item], wordings: Mapping[str, Wording], *, language: str, base_url: str | None
) -> Mail:
    """The mail to the person called `name` with all of `items`; those that hold no more stand at its end."""
    ordered = sorted(items, key=lambda item: (not item.holds, item.template != "overdue"))
    holding = [item for item in ordered if item.holds]
    body = "\n\n".join(fill(wordings[item.template].text, item.facts).strip() for item in ordered)
    facts = {
        "name": name,
        "count": str(len(holding)),
        "overdue": str(sum(item.template == "overdue" for item in holding)),
        "items": body,
    }
    only = holding[0] if len(holding) == 1 else None
    subject = fill(wordings[only.template].subject, only.facts) if only else fill(wordings[LETTER].subject, facts)
    text = fill(wordings[LETTER].text, facts).strip() + "\n"
    is_digest = all(item.template == "digest" for item in ordered)
    return Mail(one_line(subject), text, _html(text, language, base_url), is_digest)


def _html(text: str, language: str, base_url: str | None) -> str:
    paragraphs = [escape(paragraph).replace("\n", "<br>\n") for paragraph in text.strip().split("\n\n")]
    if base_url is not None:  # only our own links can be clicked, whatever people wrote
        link = re.compile(re.escape(escape(base_url)) + r"/ho-so/[A-Z0-9-]+")
        paragraphs = [link.sub(r'<a href="\g<0>">\g<0></a>', paragraph) for paragraph in paragraphs]
    return _PAGE.format(language=language, paragraphs="\n".join(f"<p>{p}</p>" for p in paragraphs))
