"""The commands on balances: read them, allocate by rank."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bagdar.cli.shell import Folder, LanguageOption, Variant, allocated, app, leave, show, solved, tongue_of, write_out

_ENDINGS = (".xlsx", ".md", ".html")


@app.command()
def balances(folder: Folder = Path(), variant: Variant = "", language: LanguageOption = "en") -> None:
    """Print every balance as the plan has it: resources, uses, what is over or lacking; then the normative base."""
    from bagdar.publish.balances import balances_document
    from bagdar.publish.document import as_text

    tongue = tongue_of(language)
    solution, found, _ = solved(folder, variant, tongue)
    show(found, tongue, folder)
    if solution is None:
        raise typer.Exit(1)
    typer.echo(as_text(balances_document(solution, tongue)))
    leave(found)


@app.command()
def allocate(
    folder: Folder = Path(),
    variant: Variant = "",
    ranks: Annotated[str, typer.Option(help="epsilon, exact or weighted; else as plan.toml says.")] = "",
    method: Annotated[str, typer.Option(help="simplex, ipx, hipo or hipdlp; else by size.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write it to FILE.xlsx, FILE.md or FILE.html too.")] = None,
    language: LanguageOption = "en",
) -> None:
    """Give each use what it can get by its rank: what is short, what limits it, and what would relieve it."""
    from bagdar.finding import finding
    from bagdar.language import phrase
    from bagdar.publish.allocation import allocation_document
    from bagdar.publish.document import as_file, as_text, is_ours
    from bagdar.publish.workbook import is_ours as is_our_workbook
    from bagdar.publish.workbook import workbook

    tongue = tongue_of(language)
    if out is not None and out.suffix not in _ENDINGS:
        show([finding("file_ending_unknown", found=out.suffix or "—", expected=", ".join(_ENDINGS))], tongue, out)
        raise typer.Exit(1)
    ours = is_our_workbook if out is not None and out.suffix == ".xlsx" else is_ours
    if out is not None and not ours(out):
        show([finding("file_not_ours")], tongue, out)
        raise typer.Exit(1)
    solution, found, _ = solved(folder, variant, tongue)
    show(found, tongue, folder)
    if solution is None or not solution.solved:
        typer.echo(phrase("not_solved", tongue), err=True)
        raise typer.Exit(1)
    settled, more = allocated(solution, tongue, *_known(ranks or solution.plan.header.ranks, method))
    if settled is None and not more:
        more = [finding("no_balances")]
    # What checks found is told already, and the document says what is short.
    show([one for one in more if one.rule != "use_is_short" and one not in found], tongue, folder)
    if settled is None:
        raise typer.Exit(1)
    document = allocation_document(settled, tongue)
    typer.echo(as_text(document))
    if out is not None:
        content = workbook(settled, tongue) if out.suffix == ".xlsx" else as_file(document, out.suffix, tongue).encode()
        write_out({out.name: content}, out.parent, tongue)
        typer.echo(phrase("written", tongue, path=out))
    # That uses exceed resources is what is allocated here, and no error.
    leave([one for one in (*found, *more) if one.rule != "uses_exceed_resources"])


def _known(ranks: str, method: str) -> tuple[str, str]:
    """The options, if there are such."""
    from bagdar.balances.highs import METHODS
    from bagdar.balances.ranks import WAYS

    for name, given, known in (("--ranks", ranks, WAYS), ("--method", method, METHODS)):
        if given and given not in known:
            raise typer.BadParameter(f"{given}: {', '.join(known)}", param_hint=name)
    if ranks == "exact" and method not in ("", "simplex"):
        raise typer.BadParameter(f"{method}: exact – simplex", param_hint="--method")
    return ranks, method
