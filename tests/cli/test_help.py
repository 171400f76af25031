"""Help in both languages for every command and group, and nothing of Typer's English in the Vietnamese one."""

import re

import pytest

from dossier_engine.catalogue import LANGUAGES, catalogue
from dossier_engine.cli import run
from dossier_engine.cli.app import tree
from tests.cli.tree import groups, leaves

TREES = {language: tree(catalogue(language)) for language in LANGUAGES}
COMMANDS = {language: dict([*groups(root), *leaves(root)]) for language, root in TREES.items()}
OF_TYPER = re.compile(
    r"Usage|Options|Arguments|Commands|Show this|\bOPTIONS\b|\bCOMMAND\b|\bARGS\b|default|required|<\w+|env var"
)
METAVARS = re.compile(r"\b(CODE|DATE|DAYS|FILE|HANDLE|KEY|KIND|LEVEL|NAME|NUMBER|OFFICE|PERSON|ROLE|START"
                      r"|STATE|SUBJECT|TEXT|TRANSITION|UNIT|YEAR)\b")  # fmt: skip
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_command = pytest.mark.parametrize("path", COMMANDS["vi"])


def help_of(language: str, path: str) -> str:
    command = COMMANDS[language][path]
    return str(command.get_help(command.context_class(command, info_name=f"dossier {path}".strip())))


@each_language
@each_command
def test_every_command_has_help_that_says_what_each_option_is(language, path):
    shown = help_of(language, path)

    command = COMMANDS[language][path]
    assert command.help in " ".join(shown.split())
    for parameter in command.params:
        assert parameter.help, parameter.name
        assert parameter.help.split()[0] in shown


@each_command
def test_vietnamese_help_holds_no_english_default_word(path):
    shown = help_of("vi", path)

    assert not OF_TYPER.search(shown), shown
    assert not METAVARS.search(shown), shown


@each_command
def test_the_two_helps_differ_in_words_and_agree_in_what_is_typed(path):
    typed = [
        sorted(option for p in COMMANDS[language][path].params for option in p.opts if option.startswith("-"))
        for language in LANGUAGES
    ]

    assert help_of("vi", path) != help_of("en", path)
    assert typed[0] == typed[1]


@each_command
def test_no_two_parameters_of_a_command_are_one_for_the_parser(path):
    names = [parameter.name for parameter in COMMANDS["vi"][path].params]

    assert len(names) == len(set(names))


@each_language
@pytest.mark.parametrize(
    ("path", "taken"),
    [
        ("withdraw", {"--as", "--reason", "--on", "--key", "--expect", "--dry-run"}),
        ("register", {"--as", "--reason", "--on", "--key", "--dry-run"}),
        ("import registrations", {"--as", "--reason", "--on", "--key", "--dry-run"}),
        ("import recognitions", {"--as", "--reason", "--dry-run"}),
        ("workflow activate", {"--as", "--reason", "--dry-run"}),
        ("person add", {"--as", "--reason", "--dry-run"}),
        ("person appoint", {"--as", "--reason", "--dry-run"}),
    ],
)
def test_a_command_offers_no_option_that_it_would_ignore(path, taken, language):
    shared = {"--as", "--reason", "--on", "--key", "--expect", "--dry-run"}

    offered = {option for parameter in COMMANDS[language][path].params for option in parameter.opts}

    assert offered & shared == taken
    assert all(f" {option} " in help_of(language, path) for option in taken)


@each_language
@pytest.mark.parametrize("path", dict(groups(TREES["vi"])))
def test_a_list_of_commands_cuts_no_sentence(language, path):
    shown = " ".join(help_of(language, path).split())

    for command in COMMANDS[language][path].commands.values():
        assert command.help in shown
    assert "..." not in shown.replace(catalogue(language).say("usage.command"), "")


@each_language
@pytest.mark.parametrize("path", COMMANDS["vi"])
def test_help_is_asked_for_on_the_command_line(language, path, capsys):
    words = path.replace("record ", "record HD-2024-NC-0001 ").split()

    code = run([*words, "--help", "--lang", language] if path in dict(leaves(TREES["vi"])) else
               [*words, "--lang", language, "--help"])  # fmt: skip

    streams = capsys.readouterr()
    assert (code, streams.err) == (0, "")
    assert streams.out.startswith(catalogue(language).say("usage.usage"))


def test_the_language_may_stand_before_the_command_or_in_the_environment(capsys, monkeypatch):
    run(["--lang", "en", "list", "--help"])
    before = capsys.readouterr().out
    run(["list", "--help", "--lang=en"])
    behind = capsys.readouterr().out
    monkeypatch.setenv("DOSSIER_LANG", "en")
    run(["list", "--help"])
    around = capsys.readouterr().out

    assert before == behind == around
    assert before.startswith("Usage: dossier list")


@pytest.mark.parametrize("path", dict(groups(TREES["vi"])))
def test_a_group_without_a_command_shows_its_help(path, capsys):
    code = run(path.split())

    assert code == 0
    assert capsys.readouterr().out.startswith("Cách dùng: dossier")
