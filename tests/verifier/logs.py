"""A log that keeps everything: all its nodes, and the root at every size."""

from dataclasses import dataclass, field
from typing import Any

from dossier_engine.rules.merkle import (
    Frontier,
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
)


@dataclass
class Log:
    """A log with all its nodes."""

    leaves: list[bytes] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    roots: list[bytes] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)

    def append(self, leaf: bytes) -> None:
        self.leaves.append(leaf)
        self.nodes |= {(level, index): found for level, index, found in self.frontier.append(leaf)}
        self.roots.append(self.frontier.root())

    def inclusion(self, index: int, size: int) -> dict[str, Any]:
        stored = {node: self.nodes[node] for node in inclusion_nodes(index, size)}
        return {"index": index, "path": [h.hex() for h in inclusion_proof(index, size, stored)]}

    def consistency(self, old: int, size: int) -> dict[str, Any]:
        stored = {node: self.nodes[node] for node in consistency_nodes(old, size)}
        return {"path": [h.hex() for h in consistency_proof(old, size, stored)]}
