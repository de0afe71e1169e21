"""What the commands share: the program itself, its options, and how findings reach the terminal."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bagdar.balances.loop import Settled
    from bagdar.change import Change
    from bagdar.equations import Solution
    from bagdar.finding import Finding
    from bagdar.language import Language
    from bagdar.plan import Plan

app = typer.Typer(
    help="Indicative planning: a plan is a folder of text and tables that is checked, solved and published.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[Path, typer.Argument(help="The plan's folder.")]
Variant = Annotated[str, typer.Option(help="A variant of variants/ to apply first.")]
LanguageOption = Annotated[
    str, typer.Option("--language", "-l", help="kk, ru or en.", envvar="BAGDAR_LANGUAGE", metavar="LANGUAGE")
]


def tongue_of(text: str, option: str = "--language") -> Language:
    """The language of an option; another is refused."""
    from bagdar.language import LANGUAGES

    for language in LANGUAGES:
        if text == language:
            return language
    raise typer.BadParameter(f"{text}: {', '.join(LANGUAGES)}", param_hint=option)


def solved(
    folder: Path, variant: str, language: Language, quiet: bool = False
) -> tuple[Solution | None, list[Finding], list[Finding]]:
    """(solution, open findings, accepted findings) of a folder, with a variant applied."""
    from dataclasses import replace

    from bagdar.change import apply as apply_changes
    from bagdar.checks import check as run_checks
    from bagdar.equations import simulate as solve
    from bagdar.finding import has_errors, in_order
    from bagdar.folder import read

    plan, found = read(folder)
    if plan is None:
        return None, list(in_order(found)), []
    if variant:
        plan, more = apply_changes(plan, changes_of(plan, variant, language, folder))
        if has_errors(more):
            return None, list(in_order(found + more)), []
        plan, found = replace(plan, variants={}), found + more  # the others are changes of the plan, not of this one
    solution, more = solve(plan, None if quiet else progress(language))
    open_ones, known = run_checks(plan, solution, found + more)
    return solution, open_ones, known


def allocated(
    solution: Solution, language: Language, ranks: str = "", method: str = ""
) -> tuple[Settled | None, list[Finding]]:
    """The balances of a solved plan by rank, settled with its model, and what is short; None if it has none."""
    from bagdar.balances.framing import allocated as to_allocate

    if not solution.solved or not to_allocate(solution.plan.balances):
        return None, []
    from bagdar.balances.allocation import options_of
    from bagdar.balances.loop import settle, uses_short

    settled, found = settle(solution, options_of(solution.plan, ranks, method), progress(language, "allocating"))
    return settled, found if settled is None else [*found, *uses_short(settled)]


def changes_of(plan: Plan, variant: str, language: Language, folder: Path) -> Sequence[Change]:
    """A variant's changes; one that there is not ends the command."""
    from bagdar.finding import Home, finding

    if variant not in plan.variants:
        known = ", ".join(sorted(plan.variants)) or "—"
        stop_on([finding("no_such_variant", Home("variants"), name=variant, known=known)], language, folder)
    changes: Sequence[Change] = plan.variants[variant]
    return changes


def progress(language: Language, doing: str = "solving") -> Callable[[int, int], None] | None:
    """A line that counts what is done, or None where nobody looks."""
    from bagdar.language import phrase

    if not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{phrase(doing, language)} {done}/{of}{end}")

    return show


def write_out(contents: dict[str, bytes], root: Path, language: Language) -> None:
    """Write files by their names under `root`; what cannot be written ends the command."""
    from bagdar.folder.atomic import write_files

    stop_on(write_files(root, contents), language, root)


def show(found: Sequence[Finding], language: Language, folder: Path) -> None:
    """Print findings beside the result."""
    from bagdar.publish.terminal import finding_lines

    for line in finding_lines(found, language, shown(folder)):
        typer.echo(line, err=True)


def shown(folder: Path) -> str:
    """The folder as it stands before a file's name; nothing for the current one."""
    return "" if folder == Path() else str(folder)


def stop_on(found: Sequence[Finding], language: Language, folder: Path) -> None:
    """Print findings; an error among them ends the command."""
    from bagdar.finding import has_errors

    show(found, language, folder)
    if has_errors(found):
        raise typer.Exit(1)


def leave(found: Sequence[Finding]) -> None:
    """Exit status 1 if any finding is an error."""
    from bagdar.finding import has_errors

    if has_errors(found):
        raise typer.Exit(1)
