"""A solution as a report: what a ministry reads, in one language."""

from __future__ import annotations

from collections.abc import Sequence

from bagdar import __version__
from bagdar.equations import Solution
from bagdar.finding import Finding, alike
from bagdar.language import LANGUAGES, Language, number, phrase, written_date
from bagdar.profile import ProfileSection, profile
from bagdar.publish.content import Chapter, Notice, Report, Trace
from bagdar.publish.context import Context
from bagdar.publish.parts import part
from bagdar.publish.summary import summary


def report(
    context: Context,
    found: Sequence[Finding],
    accepted: Sequence[Finding],
    traced: tuple[Trace, ...],
    variant: str = "",
) -> Report:
    """The whole report. `found` and `accepted` are the findings as `checks.check` gives them."""
    solution, language, plan = context.solution, context.language, context.plan
    return Report(
        language,
        plan.header.title.get(language) or plan.header.code,
        _subtitle(solution, variant, language),
        summary(solution, context.compared, language),
        chapters(context),
        _notices(solution, found, accepted, language),
        traced,
        phrase(
            "identity" if solution.solved else "identity_unsolved",
            language,
            hash=plan.hash[:16],
            version=__version__,
        ),
        tuple((other, f"{other}.html") for other in LANGUAGES if other != language),
    )


def chapters(context: Context) -> tuple[Chapter, ...]:
    """The sections of the plan document as the plan's profile has them, numbered but for annexes."""
    written: list[Chapter] = []
    for section in profile(context.plan.header.profile).sections:
        number = "" if section.annex else str(1 + sum(bool(chapter.number) for chapter in written))
        if (chapter := _chapter(context, section, number)) is not None:
            written.append(chapter)
    return tuple(written)


def _chapter(context: Context, section: ProfileSection, number: str) -> Chapter | None:
    """A section with those of its parts that say something; None if it is to be left out when it is empty."""
    parts = (part(context, name) for name in section.parts)
    said = tuple(one for one in parts if one is not None and not one.empty)
    if not said and (section.quiet or section.annex):
        return None
    title = section.names.get(context.language)
    return Chapter(f"section-{section.code}", number, title, said, "" if said else context.say("nothing_stated"))


def _subtitle(solution: Solution, variant: str, language: Language) -> str:
    header = solution.plan.header
    subtitle = phrase(
        "subtitle",
        language,
        base=header.base,
        first=header.horizon[0],
        last=header.horizon[1],
        date=written_date(header.plan_date, language),
    )
    if not variant:
        return subtitle
    title = solution.plan.variant_titles[variant].get(language) or variant
    return f"{phrase('subtitle_variant', language, title=title)} {subtitle}"


def _notices(
    solution: Solution, found: Sequence[Finding], accepted: Sequence[Finding], language: Language
) -> tuple[Notice, ...]:
    reasons = {(a.rule, a.where): a.reason for a in solution.plan.accepted}
    notices: list[Notice] = []
    for shown, more in alike(found):
        notices += [Notice(f.severity, str(f.home), f.text(language)) for f in shown]
        if more:
            text = phrase("findings_alike", language, count=number(more, language), rule=shown[0].rule)
            notices.append(Notice(shown[0].severity, str(shown[0].home), text))
    for f in accepted:
        reason = reasons.get((f.rule, f.address)) or reasons.get((f.rule, f.home.file), "")
        notices.append(Notice(f.severity, str(f.home), f.text(language), reason))
    return tuple(notices)
