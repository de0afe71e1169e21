"""Reference pages that are read off the code, so that they cannot lie."""

from __future__ import annotations

import re

from bagdar.folder.models import texts
from bagdar.language import catalogue

_HEAD = """# Findings

Every finding that Bagdar can make: the rule it names, how grave it is, and its text. An *error* means that the plan \
cannot be trusted, and `bagdar check` ends with exit status 1; a *warning* wants to be looked at; a *note* is good to \
know. The texts exist in Kazakh, Russian and English (`--language`). This page is written by `scripts/docs`.

A finding that is known and lived with goes into `accepted.csv` with its rule, its address (or file) and the reason.

| rule | severity | text |
|---|---|---|
"""


_MODEL = """# The standard model

An annual multi-sector model in the tradition of INSEE's DMS, Cambridge's MDM and INFORUM: sectors linked by an \
input-output table, demand-led but for resource sectors, with prices, incomes and institutional accounts. A plan takes \
it with `model = "standard"` in `plan.toml`, gives its sets, accounts and coefficients, and overrides what it does not \
like: an equation in the plan's `equations/` replaces all of the model's for the same indicator.

Sets: `sector` with the flags `resource`, `demand_led` (all others), of these `competitive`, `regulated` or `public`; \
`private` (not public), `farm`, `nonfarm`, `energy`; `region` with a total `country`; `institution` with `households`, \
`firms`, `government`, `rest_of_world`; `outlay` with `consumption`, `investment`, `benefits`, `subsidies` and \
`interest`; `administrator` with `local`; `skill`, `budget_programme`, `emission` with any labels. Volumes are at \
base-year prices, and base-year prices are 1. `examples/kazakhstan` is a plan built on it; \
`examples/kazakhstan/estimates/README.md` tells how its numbers are made, [model-tests.md](model-tests.md) and, from \
another base year, [model-tests-2000.md](model-tests-2000.md) what it is worth. \
This page is written by `scripts/docs`; a block is a file, in the order in which a reader can follow money \
through the economy.
"""


def model_page() -> str:
    """`docs/standard-model.md`: the equations of the standard model as they are."""
    blocks = [
        f"## {name[3:].removesuffix('.eq').replace('_', ' ').capitalize()}\n\n```\n{text.strip()}\n```\n"
        for name, text in texts("standard").items()
    ]
    return "\n".join([_MODEL, *blocks])


def findings_page() -> str:
    """`docs/findings.md`: a table of all rules."""
    rows = []
    for rule, told in sorted(catalogue("findings").items()):
        # How a unit is written is no matter of the page.
        plain = re.sub(r"\{(\w+):words\}", r"{\1}", re.sub(r"\{(\w+):beside\}", r" {\1}", told["en"]))
        text = plain.replace("|", "\\|").replace("<", "&lt;")
        rows.append(f"| `{rule}` | {told['severity']} | {text} |")
    return _HEAD + "\n".join(rows) + "\n"
