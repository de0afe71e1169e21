"""The command line: a thin shell over the functions; it holds no arithmetic."""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from bagdar import __version__
from bagdar.cli import balances, plans
from bagdar.cli.shell import app

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["app", "balances", "main", "plans"]


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
