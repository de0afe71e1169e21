"""A document of headed text and tables of words, for what is read on a terminal as well as on a page."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bagdar.language import Language
from bagdar.publish.terminal import columns

# Stands in every file that is written, so that no other is written over.
MARK = "<!-- bagdar document -->"


@dataclass(frozen=True)
class Grid:
    """A table: the heads of its columns and rows of texts, the first `left` columns set to the left."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    left: int = 1


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
            lines += [*([grid.title] if grid.title else []), *columns([grid.head, *grid.rows], grid.left), ""]
    return "\n".join(lines)


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
