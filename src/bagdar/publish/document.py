"""A document of headed text and tables of words, for what is read on a terminal as well as on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bagdar.language import Language
from bagdar.publish.terminal import columns

WIDE = 100  # what a terminal has room for
# Stands in every file that is written, so that no other is written over.
MARK = "<!-- bagdar document -->"


@dataclass(frozen=True)
class Grid:
    """A table: the heads of its columns and rows of texts, the first `left` columns set to the left.

    turn: what its columns are, if rows and columns may change places where there is no room for it; '' if not.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    left: int = 1
    turn: str = ""


@dataclass(frozen=True)
class Part:
    """A headed part: paragraphs, then tables."""

    title: str
    text: tuple[str, ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True)
class Document:
    """A title, paragraphs below it, and parts."""

    title: str
    text: tuple[str, ...]
    parts: tuple[Part, ...]


def as_text(document: Document) -> str:
    """For a terminal: headings underlined, tables in aligned columns."""
    lines = [document.title, "=" * len(document.title), "", *document.text, ""]
    for part in document.parts:
        lines += [part.title, "-" * len(part.title), *part.text, ""]
        for grid in part.grids:
            lines += [*([grid.title] if grid.title else []), *_fitted(grid), ""]
    return "\n".join(lines)


def _fitted(grid: Grid) -> list[str]:
    """A table's lines; one that is too wide and may be turned: blocks of as many of its rows as there is room for."""
    whole = columns([grid.head, *grid.rows], grid.left)
    if not grid.turn or max(map(len, whole)) <= WIDE:
        return whole
    blocks: list[list[str]] = []
    taken: list[tuple[str, ...]] = []
    for row in grid.rows:
        if taken and _width(_turned(grid, [*taken, row])) > WIDE:
            blocks.append(_turned(grid, taken))
            taken = []
        taken.append(row)
    return [line for block in [*blocks, _turned(grid, taken)] for line in (*block, "")][:-1]


def _turned(grid: Grid, rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Some rows of a table beside each other; the name of one that is too long stands above it."""
    names, *lines = zip(*([grid.turn, *grid.head[1:]], *rows), strict=True)
    turned = columns([names, *lines], 1)
    if len(rows) > 1 or _width(turned) <= WIDE:
        return turned
    return [names[1], *columns(lines, 1)]


def _width(lines: Sequence[str]) -> int:
    return max(map(len, lines))


def as_markdown(document: Document) -> str:
    """In Markdown with the tables of GitHub's dialect."""
    blocks = [MARK, f"# {_plain(document.title)}", *map(_plain, document.text)]
    for part in document.parts:
        blocks += [f"## {_plain(part.title)}", *map(_plain, part.text)]
        for grid in part.grids:
            ruled = "|" + "|".join("---" if i < grid.left else "--:" for i in range(len(grid.head))) + "|"
            rows = ["| " + " | ".join(map(_plain, row)) + " |" for row in (grid.head, *grid.rows)]
            blocks += [*([f"### {_plain(grid.title)}"] if grid.title else []), "\n".join([rows[0], ruled, *rows[1:]])]
    return "\n\n".join(blocks) + "\n"


def as_html(document: Document, language: Language) -> str:
    """As a page complete in itself; every text is escaped."""
    from jinja2 import Environment, StrictUndefined  # slow, only needed here

    templates = files("bagdar.publish").joinpath("templates")
    template = templates.joinpath("document.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    style = templates.joinpath("style.css").read_text("utf-8")
    return environment.from_string(template).render(document=document, language=language, style=style, mark=MARK)


def as_file(document: Document, suffix: str, language: Language) -> str:
    """What a file of that ending holds: a page for ``.html``, else Markdown."""
    return as_html(document, language) if suffix == ".html" else as_markdown(document)


def is_ours(path: Path) -> bool:
    """Whether a file may be written over: there is none, or it is a document of Bagdar's."""
    return not path.is_file() or MARK in path.read_text("utf-8", "replace")


def _plain(text: str) -> str:
    """Text that Markdown takes as it stands, in a table too."""
    for mark in ("\\", "`", "*", "_", "|", "<", "[", "]", "#"):
        text = text.replace(mark, "&lt;" if mark == "<" else "\\" + mark)
    return text.replace("\n", " ")
