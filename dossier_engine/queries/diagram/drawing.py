"""The picture of a definition as SVG, with the same in sentences for those who do not see it."""

from collections.abc import Mapping
from dataclasses import dataclass

from dossier_engine.queries.diagram import shapes
from dossier_engine.queries.diagram.chart import Chart, Language, chart, said
from dossier_engine.queries.diagram.layout import layout
from dossier_engine.rules.workflow import Workflow

_FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Captions:
    """The words of a picture that its definition does not hold.

    `roles` are the words for the roles that hold a dossier, by key; `ends` names the lane of ends, `here` and `passed`
    mark how far a dossier has come, and `leads` says of a `{transition}` that it leads to a `{state}`.
    """

    roles: Mapping[str, str]
    ends: str
    here: str
    passed: str
    leads: str


def svg(workflow: Workflow, captions: Captions, *, lang: Language, current: str | None = None) -> str:
    """The swimlanes of a checked definition, as one SVG element that a page may hold or a file.

    With `current`, the key of the state where a dossier stands, that state is marked and those before it as passed; of
    the way that led to an end, the end tells nothing. Raises KeyError for an unknown state or a role without words.
    """
    plan = chart(workflow, lang)
    titles = [
        words[:1].upper() + words[1:] for words in (*(captions.roles[lane] for lane in plan.lanes), captions.ends)
    ]
    picture = layout(plan, titles, here=current)
    name = f"diagram-{workflow.name}-{workflow.version}"
    parts = [
        shapes.tag("title", shapes.written(said(workflow.title, lang)), id=f"{name}-title"),
        shapes.tag("desc", shapes.written(_described(workflow, plan, captions, current)), id=f"{name}-desc"),
        shapes.tag("rect", class_="paper", x=0, y=0, width=picture.width, height=picture.height, fill=shapes.PAPER),
    ]
    for lane in picture.lanes:
        parts += shapes.lane(lane, picture.width)
    for path in picture.paths:
        parts += shapes.path(path)
    parts += [shapes.dot(place) for place in picture.dots]
    for box in picture.boxes:
        look = _look(plan, box.state, current)
        parts += shapes.box(box, look, {shapes.HERE: captions.here, shapes.PASSED: captions.passed}.get(look))
    for label in picture.labels:
        parts += shapes.label(label)
    return shapes.tag(
        "svg",
        "\n".join(("", *parts, "")),
        xmlns="http://www.w3.org/2000/svg",
        class_="diagram",
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        lang=lang,
        width=picture.width,
        height=picture.height,
        viewBox=f"0 0 {picture.width} {picture.height}",
        font_family=_FONTS,
    )


def _look(plan: Chart, state: str, current: str | None) -> shapes.Look:
    if state == current:
        return shapes.HERE
    if state not in plan.column:
        return shapes.END
    if current is not None and plan.column[state] < plan.column.get(current, 0):
        return shapes.PASSED
    return shapes.GOAL if state == plan.path[-1] else shapes.STEP


def _described(workflow: Workflow, plan: Chart, captions: Captions, current: str | None) -> str:
    """Where the dossier is; then, of every state, who holds it and where it can go."""
    sentences = [] if current is None else [f"{captions.here}: {plan.labels[current]}."]
    for state in plan.path:
        holder = workflow.states[state].holder
        who = plan.labels[state] if holder is None else f"{plan.labels[state]} ({captions.roles[holder]})"
        leads = [
            captions.leads.format(transition=label, state=plan.labels[link.target])
            for link in plan.links
            for label in link.labels
            if link.origin == state
        ]
        sentences.append(f"{who}: {'; '.join(leads)}." if leads else f"{who}.")
    return " ".join(sentences)
