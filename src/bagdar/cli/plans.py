"""The commands on a plan: make, check, solve, explain, publish and change it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bagdar.cli.shell import (
    Folder,
    LanguageOption,
    Variant,
    allocated,
    app,
    changes_of,
    leave,
    progress,
    show,
    shown,
    solved,
    stop_on,
    tongue_of,
    write_out,
)


@app.command()
def new(folder: Path, language: LanguageOption = "en") -> None:
    """Make FOLDER a small plan that checks and solves, to be filled with your own figures."""
    from bagdar.folder import new as make
    from bagdar.language import phrase

    tongue = tongue_of(language)
    stop_on(make(folder, tongue), tongue, folder)
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

    tongue = tongue_of(language)
    imported, found = import_model(file, folder)
    show(found, tongue, folder if found and not found[0].home.file else file.parent)
    if imported is not None:
        typer.echo(imported_line(imported, folder, tongue))
    leave(found)


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

    tongue = tongue_of(language)
    solution, found, known = solved(folder, variant, tongue, quiet=True)
    if as_json:
        told = {"open": [f.as_json(tongue) for f in found], "accepted": [f.as_json(tongue) for f in known]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for item in [*found, *(known if accepted else [])]:
            typer.echo(item.line(tongue, shown(folder)))
        if solution is not None:
            typer.echo(solution_line(solution, tongue))
        typer.echo(summary_line(found, known, tongue))
    leave(found)


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

    tongue = tongue_of(language)
    solution, found, _ = solved(folder, variant, tongue)
    show(found, tongue, folder)
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
            stop_on([finding("file_not_ours")], tongue, out)
        write_out({out.name: results_csv(solution).encode()}, out.parent, tongue)
        typer.echo(phrase("written", tongue, path=out))
    leave(found)


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

    tongue = tongue_of(language)
    whole = Address.parse(address)
    # Without a kind it is the value of an indicator, if there is such.
    place = whole or Address.parse(f"value:{address.strip()}")
    unreadable = [finding("address_unreadable", Home(), found=address)]
    if place is None:
        stop_on(unreadable, tongue, folder)
        return
    solution, found, _ = solved(folder, variant, tongue)
    if solution is None:
        stop_on(found, tongue, folder)
        return
    if whole is None and place.code not in solution.plan.indicators:
        stop_on(unreadable, tongue, folder)
        return
    told = explain_number(solution, place)
    if isinstance(told, Finding):
        stop_on([told], tongue, folder)
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

    tongue = tongue_of(language)
    solution, found, known = solved(folder, variant, tongue)
    settled, more = (None, []) if solution is None else allocated(solution, tongue)
    found += more
    show(found, tongue, folder)
    if solution is None:
        raise typer.Exit(1)
    write_out(
        {name: text.encode() for name, text in pages(solution, found, known, variant, settled).items()}, out, tongue
    )
    for line in [
        *headline(solution, tongue)[:9],
        solution_line(solution, tongue),
        summary_line(found, known, tongue),
    ]:
        typer.echo(line)
    typer.echo(phrase("written", tongue, path=out / f"{tongue}.html"))
    leave(found)


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
    from bagdar.publish.document import as_file, as_text, is_ours
    from bagdar.publish.model_tests import model_document

    tongue = tongue_of(language)
    if out is not None and not out.is_dir() and out.suffix not in (".md", ".html"):
        stop_on([finding("file_ending_unknown", found=out.suffix or "—", expected=".md, .html")], tongue, out)
    if out is not None and not is_ours(out):
        stop_on([finding("file_not_ours")], tongue, out)
    solution, found, _ = solved(folder, "", tongue)
    show(found, tongue, folder)
    if solution is None or not solution.solved:
        typer.echo(phrase("not_solved", tongue), err=True)
        raise typer.Exit(1)
    tests = examine(solution, progress(tongue, "testing"))
    document = model_document(tests, tongue)
    typer.echo(as_text(document))
    if out is not None:
        write_out({out.name: as_file(document, out.suffix, tongue).encode()}, out.parent, tongue)
        typer.echo(phrase("written", tongue, path=out))
    if strict and not tests.passed:
        raise typer.Exit(1)
    leave(found)


@app.command()
def indicators(folder: Folder = Path(), language: LanguageOption = "en") -> None:
    """Count the plan's indicator system and list it: what each number rests on, and how it adds up."""
    from bagdar.folder import read
    from bagdar.publish.indicator_system import system_lines

    tongue = tongue_of(language)
    plan, found = read(folder)
    show(found, tongue, folder)
    if plan is None:
        raise typer.Exit(1)
    for line in system_lines(plan, tongue):
        typer.echo(line)
    leave(found)


@app.command()
def apply(folder: Path, variant: str, language: LanguageOption = "en") -> None:
    """Write a variant's changes into the plan's files: only the cells that change."""
    from bagdar.finding import has_errors
    from bagdar.folder import read, write_changes
    from bagdar.language import phrase

    tongue = tongue_of(language)
    plan, found = read(folder)
    if plan is None or has_errors(found):
        stop_on(found, tongue, folder)
        return
    changes = changes_of(plan, variant, tongue, folder)
    _, found = write_changes(folder, plan, changes)
    stop_on(found, tongue, folder)
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

    tongue = tongue_of(language)
    plan, found = read(folder)
    if plan is None:
        stop_on(found, tongue, folder)
        return
    stop_on(mark_translated(folder, plan, chapter, tongue_of(source, "--from")), tongue, folder)
    typer.echo(phrase("written", tongue, path=folder / "chapters" / f"{chapter}.md"))
