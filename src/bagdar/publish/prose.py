"""Prose of a plan's chapters as safe HTML."""

from __future__ import annotations

from bagdar.folder.translation import body
from bagdar.language import Language
from bagdar.plan import Plan


def chapter(plan: Plan, name: str, language: Language) -> str:
    """The chapter `name` in `language` as HTML, '' if there is none. HTML in the text is shown, not obeyed."""
    text = plan.chapters.get(f"{name}.{language}", "")
    return markdown(body(text)) if text else ""


def markdown(text: str) -> str:
    """CommonMark with raw HTML, images and unsafe links switched off."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark", {"html": False}).disable("image").render(text))
