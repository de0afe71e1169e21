"""The published page: one HTML file from a report, complete in itself."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING

from bagdar.language import Language, phrase

if TYPE_CHECKING:
    from bagdar.publish.content import Notice, Report

STATUSES = ("operational", "derived", "estimate", "assumption", "plan")
SEVERITIES = ("error", "warning", "note")


def render(report: Report) -> str:
    """The page of `report`; every text is escaped but `Section.prose` and `Chart.svg`."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined  # slow, only needed here

    environment = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    say = partial(_say, report.language)
    return environment.get_template("page.html.j2").render(
        report=report,
        say=say,
        say_in=phrase,
        style=_template("style.css"),
        groups=_groups(report.notices),
        marks={status: (say(f"mark_{status}"), say(f"status_{status}")) for status in STATUSES},
    )


def _groups(notices: tuple[Notice, ...]) -> list[tuple[str, list[Notice]]]:
    """The notices by severity, the gravest first; a severity without any is left out."""
    groups = [(severity, [one for one in notices if one.severity == severity]) for severity in SEVERITIES]
    return [(severity, group) for severity, group in groups if group]


def _say(language: Language, key: str) -> str:
    """The phrase in `language`."""
    return phrase(key, language)


def _template(name: str) -> str:
    """The text of a file in `templates`."""
    return files("bagdar.publish").joinpath("templates", name).read_text("utf-8")
