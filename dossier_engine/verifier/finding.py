"""What may be found wrong with a bundle: one closed list of codes, in the order in which they are looked for.

The first class in which anything is found decides: what comes after it would be judged on ground that does not hold.
"""

from collections.abc import Mapping
from typing import NamedTuple

CLASSES: Mapping[str, tuple[str, ...]] = {
    "archive": ("archive_malformed", "member_malformed", "member_missing"),
    "signatures": ("note_malformed", "signature_forged", "signer_unknown", "policy_not_met", "log_differs"),
    "memory": ("rolled_back", "forked", "growth_not_shown"),
    "manifest": ("export_malformed", "export_not_proven", "manifest_differs", "file_differs"),
    "roots": ("index_wrong", "size_differs", "root_differs", "inclusion_not_proven", "consistency_not_proven"),
    "entries": ("entry_malformed", "line_differs"),
    "chains": ("stream_unknown", "stream_missing", "entry_missing", "chain_broken", "head_not_proven", "heads_differ"),
    "private": ("private_malformed", "private_unknown", "private_missing", "private_differs"),
    "rules": (
        "register_wrong", "kind_unknown", "body_wrong", "does_not_follow", "dates_wrong", "machine_acts",
        "not_authorised", "transition_unknown", "not_while_paused", "not_paused", "not_in_this_state",
        "separation_broken", "requirement_unmet", "met_differs", "files_differ", "round_wrong", "definition_differs",
        "definition_not_active", "calendar_not_in_use", "due_differs", "words_missing", "fact_wrong", "subject_wrong",
        "code_wrong", "escalation_wrong", "extension_wrong", "second_open", "number_missing", "link_wrong",
    ),
    "times": ("time_backwards", "time_outside"),
}  # fmt: skip

CODES = tuple(code for codes in CLASSES.values() for code in codes)
_CLASS_OF = {code: name for name, codes in CLASSES.items() for code in codes}
_RANK = {name: rank for rank, name in enumerate(CLASSES)}


class Finding(NamedTuple):
    """What is wrong: in which stream and entry (seq 0: the stream as a whole; no stream: the bundle), and how."""

    stream: str
    seq: int
    code: str
    detail: str = ""

    @property
    def class_(self) -> str:
        """The class of its code."""
        return _CLASS_OF[self.code]


def _rank(finding: Finding) -> int:
    return _RANK[finding.class_]


def decisive(findings: list[Finding]) -> list[Finding]:
    """Those of the first class in which anything was found."""
    first = min(map(_rank, findings), default=0)
    return [finding for finding in findings if _rank(finding) == first]
