"""The standard model, as the Kazakhstan example solves it: regimes, limits, levers, regions."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from math import erf, log, sqrt
from pathlib import Path

import numpy as np
import pytest

from bagdar.change import apply
from bagdar.equations import Solution, simulate
from bagdar.finding import has_errors
from bagdar.plan import LEVER_GROUPS, Plan
from bagdar.publish.closure import closure_lines

YEARS = ("2005", "2006", "2007")


def told(solution: Solution, code: str, *labels: str) -> float:
    value = solution.values[code].get(*labels)
    assert value is not None, (code, labels)
    return value


def moved(base: Solution, changes: Mapping[str, tuple[tuple[str, ...], float]]) -> Solution:
    """The plan with indicators scaled in every plan year, for some labels or, without any, for all."""
    plan, values = base.plan, dict(base.plan.values)
    for code, (labels, factor) in changes.items():
        quantity = values[code]
        numbers, years = quantity.values.copy(), [quantity.labels[-1].index(y) for y in YEARS]
        where = (quantity.labels[0].index(labels[0]),) if labels else tuple(slice(None) for _ in quantity.dims[:-1])
        for year in years:
            numbers[(*where, year)] *= factor
        values[code] = replace(quantity, values=numbers)
    solution, findings = simulate(replace(plan, values=values), start=base)
    assert not has_errors(findings)
    return solution


def with_values(base: Solution, code: str, numbers: Mapping[tuple[str, ...], float]) -> Solution:
    """The plan with cells of an indicator set, solved."""
    quantity = base.plan.values[code]
    values = quantity.values.copy()
    for labels, number in numbers.items():
        values[tuple(axis.index(label) for axis, label in zip(quantity.labels, labels, strict=True))] = number
    plan = replace(base.plan, values={**base.plan.values, code: replace(quantity, values=values)})
    return simulate(plan, start=base)[0]


def test_resource_output_is_given_and_exports_are_what_home_leaves(kazakhstan_solution: Solution) -> None:
    for year in YEARS:
        for resource in ("oil", "coal", "ores", "metals"):
            output = told(kazakhstan_solution, "output", resource, year)
            assert output == pytest.approx(told(kazakhstan_solution, "resource_supply", resource, year), rel=1e-12)
            surplus = told(kazakhstan_solution, "export_surplus", resource, year)
            assert told(kazakhstan_solution, "product_exports", resource, year) == pytest.approx(surplus, rel=1e-12)
            assert surplus > 0


def test_a_resource_that_home_needs_all_of_is_not_exported_but_imported(kazakhstan_solution: Solution) -> None:
    """The other regime: a fifth of the metals."""
    scarce = moved(kazakhstan_solution, {"resource_path": (("metals",), 0.2)})
    for year in YEARS:
        gap = told(scarce, "supply_gap", "metals", year)
        assert gap > 1
        assert told(scarce, "product_exports", "metals", year) == pytest.approx(0, abs=1e-9)
        imports = told(scarce, "imports_by_share", "metals", year) + gap
        assert told(scarce, "product_imports", "metals", year) == pytest.approx(imports, rel=1e-12)
        # Not a tonne is made or lost: what there is, is used.
        use = told(scarce, "output", "metals", year) + imports
        assert use == pytest.approx(told(scarce, "domestic_use", "metals", year), rel=1e-12)


def test_a_pipeline_that_binds_cuts_output_by_the_excess(kazakhstan_solution: Solution) -> None:
    capped = moved(kazakhstan_solution, {"export_limit": (("oil",), 0.05)})
    for year in YEARS:
        exports = told(capped, "product_exports", "oil", year)
        assert exports == pytest.approx(told(capped, "export_limit", "oil", year), rel=1e-12)
        excess = told(capped, "export_surplus", "oil", year) - exports
        cut = told(capped, "resource_supply", "oil", year) - told(capped, "output", "oil", year)
        assert cut == pytest.approx(excess, rel=1e-9)
        assert excess > 0


def test_resource_output_never_exceeds_capacity(kazakhstan_solution: Solution) -> None:
    rush = moved(kazakhstan_solution, {"resource_path": (("oil",), 3.0)})
    for year in YEARS:
        assert told(rush, "output", "oil", year) <= told(rush, "capacity", "oil", year) * (1 + 1e-12)


def test_a_regulated_sector_without_capacity_leaves_the_rest_to_imports(kazakhstan_solution: Solution) -> None:
    plan = kazakhstan_solution.plan
    ordered = plan.values["state_purchases"]
    numbers = ordered.values.copy()
    at = ordered.labels[0].index("utilities")
    numbers[at, [ordered.labels[1].index(year) for year in YEARS]] = 200.0
    values = {**plan.values, "state_purchases": replace(ordered, values=numbers)}
    solution, findings = simulate(replace(plan, values=values), start=kazakhstan_solution)
    assert not has_errors(findings)
    for year in YEARS:
        output, capacity = (told(solution, code, "utilities", year) for code in ("output", "capacity"))
        assert output == pytest.approx(capacity, rel=1e-9)
        short, wanted = (told(solution, code, "utilities", year) for code in ("shortage", "exports_wanted"))
        assert short > wanted  # foreign customers are the first to go without
        assert told(solution, "product_exports", "utilities", year) == pytest.approx(0, abs=1e-9)
        imports = told(solution, "imports_by_share", "utilities", year) + short - wanted
        assert told(solution, "product_imports", "utilities", year) == pytest.approx(imports, rel=1e-12)


def test_a_loss_of_a_monopoly_has_named_cover(kazakhstan_solution: Solution) -> None:
    low = moved(kazakhstan_solution, {"regulated_tariff": (("utilities",), 0.7)})
    for year in YEARS:
        loss = told(low, "loss", "utilities", year)
        assert loss == pytest.approx(-told(low, "profit", "utilities", year))
        assert loss > 0
        covered = sum(told(low, f"loss_{by}", "utilities", year) for by in ("subsidy", "debt", "own_funds"))
        assert covered == pytest.approx(loss, rel=1e-12)


def test_credit_that_runs_out_cuts_all_investment_alike(kazakhstan_solution: Solution) -> None:
    dry = moved(kazakhstan_solution, {"new_credit": ((), 0.5), "foreign_finance_ratio": ((), 0.0)})
    year = "2005"
    cover = told(dry, "finance_cover", year)
    assert cover < 1
    for sector in ("oil", "food", "trade"):
        wanted = told(dry, "investment_wanted", sector, year)
        assert told(dry, "private_investment", sector, year) == pytest.approx(cover * wanted, rel=1e-12)


def test_machines_produce_next_year_and_unfinished_works_the_year_after(kazakhstan_solution: Solution) -> None:
    """Works are 37 per cent of what transport invests; three quarters of a year's works are unfinished at its end."""
    base, sector = kazakhstan_solution, "transport"
    built = with_values(base, "public_investment", {(sector, "2005"): 100.0})

    def more(code: str, year: str) -> float:
        return told(built, code, sector, year) - told(base, code, sector, year)

    ratio, worn = told(base, "capacity_ratio", sector), told(base, "depreciation_rate", sector)
    finished = 1 - 0.75 * told(base, "capital_composition", "construction", sector)
    assert more("investment", "2005") > 30
    assert more("capacity", "2005") == pytest.approx(0, abs=1e-9)
    assert more("capacity", "2006") == pytest.approx(ratio * finished * more("investment", "2005"), rel=1e-9)
    second = (1 - worn) * more("investment", "2005") + finished * more("investment", "2006")
    assert more("capacity", "2007") == pytest.approx(ratio * second, rel=1e-9)


def test_regions_add_up_to_the_country(kazakhstan_solution: Solution) -> None:
    tilted = moved(kazakhstan_solution, {"competitiveness": (("KST",), 1.1)})
    for solution in (kazakhstan_solution, tilted):
        regions = solution.plan.sets["region"].select()
        assert len(regions) == 16
        for year in YEARS:
            whole = sum(told(solution, "gross_regional_product", r, year) for r in regions)
            assert whole == pytest.approx(told(solution, "gdp", year), rel=1e-12)
            people = sum(told(solution, "regional_employment", r, year) for r in regions)
            working = told(solution, "employees", year) + told(solution, "self_employed", year)
            assert people == pytest.approx(working, rel=1e-12)
    for moves in ("gross_regional_product", "regional_employment"):
        assert told(tilted, moves, "KST", "2005") > told(kazakhstan_solution, moves, "KST", "2005")
        assert told(tilted, moves, "AKM", "2005") < told(kazakhstan_solution, moves, "AKM", "2005")
    assert told(tilted, "gdp", "2007") == pytest.approx(told(kazakhstan_solution, "gdp", "2007"), rel=1e-12)


def test_ceilings_follow_the_crosswalk_and_add_up_to_expenditure(kazakhstan_solution: Solution) -> None:
    """All benefits are social protection, of which the ministry of labour administers 85 per cent, local bodies 15."""
    solution, year = kazakhstan_solution, "2007"
    benefits_alone = with_values(
        solution, "budget_share", {("social_protection", "consumption", year): 0, ("other", "consumption", year): 18,
                                   ("social_protection", "investment", year): 0, ("other", "investment", year): 7}
    )  # fmt: skip
    benefits = told(solution, "social_benefits", year)
    assert told(benefits_alone, "budget_ceiling", "social_protection", year) == pytest.approx(benefits, rel=1e-12)
    assert told(benefits_alone, "administrator_ceiling", "labour", year) == pytest.approx(0.85 * benefits, rel=1e-12)
    assert told(benefits_alone, "local_expenditure", year) != told(solution, "local_expenditure", year)
    for one in (solution, benefits_alone):
        for code, group in (("budget_ceiling", "budget_programme"), ("administrator_ceiling", "administrator")):
            whole = sum(told(one, code, label, year) for label in one.plan.sets[group].select())
            assert whole == pytest.approx(told(one, "government_expenditure", year), rel=1e-12)


def test_local_budgets_add_up_and_a_region_that_earns_more_is_given_less(kazakhstan_solution: Solution) -> None:
    tilted = moved(kazakhstan_solution, {"competitiveness": (("KST",), 1.1)})
    for solution in (kazakhstan_solution, tilted):
        for code in ("revenue", "expenditure"):
            parts = [told(solution, f"regional_{code}", r, "2007") for r in solution.plan.sets["region"].select()]
            assert sum(parts) == pytest.approx(told(solution, f"local_{code}", "2007"), rel=1e-12)
    given = "regional_transfers"
    assert told(tilted, given, "KST", "2007") < told(kazakhstan_solution, given, "KST", "2007")
    assert told(kazakhstan_solution, given, "ATY", "2007") < 0 < told(kazakhstan_solution, given, "YKO", "2007")


def test_a_located_project_and_an_accepted_plan_fix_their_regions_and_the_others_share_the_rest(
    kazakhstan_solution: Solution,
) -> None:
    """The variant `regional_plans`: chemicals of 8 bn KZT at prices of 2004 in Atyrau, 360 bn for Kostanay, 2007."""
    base, year = kazakhstan_solution, "2007"
    plan, refused = apply(base.plan, base.plan.variants["regional_plans"])
    assert not refused
    planned, findings = simulate(plan, start=base)
    assert not has_errors(findings)
    regions, sectors = plan.sets["region"].select(), plan.sets["sector"].select()
    assert told(planned, "gross_regional_product", "KST", year) == pytest.approx(360, rel=1e-12)
    for sector in sectors:
        parts = {r: told(planned, "region_part", r, sector, year) for r in regions}
        assert sum(parts.values()) == pytest.approx(1, abs=1e-12)
        # The others keep their shares of what is left.
        before = {r: told(base, "region_part", r, sector, year) for r in regions}
        scales = [parts[r] / before[r] for r in regions if before[r] > 0 and r not in ("KST", "ATY")]
        assert scales == pytest.approx([scales[0]] * len(scales), rel=1e-9)
    moves = {r: told(planned, "regional_move", r, year) for r in regions}
    assert sum(moves.values()) == pytest.approx(0, abs=1e-9)
    assert [r for r, move in moves.items() if move > 0] == ["ATY", "KST"]
    assert told(planned, "gdp", year) == pytest.approx(told(base, "gdp", year), rel=1e-12)
    assert told(planned, "regional_employment", "ATY", year) > told(base, "regional_employment", "ATY", year)
    people = [sum(told(one, "regional_employment", r, year) for r in regions) for one in (base, planned)]
    assert people[0] == pytest.approx(people[1], rel=1e-12)


def test_a_new_sector_in_a_region_employs_and_a_project_beyond_its_sector_is_told(
    kazakhstan_solution: Solution,
) -> None:
    """Coal is found in Atyrau, which has none; then there is more of it than the whole country makes."""
    base = kazakhstan_solution
    assert told(base, "region_part", "ATY", "coal", "2007") == 0
    found = with_values(base, "located_value_added", {("ATY", "coal", "2007"): 4.0})
    share = 4 / told(found, "value_added_volume", "coal", "2007")
    assert told(found, "region_part", "ATY", "coal", "2007") == pytest.approx(share, rel=1e-12)
    assert told(found, "regional_employment", "ATY", "2007") > told(base, "regional_employment", "ATY", "2007")
    assert all(check.holds for check in found.checks)
    for amount, rule in ((1000.0, "located_fit"), (-1.0, "located_projects")):
        wrong = with_values(base, "located_value_added", {("ATY", "coal", "2007"): amount})
        assert {check.check.statement.code for check in wrong.checks if not check.holds} == {rule}


def test_more_interest_draws_in_capital(kazakhstan_solution: Solution) -> None:
    dear = moved(kazakhstan_solution, {"lending_rate": ((), 1.1)})
    for year in YEARS:
        gdp = told(dear, "gdp", year) / told(dear, "exchange_rate", year)
        more = 0.3 * gdp * 0.1 * told(kazakhstan_solution, "lending_rate", year) / 100
        inflow = told(dear, "other_capital_inflow", year) - told(kazakhstan_solution, "other_capital_inflow", year)
        assert inflow == pytest.approx(more, rel=1e-9)
        assert told(dear, "private_investment_volume", year) < told(
            kazakhstan_solution, "private_investment_volume", year
        )


def test_a_loss_that_the_budget_covers_is_an_outlay(kazakhstan_solution: Solution) -> None:
    low = moved(kazakhstan_solution, {"regulated_tariff": (("utilities",), 0.7)})
    sold = with_values(low, "loss_subsidy_share", {("utilities", year): 50.0 for year in YEARS})
    for year in YEARS:
        covered = told(sold, "loss_subsidy", "utilities", year)
        assert covered > 0
        paid = sum(told(sold, "subsidies", s, year) for s in sold.plan.sets["sector"].select())
        assert told(sold, "government_outlay", "subsidies", year) == pytest.approx(paid + covered, rel=1e-12)
    assert all(check.holds for check in sold.checks)


def test_accounts_of_institutions_add_up_to_nothing(kazakhstan_solution: Solution) -> None:
    for year in YEARS:
        lent = sum(
            told(kazakhstan_solution, "net_lending", one, year)
            for one in kazakhstan_solution.plan.sets["institution"].labels
        )
        assert lent == pytest.approx(0, abs=1e-8)


def test_every_group_of_levers_has_a_channel(kazakhstan: Plan) -> None:
    assert {lever.group for lever in kazakhstan.levers} == set(LEVER_GROUPS)


@pytest.mark.parametrize(
    "lever",
    [
        "vat_rate", "personal_income_tax_rate", "social_tax_rate", "corporate_income_tax_rate", "resource_rent_rate",
        "resource_payment_rate", "excise_rate", "other_product_tax_rate", "production_tax_rate", "subsidy_rate",
        "tax_depreciation_rate", "import_duty_rate", "government_services_volume", "public_investment", "lending_rate",
        "regulated_tariff", "resource_home_price", "public_wage", "social_benefits", "foreign_labour", "input_standard",
    ],
)  # fmt: skip
def test_a_lever_moves_production_or_prices(kazakhstan_solution: Solution, lever: str) -> None:
    after = moved(kazakhstan_solution, {lever: ((), 1.05)})
    change = {
        code: abs(told(after, code, "2007") / told(kazakhstan_solution, code, "2007") - 1)
        for code in ("gdp_volume", "consumer_price", "household_consumption_volume")
    }
    assert max(change.values()) > 1e-5
    assert max(change.values()) < 0.15


def test_nothing_is_left_without_a_number(kazakhstan_solution: Solution) -> None:
    """Every cell that an equation determines has a finite number in every plan year."""
    determined = {e.key for e in kazakhstan_solution.model.equations}
    for code, labels in determined:
        if kazakhstan_solution.plan.indicators[code].role == "endogenous":
            numbers = [kazakhstan_solution.values[code].get(*labels, year) for year in YEARS]
            assert all(n is not None and np.isfinite(n) for n in numbers), (code, labels)


def test_less_finance_from_abroad_cuts_investment_and_reserves(kazakhstan_solution: Solution) -> None:
    dry = moved(kazakhstan_solution, {"foreign_finance_ratio": ((), 0.3)})
    for year in YEARS:
        borrowed = told(dry, "firms_foreign_borrowing", year)
        assert borrowed == pytest.approx(told(dry, "foreign_finance", year) * told(dry, "exchange_rate", year))
        for code in ("private_investment_volume", "net_foreign_assets", "external_debt", "imports_volume"):
            assert told(dry, code, year) < told(kazakhstan_solution, code, year), code


def test_firms_account_and_the_balance_of_payments_hold_the_same_borrowing(kazakhstan_solution: Solution) -> None:
    s = kazakhstan_solution
    for year in YEARS:
        rate = told(s, "exchange_rate", year)
        inflow = told(s, "firms_foreign_borrowing", year) / rate + told(s, "other_capital_inflow", year)
        assert told(s, "capital_inflow", year) == pytest.approx(inflow, rel=1e-12)
        taken = told(s, "new_credit", year) + told(s, "firms_foreign_borrowing", year)
        kept = told(s, "net_lending", "firms", year) + taken
        assert told(s, "firms_financial_assets", year) == pytest.approx(kept, rel=1e-12)
        before = told(s, "domestic_credit", str(int(year) - 1))
        moved_by = told(s, "new_credit", year) + told(s, "other_domestic_credit", year)
        assert told(s, "domestic_credit", year) - before == pytest.approx(moved_by, rel=1e-9)


def test_with_the_rate_by_rule_an_oil_boom_makes_the_tenge_dearer(kazakhstan: Plan) -> None:
    ruled, findings = apply(kazakhstan, kazakhstan.variants["rate_by_rule"])
    assert not findings
    boom, findings = apply(ruled, kazakhstan.variants["oil_price_boom"])
    assert not findings
    calm, dear = simulate(ruled)[0], simulate(boom)[0]
    for year in YEARS:
        assert told(dear, "net_foreign_assets", year) == pytest.approx(told(calm, "net_foreign_assets", year))
        assert told(dear, "exchange_rate", year) < told(calm, "exchange_rate", year)
        assert told(dear, "other_exports_volume", year) < told(calm, "other_exports_volume", year)
        as_in_2004 = told(calm, "other_domestic_credit", "2004")
        assert told(calm, "other_domestic_credit", year) == pytest.approx(as_in_2004, rel=1e-6)
    residuals = "\n".join(closure_lines(dear, "en"))
    assert "(exchange_rate)" in residuals
    assert "(new_credit)" in residuals


def test_a_surplus_beyond_all_debt_becomes_deposits(kazakhstan_solution: Solution) -> None:
    rich = moved(kazakhstan_solution, {"world_price": (("oil",), 2.0)})
    deposits = [told(rich, "government_deposits", year) for year in YEARS]
    assert deposits[0] < deposits[-1]
    for solution in (kazakhstan_solution, rich):
        for before, year in zip(("2004", *YEARS), YEARS, strict=False):
            debt, held = (told(solution, f"government_{what}", year) for what in ("debt", "deposits"))
            assert min(debt, held) == 0
            then = told(solution, "government_debt", before) - told(solution, "government_deposits", before)
            borrowed = told(solution, "national_fund_inflow", year) - told(solution, "government_balance", year)
            added = solution.add_factors["government_net_debt"].get(year) or 0
            assert debt - held == pytest.approx(then + borrowed + added, rel=1e-9)


# -- what a pencil gives -------------------------------------------------------------------------


@pytest.mark.parametrize("factor", [0.4, 1.0, 2.5])
def test_the_share_of_the_poor_is_the_normal_distribution_s(kazakhstan_solution: Solution, factor: float) -> None:
    """Incomes are log-normal: Bowling and others (2009) say that their logistic is off by 0.00014 at most."""
    solution = moved(kazakhstan_solution, {"subsistence_minimum": ((), factor)})
    spread = told(solution, "income_dispersion")
    for year in YEARS:
        income = told(solution, "household_disposable_income", year) / told(solution, "population", year) / 12 * 1e6
        # The mean of a log-normal distribution is exp(mu + sigma²/2).
        middle = log(told(solution, "income_survey_share") * income) - spread**2 / 2
        below = (log(told(solution, "subsistence_minimum", year)) - middle) / spread
        assert told(solution, "poverty_share", year) == pytest.approx(50 * (1 + erf(below / sqrt(2))), abs=0.0145)


def test_emissions_are_norms_times_the_output_of_every_sector(
    kazakhstan_solution: Solution, kazakhstan_folder: Path
) -> None:
    with (kazakhstan_folder / "data" / "emission_norms.csv").open(encoding="utf-8", newline="") as file:
        norms = {(row["emission"], row["sector"]): float(row["value"]) for row in csv.DictReader(file)}
    assert {sector for _, sector in norms} == set(kazakhstan_solution.plan.sets["sector"].select())
    for year in ("2004", *YEARS):
        for emission in {emission for emission, _ in norms}:
            made = {s: told(kazakhstan_solution, "output", s, year) for _, s in norms}
            burnt = sum(norms[emission, s] * volume for s, volume in made.items())
            assert told(kazakhstan_solution, "emissions", emission, year) == pytest.approx(burnt, rel=1e-12)


def test_regions_grow_together_as_the_country_does(kazakhstan_solution: Solution) -> None:
    """Growth of regions, weighted by their value added of the year before, is growth at the prices of that year."""
    solution = kazakhstan_solution
    sectors, regions = (solution.plan.sets[code].select() for code in ("sector", "region"))
    for before, year in zip(("2004", *YEARS), YEARS, strict=False):
        part = {r: sum(told(solution, "region_value_added", r, s, before) for s in sectors) for r in regions}
        grown = sum(part[r] * told(solution, "regional_growth", r, year) for r in part) / sum(part.values())
        volume = {y: [told(solution, "value_added_volume", s, y) for s in sectors] for y in (before, year)}
        price = np.divide([told(solution, "value_added", s, before) for s in sectors], volume[before])
        assert grown == pytest.approx(100 * (price @ volume[year] / (price @ volume[before]) - 1), rel=1e-9)
