"""What is wrong with a list that was brought: its faults in words, with what may be meant."""

from collections.abc import Iterable, Mapping

from dossier_engine.catalogue import Catalogue
from dossier_engine.errors import Problem
from dossier_engine.rules.law import Law
from dossier_engine.shown import Row
from dossier_engine.shown.refusals import in_words


def faults(words: Catalogue, law: Law, problems: Iterable[Problem], values: Mapping[tuple[int, str], str]) -> list[Row]:
    """A row for each fault; `values` are the texts by line and column, `dossier` is one that is in the way."""
    return [
        {
            "line": problem.line,
            "column": words.say(f"heading.{problem.column}") if problem.column else "",
            "value": values.get((problem.line, problem.column), ""),
            "error": words.say(f"problem.{problem.code}"),
            "hint": _hint(words, law, problem),
            "dossier": problem.near[0] if problem.code == "already_open" else None,
        }
        for problem in problems
    ]


def _hint(words: Catalogue, law: Law, problem: Problem) -> str:
    match problem.code:
        case "unit_unknown":
            return words.say("next.suggestions", names="; ".join(problem.near)).strip() if problem.near else ""
        case "unit_ambiguous":
            return "; ".join(problem.near)
        case "duplicate_in_file":
            return words.say("page.sheet.line", line=problem.near[0])
        case "already_open":
            return problem.near[0]
        case "header_not_found" | "column_missing" | "too_many_rows":
            return problem.what
    return " ".join(line.strip() for line in in_words(problem.refusal, words, law)) if problem.refusal else ""
