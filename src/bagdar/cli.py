"""The command line: a thin shell over the functions; it holds no arithmetic."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bagdar import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType

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


@app.command()
def new(folder: Path, language: LanguageOption = "en") -> None:
    """Make FOLDER a small plan that checks and solves, to be filled with your own figures."""
    from bagdar.folder import new as make
    from bagdar.language import phrase

    tongue = _language(language)
    _stop_on(make(folder, tongue), tongue, folder)
    typer.echo(phrase("written", tongue, path=folder))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A model of another program: .pcim, or EViews equations in .txt, .prg.")],
    folder: Annotated[Path, typer.Argument(help="The new plan's folder.")],
    language: LanguageOption = "en",
) -> None:
    """Make FOLDER a plan of the model in FILE. Exit status 1 if something of it could not be taken over."""
    from bagdar.importers import import_model
    from bagdar.publish.terminal import imported_line

    tongue = _language(language)
    imported, found = import_model(file, folder)
    _print(found, tongue, folder if found and not found[0].home.file else file.parent)
    if imported is not None:
        typer.echo(imported_line(imported, folder, tongue))
    _exit(found)


@app.command()
def check(
    folder: Folder = Path(),
    variant: Variant = "",
    language: LanguageOption = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON, for editors and CI.")] = False,
    accepted: Annotated[bool, typer.Option("--accepted", help="Show accepted findings too.")] = False,
) -> None:
    """Say all that contradicts itself in the plan, with file and row. Exit status 1 if anything is an error."""
    from bagdar.publish.terminal import solution_line, summary_line

    tongue = _language(language)
    solution, found, known = _solve(folder, variant, tongue, quiet=True)
    if as_json:
        shown = {"open": [f.as_json(tongue) for f in found], "accepted": [f.as_json(tongue) for f in known]}
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        for item in [*found, *(known if accepted else [])]:
            typer.echo(item.line(tongue, _shown(folder)))
        if solution is not None:
            typer.echo(solution_line(solution, tongue))
        typer.echo(summary_line(found, known, tongue))
    _exit(found)


@app.command()
def simulate(
    folder: Folder = Path(),
    variant: Variant = "",
    out: Annotated[Path | None, typer.Option(help="Write every value as CSV: name, period, value.")] = None,
    language: LanguageOption = "en",
) -> None:
    """Solve the plan year by year and print its headline figures, add-factors and closure."""
    from bagdar.finding import finding
    from bagdar.language import phrase
    from bagdar.publish.closure import closure_lines
    from bagdar.publish.results import RESULTS_HEAD, results_csv
    from bagdar.publish.terminal import add_factor_lines, headline, solution_line

    tongue = _language(language)
    solution, found, _ = _solve(folder, variant, tongue)
    _print(found, tongue, folder)
    if solution is None or not solution.solved:
        typer.echo(phrase("not_solved", tongue), err=True)
        raise typer.Exit(1)
    for line in [
        *headline(solution, tongue),
        "",
        *add_factor_lines(solution, tongue),
        "",
        *closure_lines(solution, tongue),
        solution_line(solution, tongue),
    ]:
        typer.echo(line)
    if out is not None:
        if out.is_file() and not out.read_bytes().startswith(RESULTS_HEAD.encode()):
            _stop_on([finding("file_not_ours")], tongue, out)
        _write({out.name: results_csv(solution).encode()}, out.parent, tongue)
        typer.echo(phrase("written", tongue, path=out))
    _exit(found)


@app.command()
def explain(
    address: Annotated[str, typer.Argument(help="For example value:gdp[; 2005].")],
    folder: Folder = Path(),
    variant: Variant = "",
    language: LanguageOption = "en",
) -> None:
    """Say where one number comes from: its row and source, or its equation with all it read."""
    from bagdar.address import Address
    from bagdar.equations import explain as explain_number
    from bagdar.finding import Finding, Home, finding
    from bagdar.publish.terminal import explanation_lines

    tongue = _language(language)
    place = Address.parse(address)
    if place is None:
        _stop_on([finding("address_unreadable", Home(), found=address)], tongue, folder)
        return
    solution, found, _ = _solve(folder, variant, tongue)
    if solution is None:
        _stop_on(found, tongue, folder)
        return
    told = explain_number(solution, place)
    if isinstance(told, Finding):
        _stop_on([told], tongue, folder)
        return
    for line in explanation_lines(told, tongue):
        typer.echo(line)


@app.command()
def build(
    folder: Folder = Path(),
    out: Annotated[Path, typer.Option(help="Where the pages go.")] = Path("build"),
    variant: Variant = "",
    language: LanguageOption = "en",
) -> None:
    """Check and solve the plan and write its pages in Kazakh, Russian and English."""
    from bagdar.language import phrase
    from bagdar.publish import pages
    from bagdar.publish.terminal import headline, solution_line, summary_line

    tongue = _language(language)
    solution, found, known = _solve(folder, variant, tongue)
    _print(found, tongue, folder)
    if solution is None:
        raise typer.Exit(1)
    _write({name: text.encode() for name, text in pages(solution, found, known, variant).items()}, out, tongue)
    for line in [
        *headline(solution, tongue)[:9],
        solution_line(solution, tongue),
        summary_line(found, known, tongue),
    ]:
        typer.echo(line)
    typer.echo(phrase("written", tongue, path=out / f"{tongue}.html"))
    _exit(found)


@app.command("test-model")
def model_tests(
    folder: Folder = Path(),
    out: Annotated[Path | None, typer.Option(help="Write the tests to FILE.md or FILE.html too.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit status 1 if a test fails.")] = False,
    language: LanguageOption = "en",
) -> None:
    """Print what every test of the plan's model comes to: base period, homogeneity, signs, ranges, backcast."""
    from bagdar.finding import finding
    from bagdar.language import phrase
    from bagdar.policy.model_tests import examine
    from bagdar.publish.document import MARK, as_file, as_text
    from bagdar.publish.model_tests import model_document

    tongue = _language(language)
    if out is not None and not out.is_dir() and out.suffix not in (".md", ".html"):
        _stop_on([finding("file_ending_unknown", found=out.suffix or "—", expected=".md, .html")], tongue, out)
    if out is not None and out.is_file() and MARK not in out.read_text("utf-8", "replace"):
        _stop_on([finding("file_not_ours")], tongue, out)
    solution, found, _ = _solve(folder, "", tongue)
    _print(found, tongue, folder)
    if solution is None or not solution.solved:
        typer.echo(phrase("not_solved", tongue), err=True)
        raise typer.Exit(1)
    tests = examine(solution, _progress(tongue, "testing"))
    document = model_document(tests, tongue)
    typer.echo(as_text(document))
    if out is not None:
        _write({out.name: as_file(document, out.suffix, tongue).encode()}, out.parent, tongue)
        typer.echo(phrase("written", tongue, path=out))
    if strict and not tests.passed:
        raise typer.Exit(1)
    _exit(found)


@app.command()
def indicators(folder: Folder = Path(), language: LanguageOption = "en") -> None:
    """Count the plan's indicator system and list it: what each number rests on, and how it adds up."""
    from bagdar.folder import read
    from bagdar.publish.indicator_system import system_lines

    tongue = _language(language)
    plan, found = read(folder)
    _print(found, tongue, folder)
    if plan is None:
        raise typer.Exit(1)
    for line in system_lines(plan, tongue):
        typer.echo(line)
    _exit(found)


@app.command()
def apply(folder: Path, variant: str, language: LanguageOption = "en") -> None:
    """Write a variant's changes into the plan's files: only the cells that change."""
    from bagdar.finding import has_errors
    from bagdar.folder import read, write_changes
    from bagdar.language import phrase

    tongue = _language(language)
    plan, found = read(folder)
    if plan is None or has_errors(found):
        _stop_on(found, tongue, folder)
        return
    changes = _changes(plan, variant, tongue, folder)
    _, found = write_changes(folder, plan, changes)
    _stop_on(found, tongue, folder)
    typer.echo(phrase("written", tongue, path=folder))


@app.command()
def translated(
    chapter: Annotated[str, typer.Argument(help="For example introduction.kk.")],
    folder: Folder = Path(),
    source: Annotated[str, typer.Option("--from", help="The language that it is translated from.")] = "en",
    language: LanguageOption = "en",
) -> None:
    """Mark CHAPTER as a translation of the same chapter in another language as that stands now."""
    from bagdar.folder import mark_translated, read
    from bagdar.language import phrase

    tongue = _language(language)
    plan, found = read(folder)
    if plan is None:
        _stop_on(found, tongue, folder)
        return
    _stop_on(mark_translated(folder, plan, chapter, _language(source, "--from")), tongue, folder)
    typer.echo(phrase("written", tongue, path=folder / "chapters" / f"{chapter}.md"))


def main() -> None:
    """Run the command line; an interruption ends it in one line, with exit status 130."""
    signal.signal(signal.SIGINT, _interrupted)
    # A command makes many small values and hardly any cycles (2 MB in thirty solutions): looking for them all the
    # time would cost a quarter of it.
    gc.disable()
    app()


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    from bagdar.language import LANGUAGES, phrase

    wanted = os.environ.get("BAGDAR_LANGUAGE")
    typer.echo(phrase("interrupted", next((x for x in LANGUAGES if x == wanted), "en")), err=True)
    raise SystemExit(130)


def _version(show: bool) -> None:
    if show:
        typer.echo(f"bagdar {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _language(text: str, option: str = "--language") -> Language:
    from bagdar.language import LANGUAGES

    for language in LANGUAGES:
        if text == language:
            return language
    raise typer.BadParameter(f"{text}: {', '.join(LANGUAGES)}", param_hint=option)


def _solve(
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
        plan, more = apply_changes(plan, _changes(plan, variant, language, folder))
        if has_errors(more):
            return None, list(in_order(found + more)), []
        plan, found = replace(plan, variants={}), found + more  # the others are changes of the plan, not of this one
    solution, more = solve(plan, None if quiet else _progress(language))
    open_ones, known = run_checks(plan, solution, found + more)
    return solution, open_ones, known


def _changes(plan: Plan, variant: str, language: Language, folder: Path) -> Sequence[Change]:
    from bagdar.finding import Home, finding

    if variant not in plan.variants:
        known = ", ".join(sorted(plan.variants)) or "—"
        _stop_on([finding("no_such_variant", Home("variants"), name=variant, known=known)], language, folder)
    changes: Sequence[Change] = plan.variants[variant]
    return changes


def _progress(language: Language, doing: str = "solving") -> Callable[[int, int], None] | None:
    """A line that counts what is done, or None where nobody looks."""
    from bagdar.language import phrase

    if not sys.stderr.isatty():
        return None

    def show(done: int, of: int) -> None:
        end = "\n" if done == of else ""
        sys.stderr.write(f"\r{phrase(doing, language)} {done}/{of}{end}")

    return show


def _write(contents: dict[str, bytes], root: Path, language: Language) -> None:
    from bagdar.folder.atomic import write_files

    _stop_on(write_files(root, contents), language, root)


def _print(found: Sequence[Finding], language: Language, folder: Path) -> None:
    from bagdar.publish.terminal import finding_lines

    for line in finding_lines(found, language, _shown(folder)):
        typer.echo(line, err=True)


def _shown(folder: Path) -> str:
    """The folder as it stands before a file's name; nothing for the current one."""
    return "" if folder == Path() else str(folder)


def _stop_on(found: Sequence[Finding], language: Language, folder: Path) -> None:
    from bagdar.finding import has_errors

    _print(found, language, folder)
    if has_errors(found):
        raise typer.Exit(1)


def _exit(found: Sequence[Finding]) -> None:
    from bagdar.finding import has_errors

    if has_errors(found):
        raise typer.Exit(1)
