"""Models that come with Bagdar as equation text: a plan names one, adds to it and overrides it."""

from __future__ import annotations

from importlib.resources import files

from bagdar.finding import MODELS, Finding, Home
from bagdar.statement import Statement, split


def models() -> tuple[str, ...]:
    """The names of all models, sorted."""
    return tuple(sorted(path.name for path in files("bagdar.models").iterdir() if path.is_dir() and texts(path.name)))


def with_model(name: str, own: tuple[Statement, ...]) -> tuple[tuple[Statement, ...], list[Finding]]:
    """The statements of the model called `name` and the plan's `own`, which replace those of the same code.

    A code that the plan gives an equation, or a check a name, loses all of the model's statements of that code.
    """
    if not name:
        return own, []
    overridden = {statement.code for statement in own}
    taken: list[Statement] = []
    findings: list[Finding] = []
    for file, text in texts(name).items():
        statements, wrong = split(text, f"{MODELS}{name}/{file}")
        taken += [s for s in statements if s.code not in overridden]
        findings += wrong
    return (*taken, *own), findings


def in_a_model(home: Home) -> bool:
    """Whether a statement's home is a model's text, not a file of the folder."""
    return home.file.startswith(MODELS)


def texts(name: str) -> dict[str, str]:
    """The equation files of a model by name, in their order."""
    folder = files("bagdar.models") / name
    return {
        path.name: path.read_text("utf-8") for path in sorted(folder.iterdir(), key=str) if path.name.endswith(".eq")
    }
