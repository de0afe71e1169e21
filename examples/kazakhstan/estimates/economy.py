"""Coefficients and levers of the whole economy, each with how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import e, log

from base_year import BASE, BEFORE, BaseYear
from calibrate_costs import profit
from calibrate_physical import electricity_per_use
from inputs import SECTORS

Noted = Mapping[str, tuple[float, str]]
PRODUCT_TAXES = (
    "household_product_taxes_vat", "household_product_taxes_excise", "household_product_taxes_other", "import_duties",
)  # fmt: skip


@dataclass(frozen=True)
class Incomes:
    """Incomes of 2004 that no source gives, in bn KZT.

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
    disposable = now("household_consumption") / 1000 / (1 - base.parameters["saving_ratio_2004"])
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
    """Values of 2004 from which behavioural equations move (`03` to `06`), and FISIM in output (`01`)."""
    now, labour_force = base.now, base.now("labour_force")
    farm = base.total("self_employed_by_sector", "farm")
    employed = base.total("employees") + base.total("self_employed_by_sector")
    fisim = now("fisim") / 1000 / base.total("output", "finance")
    before = base.series["consumer_price", BEFORE]
    unemployment = 100 * now("unemployed") / labour_force
    return {
        "fisim_rate": (fisim, "FISIM of 2004 / output of finance"),
        "lending_rate_base": (now("lending_rate"), "Lending rate of 2004"),
        "credit_ratio_base": (now("new_credit") / (now("gdp") / 1000), "New credit of 2004 / GDP"),
        "farm_hands_base": (farm, "Self-employed in agriculture, 2004"),
        "labour_force_base": (labour_force, "Labour force of 2004"),
        "off_farm_base": (employed - farm, "Employees and the self-employed outside agriculture, 2004"),
        "consumer_price_before_base": (before, "Consumer price of 2003, 2004 = 1"),
        "productivity_base": (now("gdp_volume") / employed, "GDP of 2004 / employed"),
        "unemployment_rate_base": (unemployment, "Unemployment rate of 2004"),
        "exchange_rate_base": (now("exchange_rate"), "Exchange rate of 2004"),
    }


def consumption_propensity(base: BaseYear, disposable: float) -> float:
    """The propensity c with which consumption C of `07_households.eq` is that of 2004.

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
    surveyed = base.parameters["money_income_per_head_2004"] * 12 * now("population") / 1e6
    allowance = now("tax_depreciation_rate") / 100 * sum(base.fixed_capital_before.values())
    taxable = corporate / (now("corporate_income_tax_rate") / 100 * (made.gross_profit - allowance))
    interest = 100 * now("government_interest") / base.series["government_debt", BEFORE]
    taken_home = -now("primary_income") / 1000 * now("exchange_rate") / base.total("product_exports", "resource")
    return {
        "dividend_share": (
            dividends,
            "Property income of households that makes the saving ratio of 2004 the assumed one / profit after tax",
        ),
        "consumption_propensity": (
            consumption_propensity(base, made.disposable),
            "Makes the consumption equation give 2004",
        ),
        "income_survey_share": (
            surveyed / made.disposable,
            "Money income per head of the survey x population / disposable income",
        ),
        "taxable_share": (taxable, "Corporate income tax of 2004 / what the rate would give"),
        "debt_interest_rate": (interest, "Interest of 2004 / debt at the end of 2003"),
        "repatriation_share": (taken_home, "Primary income of 2004 / resource exports"),
        "monetisation_trend": (base.parameters["monetisation_trend"], "Growth of money over GDP"),
    }


def fund_saving(base: BaseYear) -> float:
    """What went into the National Fund in 2004, bn KZT.

    government_debt = debt of 2003 - balance + inflow to the fund, so it is what was borrowed or saved beside
    repaying debt.
    """
    debt = base.series["government_debt", BASE] - base.series["government_debt", BEFORE]
    return debt + base.now("government_revenue") - base.now("government_expenditure")


def foreign_flows(base: BaseYear, made: Incomes) -> Noted:
    """Flows of capital over the border (`03_capacity_and_investment.eq`, `10_external.eq`), as in 2004.

    foreign_finance_ratio = net capital inflow beside what the fund saves abroad / GDP, %.
    other_capital_path = net capital inflow - firms_foreign_borrowing: what firms' investment of 2004 did not take.
    external_debt_adjustment = growth of external debt - net capital inflow.
    """
    now, rate, gdp = base.now, base.now("exchange_rate"), base.now("gdp") / 1000
    inflow = now("capital_inflow")
    abroad = now("primary_income") / 1000 * rate
    kept = made.gross_profit - now("corporate_income_tax") - made.rent - made.property
    own = kept + abroad + now("government_interest")
    financed = base.parameters["own_funds_share"] * own + base.parameters["credit_share"] * now("new_credit")
    borrowed = base.total("private_investment") - financed
    debt = now("external_debt") - base.series["external_debt", BEFORE]
    return {
        "foreign_finance_ratio": (
            100 * (inflow * rate - fund_saving(base)) / gdp,
            "Net capital inflow of 2004 beside the National Fund's / GDP; unchanged",
        ),
        "other_capital_path": (
            inflow - borrowed / rate,
            "Net capital inflow of 2004 less what private investment took beyond own funds and credit; kept",
        ),
        "external_debt_adjustment": (
            debt - inflow,
            "Growth of external debt in 2004 less the net capital inflow; kept",
        ),
    }


def physical_ratios(base: BaseYear) -> Noted:
    """Physical quantities in money (`13_physical.eq`): kWh a tenge, kWh a person, Mt in a bn KZT."""
    generated = base.now("electricity_output") / base.total("output", "energy")
    homes = electricity_per_use(base) * base.accounts["household_use"]["utilities"] / base.now("population") * 1e6
    grain = base.now("grain_output") / base.total("output", "farm")
    return {
        "electricity_per_output": (generated, "Electricity generated in 2004 / output of utilities"),
        "electricity_household_norm": (homes, "At the mean price: households' use of utilities"),
        "grain_per_output": (grain, "Grain harvest of 2004 / output of agriculture"),
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
            "Resource rent of 2004 (residual of total revenue) / output value of resource sectors; unchanged",
        ),
        "fund_rule": (
            100 * fund_saving(base) / revenue,
            "What was saved beside repaying debt in 2004 / resource revenue; unchanged",
        ),
    }
