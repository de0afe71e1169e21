"""Reference pages that are read off the code, so that they cannot lie."""

from __future__ import annotations

from bagdar.language import catalogue

_HEAD = """# Findings

Every finding that Bagdar can make: the rule it names, how grave it is, and its text. An *error* means that the plan \
cannot be trusted, and `bagdar check` ends with exit status 1; a *warning* wants to be looked at; a *note* is good to \
know. The texts exist in Kazakh, Russian and English (`--language`). This page is written by `scripts/docs`.

A finding that is known and lived with goes into `accepted.csv` with its rule, its address (or file) and the reason.

| rule | severity | text |
|---|---|---|
"""


def findings_page() -> str:
    """`docs/findings.md`: a table of all rules."""
    rows = []
    for rule, told in sorted(catalogue("findings").items()):
        text = str(told["en"]).replace("|", "\\|").replace("<", "&lt;")
        rows.append(f"| `{rule}` | {told['severity']} | {text} |")
    return _HEAD + "\n".join(rows) + "\n"
