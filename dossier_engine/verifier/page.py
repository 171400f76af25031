"""The page that somebody who writes no programs can read, print, sign and file."""

from html import escape

from dossier_engine.verifier.telling import Told

_STYLE = """
@page { size: A4; margin: 18mm }
body { font: 11pt/1.45 "Times New Roman", "Liberation Serif", serif; color: #000; max-width: 174mm; margin: 1em auto }
h1 { font-size: 15pt; text-align: center } h2 { font-size: 12pt; margin: 1.2em 0 .3em; break-after: avoid }
.verdict { border: 2pt solid; padding: 8pt; text-align: center; font-size: 20pt; font-weight: bold }
.sound { color: #00501f } .broken { color: #8b0000 }
table { border-collapse: collapse; width: 100% } tr { break-inside: avoid }
th, td { border: .5pt solid #555; padding: 3pt 5pt; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th[scope=row] { width: 34% } thead { display: table-header-group }
.sign td { height: 22mm; width: 50% }
"""


def page(told: Told) -> str:
    """The whole document."""
    say, sound = told.words.say, told.report.is_sound
    parts = [
        f"<h1>{escape(say('report.title'))}</h1>",
        f'<p class="verdict {"sound" if sound else "broken"}">{escape(told.verdict)}</p>',
        f"<p>{escape(told.meaning)}</p>",
        _heading(say("report.checked")),
        _facts(told),
        *_findings(told),
        _heading(say("report.proven")),
        _list(told.proven) if sound else f"<p>{escape(say('report.not_shown'))}</p>",
        _heading(say("report.not_proven")),
        _list(told.not_proven),
        _signing(say("report.signature"), say("report.date")),
    ]
    title = escape(f"{say('report.title')}: {told.file}")
    return (
        f'<!doctype html>\n<html lang="{told.words.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _heading(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _facts(told: Told) -> str:
    rows = (f'<tr><th scope="row">{escape(k)}</th><td>{escape(v)}</td></tr>' for k, v in told.facts())
    return f"<table>{''.join(rows)}</table>"


def _findings(told: Told) -> list[str]:
    if told.report.is_sound:
        return []
    say = told.words.say
    head = "".join(f'<th scope="col">{escape(say(f"report.{k}"))}</th>' for k in ("place", "entry", "what", "detail"))
    rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in told.findings())
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return [_heading(say("report.findings")), table, f"<p>{escape(told.more)}</p>" if told.more else ""]


def _signing(*labels: str) -> str:
    cells = "".join(f"<td>{escape(label)}</td>" for label in labels)
    return f'<table class="sign"><tr>{cells}</tr></table>'


def _list(sentences: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>"
