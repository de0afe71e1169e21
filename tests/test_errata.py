"""Errata of sources: read from the folder, held beside the plan, shown in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bagdar.checks import check
from bagdar.equations import simulate
from bagdar.erratum import ERRATUM_KINDS
from bagdar.finding import Finding
from bagdar.folder import new, read
from bagdar.language import LANGUAGES, phrase
from bagdar.plan import Plan
from bagdar.publish import pages
from bagdar.publish.sources import errata

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "kazakhstan"
HEADER = "code,source,kind,place,kk,ru,en,evidence\n"
ROW = "oil,example,arithmetic,oil 59.4,59.5 деп оқылады,читается 59.5,read as 59.5,50.7 + 8.8\n"


def with_errata(tmp_path: Path, rows: str) -> tuple[Plan, list[Finding]]:
    """The template with an errata file, as it is read and checked."""
    folder = tmp_path / "plan"
    assert new(folder, "en") == []
    (folder / "source_errata.csv").write_text(rows, "utf-8")
    plan, found = read(folder)
    assert plan is not None
    solution, more = simulate(plan)
    return plan, check(plan, solution, [*found, *more])[0]


def test_an_erratum_is_read_with_its_home_and_is_no_part_of_the_plans_identity(tmp_path: Path) -> None:
    bare, _ = with_errata(tmp_path / "bare", HEADER)
    plan, found = with_errata(tmp_path / "full", HEADER + ROW)
    assert found == []
    assert [(e.code, e.kind, e.reading.en, e.evidence) for e in plan.errata] == [
        ("oil", "arithmetic", "read as 59.5", "50.7 + 8.8")
    ]
    assert str(plan.errata[0].home) == "source_errata.csv:2"
    assert bare.errata == ()
    assert plan == bare
    assert plan.hash == bare.hash


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (ROW + ROW, "duplicate_key", 0),
        (ROW.replace("oil,", "two words,"), "code_unusable", 1),
        (ROW.replace("example,", ",", 1), "erratum_left_empty", 2),
        (ROW.replace("arithmetic", "wrong"), "word_unknown", 3),
        (ROW.replace("oil 59.4", ""), "erratum_left_empty", 4),
        (ROW.replace("example,", "yearbook,", 1), "unknown_source", 0),
        (ROW.replace("читается 59.5", ""), "translation_missing", 0),
    ],
)
def test_a_row_that_cannot_be_used_is_a_finding_at_its_field(tmp_path: Path, row: str, rule: str, column: int) -> None:
    _, found = with_errata(tmp_path, HEADER + row)
    assert [f.rule for f in found] == [rule]
    assert found[0].home.file == "source_errata.csv"
    assert found[0].home.column == column


def test_the_page_shows_the_words_of_the_source_escaped_and_says_what_is_not_verified(tmp_path: Path) -> None:
    unsure = ROW.replace("oil,", "who,").replace("50.7 + 8.8", "").replace("oil 59.4", "<b>he</b> & she")
    plan, _ = with_errata(tmp_path, HEADER + ROW + unsure)
    for language in LANGUAGES:
        shown = errata(plan, language)
        assert "<q>oil 59.4</q>" in shown
        assert "<q>&lt;b&gt;he&lt;/b&gt; &amp; she</q>" in shown
        assert shown.count(phrase("erratum_not_verified", language)) == 1
        assert phrase("erratum_arithmetic", language) in shown
        assert plan.errata[0].reading.get(language) in shown
    assert errata(with_errata(tmp_path / "none", HEADER)[0], "en") == ""


def test_a_plan_that_errs_with_two_sources_tells_them_apart(tmp_path: Path) -> None:
    other = ROW.replace("oil,", "gas,").replace("example,", "other,", 1)
    plan, _ = with_errata(tmp_path, HEADER + ROW + other)
    assert errata(plan, "en").count(plan.sources["example"].title) == 1
    assert "other; " in errata(plan, "en")
    both, _ = with_errata(tmp_path / "both", HEADER + ROW + ROW.replace("oil,", "gas,"))
    assert errata(both, "en").count(both.sources["example"].title) == 1  # once, above the list


def test_every_kind_of_erratum_has_its_words() -> None:
    for kind in ERRATUM_KINDS:
        assert len({phrase(f"erratum_{kind}", language) for language in LANGUAGES}) == 3


@pytest.fixture(scope="module")
def kazakhstan() -> Plan:
    plan, _ = read(EXAMPLE)
    assert plan is not None
    return plan


def test_kazakhstans_errata_cover_the_damage_and_the_contradictions_of_its_source_text(kazakhstan: Plan) -> None:
    items = {e.code.split("_")[0] for e in kazakhstan.errata}
    assert {"S84", "S85", "S86", "S87", "S88"} <= items
    assert all(not e.reading.missing and e.source in kazakhstan.sources for e in kazakhstan.errata)
    assert {e.kind for e in kazakhstan.errata} == set(ERRATUM_KINDS)


def test_a_win_is_read_as_a_loss_in_all_three_languages(kazakhstan: Plan) -> None:
    told = next(e for e in kazakhstan.errata if e.kind == "sense")
    assert "ұтысқа" in told.place
    assert re.search("ұтылысқа", told.reading.kk, re.IGNORECASE)
    assert "проигрышу" in told.reading.ru
    assert "loss" in told.reading.en
    assert told.evidence.startswith("Себебі")  # the source's next sentence


def test_only_the_author_whom_nobody_could_verify_stands_without_evidence(kazakhstan: Plan) -> None:
    assert [e.code for e in kazakhstan.errata if not e.evidence] == ["S87_cohen"]


def test_the_arithmetic_of_kazakhstans_errata_is_right(kazakhstan: Plan) -> None:
    sums = 0
    for erratum in kazakhstan.errata:
        for left, sign, right, result in re.findall(r"([\d,]+) ([-+:−]) ([\d,]+) = ([\d,]+)", erratum.evidence):
            a, b, told = (float(text.rstrip(",").replace(",", ".")) for text in (left, right, result))
            value = {"+": a + b, "−": a - b, ":": a / b}[sign]
            digits = len(result.rstrip(",").partition(",")[2])
            assert value == pytest.approx(told, abs=0.5 * 10**-digits + 1e-9), erratum.code
            sums += 1
    assert sums >= 8


def test_the_pages_list_them_under_their_sources(kazakhstan: Plan) -> None:
    solution, _ = simulate(kazakhstan)
    written = pages(solution, [], [])
    for language in LANGUAGES:
        told = "".join(page for file, page in written.items() if file.startswith(language))
        section = told.partition(' id="sources"')[2].partition("</section>")[0]
        assert section.count("<q>") == len(kazakhstan.errata)
        assert phrase("errata_title", language) in section
