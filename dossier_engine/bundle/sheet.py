"""`LICH-SU.html`: the sheet on which a dossier's way is followed, for A4 paper, in one file that asks for no other.

Nothing in it runs, and nothing is fetched. Every text is escaped, and set apart so that its direction ends with it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape

from dossier_engine.bundle.material import Dossier
from dossier_engine.bundle.recorded import HASH_SHOWN
from dossier_engine.bundle.standing import Stand, stand
from dossier_engine.bundle.telling import Teller, Told
from dossier_engine.bundle.text import cleaned
from dossier_engine.catalogue.labels import about, addressee, said
from dossier_engine.rules.law import HANOI, legal_day

MOST = 200
"""Of how many dossiers every entry is told; nobody prints more."""

_CHECKPOINT_LINES = 3  # origin, size, root: what a note of the log says before its signatures

_STYLE = """
@page { size: A4; margin: 14mm 12mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 186mm; color: #000; background: #fff; line-height: 1.35;
  font: 10pt "Times New Roman", Tinos, "Liberation Serif", "DejaVu Serif", serif }
h1 { margin: 0 0 2mm; font-size: 15pt; text-align: center; text-transform: uppercase }
h2 { margin: 0 0 2mm; font-size: 12.5pt; break-after: avoid }
p { margin: 0 0 1.5mm }
section { margin-top: 6mm }
section + section { break-before: page }
.made { text-align: center }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .6mm 4mm; margin: 0 0 3mm; break-inside: avoid }
dt { color: #444 }
dd { margin: 0; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 8.5pt }
thead { display: table-header-group }
th { background: #eee; text-align: left }
th, td { border: .2mm solid #666; padding: .8mm 1.2mm; vertical-align: top; overflow-wrap: anywhere }
tr { break-inside: avoid }
td div { white-space: pre-line }
.act { font-weight: bold }
.due { font-style: italic }
.machine td { background: #f6f6f6 }
.number { text-align: right }
.leaf { font-family: "Courier New", Cousine, "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: 7pt }
footer { margin-top: 6mm; padding-top: 2mm; border-top: .4mm solid #000; break-inside: avoid }
pre { margin: 0 0 1.5mm; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8.5pt;
  font-family: "Courier New", Cousine, "Liberation Mono", "DejaVu Sans Mono", monospace }
"""

_ENTRIES = (("column.seq", 7), ("sheet.when", 21), ("sheet.who", 38), ("sheet.what", 53), ("sheet.grounds", 44),
            ("sheet.leaf", 23))  # fmt: skip
_DOSSIERS = (("column.code", 36), ("sheet.subject", 58), ("sheet.state_now", 35), ("sheet.entries", 14),
             ("sheet.last_at", 20), ("sheet.leaf", 23))  # fmt: skip
"""Titles of columns, and their widths in millimetres."""


def sheet(teller: Teller) -> Iterator[bytes]:
    """The page, dossier by dossier; of more than `MOST` dossiers only a list."""
    listed = len(teller.material.streams) > MOST
    yield _head(teller, "sheet.list_title" if listed else "sheet.title", listed=listed).encode()
    if listed:
        yield _opening(teller, _DOSSIERS).encode()
    for dossier in teller.material.dossiers():
        yield (_listed if listed else _section)(teller, dossier).encode()
    yield (("</tbody></table></section>\n" if listed else "") + _foot(teller)).encode()


def _head(teller: Teller, title: str, *, listed: bool) -> str:
    say, material = teller.words.say, teller.material
    made = say("sheet.made", at=f"{material.made_at.astimezone(HANOI):%d/%m/%Y %H:%M}", by=material.made_by,
               size=material.size)  # fmt: skip
    lines = [made, say("sheet.copy")]
    if listed:
        lines.append(say("sheet.list_only", count=len(material.streams), most=MOST))
    return (
        f'<!DOCTYPE html>\n<html lang="{teller.words.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{_text(say(title))}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{_text(say(title))}</h1>\n"
        + "".join(f'<p class="made">{_text(line)}</p>\n' for line in lines)
        + "</header>\n"
        + ("<section>\n" if listed else "")
    )


def _section(teller: Teller, dossier: Dossier) -> str:
    rows = "".join(_row(teller, teller.tell(dossier, entry)) for entry in dossier.entries)
    fields = "".join(
        f"<dt>{_text(teller.words.say(key))}</dt><dd>{_text(value)}</dd>\n" for key, value in _summary(teller, dossier)
    )
    title = _text(teller.words.say("sheet.dossier", code=dossier.code))
    table = f"{_opening(teller, _ENTRIES)}{rows}</tbody></table>"
    return f"<section>\n<h2>{title}</h2>\n<dl>\n{fields}</dl>\n{table}</section>\n"


def _summary(teller: Teller, dossier: Dossier) -> Iterator[tuple[str, str]]:
    workflow, found = dossier.workflow, stand(teller.material, dossier)
    yield "sheet.subject", teller.subject(dossier)
    yield "sheet.dossier_title", said(teller.words, workflow.title)
    if dossier.opening["level"]:  # nothing is applied for where an office reports
        yield "column.level", teller.words.say(f"level.{dossier.opening['level']}")
    yield "column.year", str(dossier.opening["target_year"])
    yield "sheet.workflow_used", f"{workflow.reference} (SHA-256 {workflow.sha256[:HASH_SHOWN]}…)"
    yield "sheet.state_now", said(teller.words, workflow.states[found.standing.state].label)
    yield "sheet.open_now", "; ".join(_open(teller, dossier, found)) or teller.words.say("say.none")
    yield "sheet.entries", str(len(dossier.entries))
    yield "sheet.head", found.head


def _open(teller: Teller, dossier: Dossier, found: Stand) -> Iterator[str]:
    say = teller.words.say
    if found.standing.paused_on is not None:
        yield f"{say('column.paused_on')} {_day(found.standing.paused_on)}"
    for key, due_on in found.open_deadlines:
        yield say("sheet.due", label=about(teller.words, dossier.workflow, key), day=_day(due_on))
    for seq, row in found.open_escalations:
        yield say("sheet.awaits_answer", seq=seq, addressee=addressee(teller.words, row["addressee"]))


def _row(teller: Teller, told: Told) -> str:
    when = [f"{told.at:%d/%m/%Y %H:%M}"]
    if told.effective_on != legal_day(told.at) and not told.is_machine:  # a machine moves no legal clock
        when.append(teller.words.say("sheet.effective_on", day=_day(told.effective_on)))
    who = [told.who, *(part for part in (told.role, told.office) if part)]
    what = [*_divisions(told.details), *_divisions(told.due, "due")]
    cells = [
        f'<td class="number">{told.seq}</td>',
        f"<td>{''.join(_divisions(when))}</td>",
        f"<td>{''.join(_divisions(who))}</td>",
        f'<td><div class="act">{_text(told.act)}</div>{"".join(what)}</td>',
        f"<td>{''.join(_divisions(told.grounds))}</td>",
        f'<td class="leaf">{told.leaf[:HASH_SHOWN]}</td>',
    ]
    opened = '<tr class="machine">' if told.is_machine else "<tr>"
    return f"{opened}{''.join(cells)}</tr>\n"


def _listed(teller: Teller, dossier: Dossier) -> str:
    last, found = teller.tell(dossier, dossier.entries[-1]), stand(teller.material, dossier)
    cells = (
        dossier.code,
        teller.subject(dossier),
        said(teller.words, dossier.workflow.states[found.standing.state].label),
        str(len(dossier.entries)),
        f"{last.at:%d/%m/%Y %H:%M}",
    )
    leaf = f'<td class="leaf">{found.head[:HASH_SHOWN]}</td>'
    return f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in cells)}{leaf}</tr>\n"


def _opening(teller: Teller, columns: Iterable[tuple[str, int]]) -> str:
    titles = "".join(
        f'<th scope="col" style="width: {width}mm">{_text(teller.words.say(key))}</th>' for key, width in columns
    )
    return f"<table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n"


def _foot(teller: Teller) -> str:
    say, note = teller.words.say, teller.material.checkpoint
    if note is None:
        return f"<footer>\n<p>{_text(say('sheet.no_checkpoint'))}</p>\n</footer>\n</body>\n</html>\n"
    lines = "\n".join(note.split("\n")[:_CHECKPOINT_LINES])
    return (
        f"<footer>\n<p>{_text(say('sheet.checkpoint'))}</p>\n<pre>{_text(lines)}</pre>\n"
        f"<p>{_text(say('sheet.check'))}</p>\n</footer>\n</body>\n</html>\n"
    )


def _divisions(texts: Iterable[str], kind: str = "") -> list[str]:
    opened = f'<div class="{kind}">' if kind else "<div>"
    return [f"{opened}<bdi>{_text(text)}</bdi></div>" for text in texts]


def _text(text: str) -> str:
    return escape(cleaned(text))


def _day(on: date) -> str:
    return f"{on:%d/%m/%Y}"
