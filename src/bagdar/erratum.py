"""What is damaged or contradictory in the sources that a plan quotes."""

from __future__ import annotations

from dataclasses import dataclass, field

from bagdar.finding import Home
from bagdar.language import Names

# What is wrong with a passage of a source, the gravest for a reader of figures first.
ERRATUM_KINDS = ("sense", "arithmetic", "label", "date", "classification", "missing", "cut", "typo")


@dataclass(frozen=True)
class Erratum:
    """A row of `source_errata.csv`: a damaged or contradictory `place` of a source, and how it is read here.

    `kind` is one of `ERRATUM_KINDS`; without `evidence` the reading is nobody's but its author's.
    """

    code: str
    source: str
    kind: str
    place: str
    reading: Names
    evidence: str = ""
    home: Home = field(default_factory=Home, compare=False)
