"""A report in words: as lines for a terminal, as JSON for machines; the page to print is made of the same facts."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from dossier_engine.rules.law import HANOI
from dossier_engine.verifier.check import Report
from dossier_engine.verifier.finding import Finding
from dossier_engine.verifier.words import Words

MOST = 50  # findings that people read


@dataclass(frozen=True, slots=True)
class Told:
    """A report with the file it is about, in one language."""

    words: Words
    report: Report
    file: str
    sha256: str

    @property
    def verdict(self) -> str:
        """The result in a few words."""
        return self.words.say("report.sound" if self.report.is_sound else "report.broken")

    @property
    def meaning(self) -> str:
        """What follows from it."""
        found = self.report.findings
        if not found:
            return self.words.say("report.sound_means")
        class_ = self.words.say(f"class.{found[0].class_}")
        return self.words.say("report.broken_means", count=len(found), class_=class_)

    def facts(self) -> list[tuple[str, str]]:
        """What was checked, as far as the verification came: label and value."""
        report, say = self.report, self.words.say
        facts = [("file", self.file), ("sha256", self.sha256)]
        if report.origin:
            seen = [say("report.witnessed", name=name, at=_moment(at)) for name, at in report.witnesses]
            facts += [
                ("origin", report.origin),
                ("checkpoint", say("report.checkpoint_says", size=report.size, root=report.root)),
                ("witnesses", "; ".join(seen) or say("report.nobody")),
                ("earlier", str(report.earlier)),
                ("kept", str(report.kept)),
                ("late", say("report.late_says", hours=report.late)),
            ]
        if report.exported_at:
            codes = ", ".join(report.scope or ())
            whole = say("report.scope_all", size=report.exported_size)
            counted = {"entries": report.entries, "streams": report.streams, "dossiers": report.dossiers}
            facts += [
                ("scope", whole if report.scope is None else say("report.scope_codes", codes=codes)),
                ("exported", _moment(datetime.fromisoformat(report.exported_at).timestamp())),
                ("entries", say("report.entries_say", **counted)),
                ("erased", str(report.erased)),
                ("as_recorded", str(report.as_recorded)),
                ("begun", _moment(datetime.fromisoformat(report.begun).timestamp()) if report.begun else "–"),
            ]
        return [(say(f"report.{key}"), value) for key, value in facts]

    @property
    def proven(self) -> list[str]:
        """What a bundle in which nothing was found proves; without witnesses that is less."""
        return self.words.every("proven", "times_alone" if self.report.witnesses else "times")

    @property
    def not_proven(self) -> list[str]:
        """What this bundle cannot prove."""
        return self.words.every("not_proven", "collusion" if not self.report.witnesses else "another")

    def findings(self) -> list[tuple[str, str, str, str]]:
        """The first findings: where, in which entry, what, and the detail."""
        return [(f.stream, str(f.seq or ""), self.words.say(f"finding.{f.code}"), f.detail) for f in self.shown]

    @property
    def shown(self) -> list[Finding]:
        """The findings that people read."""
        return self.report.findings[:MOST]

    @property
    def more(self) -> str:
        """How many findings are not shown, in words; empty when all are."""
        left = len(self.report.findings) - len(self.shown)
        return self.words.say("report.more", count=left) if left else ""


def as_text(told: Told) -> str:
    """The report for a terminal."""
    lines = [told.verdict, told.meaning, ""]
    lines += [f"{label}: {value}" for label, value in told.facts()]
    if told.report.findings:
        lines.append("")
        for stream, seq, what, detail in told.findings():
            where = f"{stream} #{seq}" if seq else stream
            lines.append("- " + ": ".join(part for part in (where, what, detail) if part))
        lines += [told.more] if told.more else []
    return "\n".join(lines) + "\n"


def as_json(told: Told) -> str:
    """The report for machines: every finding, no words."""
    report = told.report
    found = [{"stream": f.stream, "seq": f.seq, "code": f.code, "detail": f.detail} for f in report.findings]
    plain = {
        "sound": report.is_sound,
        "file": told.file,
        "sha256": told.sha256,
        "origin": report.origin,
        "size": report.size,
        "root": report.root,
        "witnesses": [{"name": name, "at": _utc(at)} for name, at in report.witnesses],
        "earlier_checkpoints": report.earlier,
        "kept_checkpoints": report.kept,
        "hours_late": report.late,
        "scope": "all" if report.scope is None else list(report.scope),
        "exported_at": report.exported_at,
        "exported_size": report.exported_size,
        "streams": report.streams,
        "entries": report.entries,
        "dossiers": report.dossiers,
        "erased": report.erased,
        "as_recorded": report.as_recorded,
        "log_begun_anew_at": report.begun or None,
        "findings": found,
    }
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, HANOI).strftime("%d/%m/%Y %H:%M")


def _utc(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
