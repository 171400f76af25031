"""The command line of the single file: `verify.py BUNDLE.zip --policy POLICY`.

Ends with 0 when nothing was found, 8 when something was, 7 when the file is no bundle or the policy cannot be read.
"""

import argparse
import hashlib
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from dossier_engine.rules import ed25519
from dossier_engine.rules.note import Check, Checkpoint
from dossier_engine.rules.policy import MalformedPolicyError, Policy
from dossier_engine.verifier import kept
from dossier_engine.verifier.check import NotABundleError, verify
from dossier_engine.verifier.page import page
from dossier_engine.verifier.telling import Told, as_json, as_text
from dossier_engine.verifier.words import LANGUAGES, Words, words

SOUND, BAD_INPUT, BROKEN = 0, 7, 8
_MOST_HOURS = 8784  # a year


def main(typed: Sequence[str] | None = None, check: Check = ed25519.verify) -> int:
    """Verify as asked on the command line and return how the process ends."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    given = _typed(sys.argv[1:] if typed is None else typed)
    spoken = words(given.lang)
    try:
        told = _told(given, spoken, check)
    except _UnreadableError as error:
        sys.stderr.write(f"{error}\n")
        return BAD_INPUT
    if given.page is not None:
        given.page.write_text(page(told), encoding="utf-8")
    sys.stdout.write(as_json(told) if given.json else as_text(told))
    return SOUND if told.report.is_sound else BROKEN


class _UnreadableError(Exception):
    """What was given cannot be read; says so in the reader's language."""


def _typed(typed: Sequence[str]) -> argparse.Namespace:
    """What was typed; the language is looked for first, because the help is in it."""
    before = argparse.ArgumentParser(add_help=False)
    before.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0])
    say = words(before.parse_known_args(typed)[0].lang).say
    parser = argparse.ArgumentParser(description=say("usage.description"))
    parser.add_argument("bundle", type=Path, help=say("usage.bundle"))
    parser.add_argument("--policy", type=Path, required=True, help=say("usage.policy"))
    parser.add_argument("--since", type=Path, action="append", default=[], help=say("usage.since"))
    parser.add_argument("--late", type=_hours, default=1, metavar="HOURS", help=say("usage.late"))
    parser.add_argument("--json", action="store_true", help=say("usage.json"))
    parser.add_argument("--page", type=Path, help=say("usage.page"))
    parser.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help=say("usage.lang"))
    return parser.parse_args(typed)


def _hours(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= _MOST_HOURS):
        raise ValueError(typed)
    return int(typed)


def _told(given: argparse.Namespace, spoken: Words, check: Check) -> Told:
    file, policy = given.bundle, given.policy
    try:
        believed = Policy.parse(policy.read_bytes())
    except (MalformedPolicyError, OSError) as error:
        raise _UnreadableError(spoken.say("error.policy", file=policy, why=error)) from error
    known = [_kept(one, spoken) for one in given.since]
    try:
        report = verify(file, believed, check, since=known, late=given.late)
        with file.open("rb") as data:
            digest = hashlib.file_digest(data, "sha256").hexdigest()
    except NotABundleError as error:
        raise _UnreadableError(spoken.say("error.bundle", file=file)) from error
    except OSError as error:
        raise _UnreadableError(spoken.say("error.file", file=file)) from error
    return Told(spoken, report, file.name, digest)


def _kept(file: Path, spoken: Words) -> Checkpoint:
    try:
        return kept.parse(file.read_bytes())
    except (ValueError, OSError) as error:
        raise _UnreadableError(spoken.say("error.since", file=file, why=error)) from error
