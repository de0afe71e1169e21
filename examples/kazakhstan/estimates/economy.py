"""Coefficients and levers of the whole economy, each with how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import e, log

from base_year import BaseYear
from calibrate_costs import profit
from calibrate_physical import electricity_per_use
from inputs import BASE, BEFORE, SECTORS

Noted = Mapping[str, tuple[float, str]]
PRODUCT_TAXES = (
    "household_product_taxes_vat", "household_product_taxes_excise", "household_product_taxes_other", "import_duties",
)  # fmt: skip


@dataclass(frozen=True)
class Incomes:
    """Incomes of the base year that no source gives, in bn KZT.

    disposable: of households, from the assumed saving ratio.
    property: of households, what disposable income takes beside wages, mixed income, benefits and transfers.
    gross_profit: of the economy, after FISIM.
    rent: resource revenue that is no tax on production, what official revenue takes beside all taxes.
    """

    disposable: float
    property: float
    gross_profit: float
    rent: float


def incomes(base: BaseYear) -> Incomes:
    """The incomes that make three equations hold: household_disposable_income, gross_profit, government_revenue.

    They stand in `07_households.eq`, `08_firms.eq` and `09_government.eq`; revenue there is gross of subsidies on
    production, which production_taxes are net of.
    """
    a, now = base.accounts, base.now
    disposable = now("household_consumption") / 1000 / (1 - base.parameters["saving_ratio"])
    pay = now("compensation_of_employees") / 1000
    earned = pay - now("personal_income_tax") + base.total("mixed_income")
    abroad = now("secondary_income") / 1000 * now("exchange_rate")
    fisim, worn = now("fisim") / 1000, base.total("consumption_of_fixed_capital")
    on_products = sum(a[tax][s] for s in SECTORS for tax in PRODUCT_TAXES)
    rent = now("government_revenue") - on_products - base.total("production_taxes") - base.total("production_subsidies")
    return Incomes(
        disposable=disposable,
        property=disposable - earned - now("social_benefits") - abroad,
        gross_profit=sum(profit(base).values()) + worn - fisim,
        rent=rent - now("personal_income_tax") - now("corporate_income_tax"),
    )


def reference_points(base: BaseYear) -> Noted:
    """Values of the base year from which behavioural equations move (`03` to `06`), and FISIM in output (`01`)."""
    now, labour_force = base.now, base.now("labour_force")
    farm = base.total("self_employed_by_sector", "farm")
    employed = base.total("employees") + base.total("self_employed_by_sector")
    fisim = now("fisim") / 1000 / base.total("output", "finance")
    before = base.series["consumer_price", BEFORE]
    unemployment = 100 * now("unemployed") / labour_force
    return {
        "fisim_rate": (fisim, f"FISIM of {BASE} / output of finance"),
        "lending_rate_base": (now("lending_rate"), f"Lending rate of {BASE}"),
        "credit_ratio_base": (now("new_credit") / (now("gdp") / 1000), f"New credit of {BASE} / GDP"),
        "farm_hands_base": (farm, f"Self-employed in agriculture, {BASE}"),
        "labour_force_base": (labour_force, f"Labour force of {BASE}"),
        "off_farm_base": (employed - farm, f"Employees and the self-employed outside agriculture, {BASE}"),
        "consumer_price_before_base": (before, f"Consumer price of {BEFORE}, {BASE} = 1"),
        "productivity_base": (now("gdp_volume") / employed, f"GDP of {BASE} / employed"),
        "unemployment_rate_base": (unemployment, f"Unemployment rate of {BASE}"),
        "exchange_rate_base": (now("exchange_rate"), f"Exchange rate of {BASE}"),
    }


def consumption_propensity(base: BaseYear, disposable: float) -> float:
    """The propensity c with which consumption C of `07_households.eq` is that of the base year.

    log C = h·log C₋₁ + (1 - h)·log(c·Y/P), so c = e^((log C - h·log C₋₁)/(1 - h)) / (Y/P), h being consumption_habit.
    """
    habit, volume = base.parameters["consumption_habit"], "household_consumption_volume"
    logs = log(base.now(volume)) - habit * log(base.series[volume, BEFORE])
    long_run: float = e ** (logs / (1 - habit))
    return long_run / (disposable / base.now("consumer_price"))


def income_shares(base: BaseYear, made: Incomes) -> Noted:
    """Shares in incomes: `07_households.eq` to `11_money_and_credit.eq`."""
    now, corporate = base.now, base.now("corporate_income_tax")
    dividends = made.property / (made.gross_profit - corporate - made.rent)
    surveyed = base.parameters["money_income_per_head"] * 12 * now("population") / 1e6
    allowance = now("tax_depreciation_rate") / 100 * sum(base.fixed_capital_before.values())
    taxable = corporate / (now("corporate_income_tax_rate") / 100 * (made.gross_profit - allowance))
    interest = 100 * now("government_interest") / base.series["government_debt", BEFORE]
    taken_home = -now("primary_income") / 1000 * now("exchange_rate") / base.total("product_exports", "resource")
    return {
        "dividend_share": (
            dividends,
            f"Property income of households that makes the saving ratio of {BASE} the assumed one / profit after tax",
        ),
        "consumption_propensity": (
            consumption_propensity(base, made.disposable),
            f"Makes the consumption equation give {BASE}",
        ),
        "income_survey_share": (
            surveyed / made.disposable,
            "Money income per head of the survey x population / disposable income",
        ),
        "taxable_share": (taxable, f"Corporate income tax of {BASE} / what the rate would give"),
        "debt_interest_rate": (interest, f"Interest of {BASE} / debt at the end of {BEFORE}"),
        "repatriation_share": (taken_home, f"Primary income of {BASE} / resource exports"),
        "monetisation_trend": (base.parameters["monetisation_trend"], "Growth of money over GDP"),
    }


def fund_saving(base: BaseYear) -> float:
    """What went into the National Fund in the base year, bn KZT.

    government_debt = debt of the year before - balance + inflow to the fund, so it is what was borrowed or saved beside
    repaying debt.
    """
    debt = base.series["government_debt", BASE] - base.series["government_debt", BEFORE]
    # The figures have six decimals at most: what is left beyond is no saving.
    return round(debt + base.now("government_revenue") - base.now("government_expenditure"), 6)


def foreign_flows(base: BaseYear, made: Incomes) -> Noted:
    """Flows of capital over the border (`03_capacity_and_investment.eq`, `10_external.eq`), as in the base year.

    foreign_finance_ratio = net inflow of foreign direct investment / GDP, %, as published.
    other_capital_path = net capital inflow - firms_foreign_borrowing: what firms' investment did not take.
    external_debt_adjustment = growth of external debt - net capital inflow.
    """
    now, rate = base.now, base.now("exchange_rate")
    inflow = now("capital_inflow")
    abroad = now("primary_income") / 1000 * rate
    kept = made.gross_profit - now("corporate_income_tax") - made.rent - made.property
    own = kept + abroad + now("government_interest")
    financed = base.parameters["own_funds_share"] * own + base.parameters["credit_share"] * now("new_credit")
    borrowed = base.total("private_investment") - financed
    debt = now("external_debt") - base.series["external_debt", BEFORE]
    return {
        "foreign_finance_ratio": (
            now("foreign_direct_investment_share"),
            f"Net inflow of foreign direct investment of {BASE} / GDP: before what residents took out; unchanged",
        ),
        "other_capital_path": (
            inflow - borrowed / rate,
            f"Net capital inflow of {BASE} less what private investment took beyond own funds and credit; kept",
        ),
        "external_debt_adjustment": (
            debt - inflow,
            f"Growth of external debt in {BASE} less the net capital inflow; kept",
        ),
    }


def physical_ratios(base: BaseYear) -> Noted:
    """Physical quantities in money (`13_physical.eq`): kWh a tenge, kWh a person, Mt in a bn KZT."""
    generated = base.now("electricity_output") / base.total("output", "energy")
    homes = electricity_per_use(base) * base.accounts["household_use"]["utilities"] / base.now("population") * 1e6
    grain = base.now("grain_output") / base.total("output", "farm")
    return {
        "electricity_per_output": (generated, f"Electricity generated in {BASE} / output of utilities"),
        "electricity_household_norm": (homes, "At the mean price: households' use of utilities"),
        "grain_per_output": (grain, f"Grain harvest of {BASE} / output of agriculture"),
    }


def levers(base: BaseYear, made: Incomes) -> Noted:
    """Levers that no law gives, in per cent, unchanged over the years (`09_government.eq`).

    resource_rent_rate = rent / output value of the resource sectors.
    fund_rule = what the fund saved / resource revenue.
    """
    revenue = made.rent + base.total("resource_payments")
    return {
        "resource_rent_rate": (
            100 * made.rent / base.total("output", "resource"),
            f"Resource rent of {BASE} (residual of total revenue) / output value of resource sectors; unchanged",
        ),
        "fund_rule": (
            100 * fund_saving(base) / revenue,
            f"What was saved beside repaying debt in {BASE} / resource revenue; unchanged",
        ),
    }
