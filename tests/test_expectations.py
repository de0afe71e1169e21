"""What is expected of a model, held against it: Toyland by hand, and shocks made another way."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bagdar.address import Address
from bagdar.change import Change, apply
from bagdar.cli import app
from bagdar.equations import Solution, simulate
from bagdar.expectation import Expectations, Range, Shift, Shock, Sign
from bagdar.folder import read
from bagdar.language import LANGUAGES, Names, phrase
from bagdar.period import Period
from bagdar.plan import Plan
from bagdar.policy.expectations import changes, judge, measure, try_shock
from bagdar.policy.model_tests import examine, identity
from bagdar.publish.document import as_file, as_markdown, as_text
from bagdar.publish.model_tests import model_document
from tests.conftest import KAZAKHSTAN

TOYLAND = Path(__file__).parent.parent / "examples" / "toyland"
# A unit of services takes fuel, milled food and seed with it (tests/test_toyland.py has the table).
SERVICES = Fraction(1, 2) + Fraction(1, 4) * Fraction(1, 4) + Fraction(1, 5) * Fraction(5, 4) * Fraction(1, 16)


@pytest.fixture(scope="module")
def toyland() -> Solution:
    plan, _ = read(TOYLAND)
    assert plan is not None
    return simulate(plan)[0]


def shock(address: str, op: str, amount: float, first: int = 0, last: int = 0) -> Shock:
    place = Address.parse(address)
    assert place is not None
    ends = (Period("A", year) if year else None for year in (first, last))
    return Shock("it", Names("ол", "он", "it"), (Shift(place, op, amount, *ends),))  # type: ignore[arg-type]


def value(solution: Solution, code: str, *labels: str) -> float:
    number = solution.values[code].get(*labels)
    assert number is not None
    return number


def expecting(plan: Plan, *signs: Sign, shocks: tuple[Shock, ...] = (), ranges: tuple[Range, ...] = ()) -> Plan:
    return replace(plan, expectations=Expectations(shocks, signs, ranges))


def sign(indicator: str, first: str, last: str = "", *labels: str, withdrawn: bool = False) -> Sign:
    return Sign("it", indicator, labels, first, last, "because", withdrawn=withdrawn)


# -- shocks --------------------------------------------------------------------------------------


def test_a_purchase_of_services_moves_what_the_pencil_says(toyland: Solution) -> None:
    tried = try_shock(toyland, shock("lever:purchases[services]", "add", 2))
    assert tried.solution is not None
    moved = [value(tried.solution, "gdp", y) - value(toyland, "gdp", y) for y in ("2021", "2022", "2023")]
    spent = SERVICES * 2 * Fraction(1, 2)  # of a unit of services, a year later: jobs × wage × propensity
    consumers = Fraction(55, 128)  # the same of a unit of consumption
    assert moved == pytest.approx([2, 2 * float(1 + spent), 2 * float(1 + spent + spent * consumers)], rel=1e-12)


@pytest.mark.parametrize(("op", "amount", "moves"), [("add", -2, -2), ("scale", 0.5, -2), ("set", 1, -3)])
def test_a_shock_on_an_add_factor_moves_what_the_equation_carries(
    toyland: Solution, op: str, amount: float, moves: float
) -> None:
    """The base year misses 4: that is carried to 2021."""
    tried = try_shock(toyland, shock("addfactor:consumption", op, amount))
    assert tried.solution is not None
    moved = value(tried.solution, "consumption", "2021") - value(toyland, "consumption", "2021")
    assert moved == pytest.approx(moves, rel=1e-12)


def test_a_judged_add_factor_is_moved_from_what_was_judged(toyland: Solution) -> None:
    """Of 2022 the Planning Board has judged 8."""
    (change,) = changes(toyland, shock("addfactor:consumption", "add", 1, 2022, 2022).shifts[0])
    assert (change.old["value"], change.new) == (8, 9)


def test_a_shock_moves_only_its_periods(toyland: Solution) -> None:
    tried = try_shock(toyland, shock("value:exports[industry]", "add", 5, 2022, 2022))
    assert tried.solution is not None
    assert tried.first == Period("A", 2022)
    cells = [("exports", "industry", y) for y in ("2021", "2022", "2023")]
    moved = [value(tried.solution, *cell) - value(toyland, *cell) for cell in cells]
    assert moved == [0, 5, 0]


def test_an_address_without_labels_moves_every_cell_that_holds_a_number(toyland: Solution) -> None:
    told = changes(toyland, shock("value:exports", "scale", 0.9).shifts[0])
    assert {str(c.address) for c in told} == {
        f"value:exports[{s}; {y}]" for s in ("agriculture", "industry", "services") for y in (2021, 2022, 2023)
    }


@pytest.mark.parametrize(
    ("address", "op", "rule"),
    [
        ("value:gdp", "scale", "set_of_an_endogenous_value"),
        ("addfactor:gdp", "add", "change_of_a_missing_value"),
        ("value:gdp_price", "add", None),  # missing in 2023: the cells that are there are moved
        ("value:exports[economy]", "add", "change_of_a_missing_value"),
    ],
)
def test_a_shock_that_the_plan_does_not_take_is_not_run(
    toyland: Solution, address: str, op: str, rule: str | None
) -> None:
    tried = try_shock(toyland, shock(address, op, 1.1))
    assert (tried.solution is None) == (rule is not None)
    assert {f.rule for f in tried.findings} == ({rule} if rule else set())


@pytest.mark.parametrize("name", ["oil_price", "vat_cut"])
def test_a_solution_started_from_the_base_is_the_one_found_afresh(
    kazakhstan: Plan, kazakhstan_solution: Solution, name: str
) -> None:
    plan, _ = apply(kazakhstan, kazakhstan.variants[name])
    fresh, near = simulate(plan)[0], simulate(plan, start=kazakhstan_solution)[0]
    assert near.program is kazakhstan_solution.program
    assert near.iterations <= fresh.iterations
    for code, quantity in fresh.values.items():
        assert near.values[code].present.tolist() == quantity.present.tolist()
        assert near.values[code].values == pytest.approx(quantity.values, rel=1e-9, abs=1e-9)


def test_a_plan_with_another_equation_is_solved_as_if_nothing_had_been(toyland: Solution) -> None:
    address = Address("equation", "income")
    old = next(s.source for s in toyland.plan.statements if s.code == "income")
    plan, found = apply(toyland.plan, [Change("replace", address, old, "income = 2*wage*employment[economy]\n")])
    assert not found
    assert simulate(plan, start=toyland)[0] == simulate(plan)[0]


# -- signs and ranges ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "labels", "found"),
    [("gdp", (), "+"), ("consumption", (), "0"), ("power_imported", (), "0"), ("employment", ("economy",), "+")],
)
def test_the_sign_of_the_first_year_is_found(
    toyland: Solution, indicator: str, labels: tuple[str, ...], found: str
) -> None:
    tried = {"it": try_shock(toyland, shock("lever:purchases[services]", "add", 2))}
    for expected in ("+", "-", "0"):
        (one,) = judge(toyland, tried, [sign(indicator, expected, "", *labels)])
        assert one.found == found
        assert one.verdict == ("holds" if expected == found else "fails")


def test_less_than_a_millionth_is_nothing(toyland: Solution) -> None:
    for amount, found in ((1e-5, "0"), (1e-3, "+"), (-1e-3, "-")):
        tried = {"it": try_shock(toyland, shock("lever:purchases[services]", "add", amount))}
        assert judge(toyland, tried, [sign("gdp", "+")])[0].found == found


def test_an_empty_sign_is_no_expectation(toyland: Solution) -> None:
    tried = {"it": try_shock(toyland, shock("lever:wage", "scale", 1.1))}
    assert [j.end for j in judge(toyland, tried, [sign("gdp", "", "+"), sign("gdp", "0")])] == ["last", "first"]


def test_a_ratio_without_a_measure_is_no_ratio(toyland: Solution) -> None:
    tried = {"it": try_shock(toyland, shock("lever:purchases[services]", "add", 2))}
    row = Range("m", Names(), "it", ("gdp", ()), ("purchases", ("services",)), "first", 0.9, 1.1, "because")
    one, none, outside = measure(
        toyland, tried, [row, replace(row, per=("exports", ("industry",))), replace(row, low=1.05)]
    )
    assert one.ratio == pytest.approx(1, rel=1e-12)
    assert none.ratio is None
    assert [m.verdict for m in (one, none, outside)] == ["holds", "not_run", "fails"]


# -- the whole -----------------------------------------------------------------------------------


def test_a_failing_sign_is_shown_in_three_languages_and_fails_the_whole(toyland: Solution) -> None:
    told = (shock("lever:purchases[services]", "add", 2),)
    for signs, passed in (
        ((sign("gdp", "+"),), True),
        ((sign("gdp", "-"),), False),
        ((sign("gdp", "-", withdrawn=True), sign("gdp", "+")), True),
    ):
        tests = examine(replace(toyland, plan=expecting(toyland.plan, *signs, shocks=told)))
        assert tests.passed is passed
        for language in LANGUAGES:
            text = as_text(model_document(tests, language))
            assert (phrase("verdict_fails", language) in text) is any(s.first == "-" for s in signs)


def test_a_shock_that_is_not_run_fails_and_says_why(toyland: Solution) -> None:
    plan = expecting(toyland.plan, sign("gdp", "+"), shocks=(shock("value:gdp", "add", 1),))
    tests = examine(replace(toyland, plan=plan))
    assert not tests.passed
    assert "set_of_an_endogenous_value" in as_text(model_document(tests, "en"))


def test_progress_is_told_for_every_solution(toyland: Solution) -> None:
    told: list[tuple[int, int]] = []
    examine(toyland, lambda done, of: told.append((done, of)))
    count = len(toyland.plan.expectations.shocks) + 3
    assert told == [(i, count) for i in range(1, count + 1)]


def test_expectations_are_no_part_of_the_plan_but_of_what_is_tested(toyland: Solution) -> None:
    plan = toyland.plan
    other = expecting(plan, sign("gdp", "+"))
    assert other == plan
    assert other.hash == plan.hash
    assert identity(other) != identity(plan)


def test_every_cell_of_toyland_is_printed_with_its_reason(toyland: Solution) -> None:
    text = as_markdown(model_document(examine(toyland), "en"))
    for row in toyland.plan.expectations.signs:
        assert row.reason.replace("_", "\\_") in text
    assert text.count("(withdrawn)") == 3  # its two cells, and the one that fails once more among the failing


def test_what_was_expected_later_is_counted_apart(toyland: Solution) -> None:
    told = (shock("lever:purchases[services]", "add", 2),)
    late = replace(sign("consumption", "0", "-"), added="2022: asked for")
    plan = expecting(toyland.plan, sign("gdp", "+", "+"), late, shocks=told)
    text = as_markdown(model_document(examine(replace(toyland, plan=plan)), "en"))
    assert "before the first solution of the model, 2 of 2 hold; added or changed later, 1 of 2." in text
    assert text.count("written later: 2022: asked for") == 2  # in its shock's table, and among the failing
    early = as_text(
        model_document(examine(replace(toyland, plan=expecting(plan, sign("gdp", "+"), shocks=told))), "en")
    )
    assert "added or changed later" not in early


# -- the command ---------------------------------------------------------------------------------


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["test-model", *words])
    return result.exit_code, result.stdout


def test_only_strict_makes_a_failing_test_an_exit_status(tmp_path: Path) -> None:
    folder = tmp_path / "toyland"
    shutil.copytree(TOYLAND, folder)
    assert run(str(folder), "--strict")[0] == 0
    signs = folder / "expectations" / "signs.csv"
    signs.write_text(signs.read_text("utf-8").replace("thrift,gdp,,-,-", "thrift,gdp,,+,-"), "utf-8")
    assert run(str(folder))[0] == 0
    status, printed = run(str(folder), "--strict")
    assert status == 1
    assert "✗ FAILS" in printed


@pytest.mark.parametrize("suffix", [".md", ".html"])
def test_the_written_file_is_the_document_and_no_other_is_written_over(
    tmp_path: Path, toyland: Solution, suffix: str
) -> None:
    out = tmp_path / f"tests{suffix}"
    for _ in range(2):
        assert run(str(TOYLAND), "--out", str(out), "-l", "kk")[0] == 0
    assert out.read_text("utf-8") == as_file(model_document(examine(toyland), "kk"), suffix, "kk")
    out.write_text("a diary", "utf-8")
    assert run(str(TOYLAND), "--out", str(out))[0] == 1
    assert out.read_text("utf-8") == "a diary"


def test_a_plan_without_expectations_is_tested_as_far_as_it_goes() -> None:
    status, printed = run(str(KAZAKHSTAN), "-l", "ru")
    assert status == 0
    assert "Однородность" in printed
    assert "наивн" in printed


@pytest.mark.parametrize("name", ["tests.pdf", "tests"])
def test_a_page_of_another_kind_is_refused_before_anything_is_solved(tmp_path: Path, name: str) -> None:
    result = CliRunner().invoke(app, ["test-model", str(TOYLAND), "--out", str(tmp_path / name)])
    assert result.exit_code == 1
    assert "[file_ending_unknown]" in result.output
    assert list(tmp_path.iterdir()) == []
