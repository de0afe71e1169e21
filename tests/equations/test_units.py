"""Units of equations: identities and checks balance in kind, in price basis and in scale."""

from __future__ import annotations

import pytest

from bagdar.equations.model import build
from bagdar.equations.units import unit_clashes
from bagdar.finding import Finding, Home
from bagdar.plan import Plan
from tests.conftest import small_plan

GIVEN = {
    "income": ("bn KZT", "current"),
    "fee": ("mln KZT", "current"),
    "volume": ("bn KZT", "2004"),
    "other_volume": ("bn KZT", "2000"),
    "price": ("1", "deflator 2004"),
    "dollars": ("bn USD", "current"),
    "rate": ("KZT/USD", "current"),
    "oil": ("Mt", ""),
    "metal": ("kt", ""),
    "share": ("1", ""),
    "per_cent": ("%", ""),
    "people": ("thousand person", ""),
    "wage": ("mln KZT/person", "current"),
    "part": ("bn KZT", "current"),
}
SOLVED = {
    "money": ("bn KZT", "current"),
    "real": ("bn KZT", "2004"),
    "number": ("1", ""),
    "growth": ("%", ""),
    "tonnes": ("Mt", ""),
    "deflator": ("1", "deflator 2004"),
}


def plan_of(equation: str) -> Plan:
    plan = small_plan(
        "for s in region\n" + equation + "\n",
        {code: {"north": (1,) * 5, "south": (1,) * 5} if code == "part" else (1,) * 5 for code in GIVEN},
        dict.fromkeys(SOLVED, ()),
        units=GIVEN | SOLVED,
        sets={"region": ("north", "south")},
        dims={"part": ("region",)},
    )
    assert {f.rule for f in build(plan)[1]} <= {"no_equation"}
    return plan


def clashes(equation: str) -> list[Finding]:
    plan = plan_of(equation)
    return unit_clashes(plan, build(plan)[0])


@pytest.mark.parametrize(
    "equation",
    [
        "money = income",
        "money = income + lag(income) - lead(income)",
        "money = -abs(income)",
        "money = min(income, volume*price)",
        "money = max(income, 0)",
        "money = income if oil > 0 else dollars*rate",
        "money = volume*price",
        "real = income/price",
        "deflator = income/volume",
        "money = dollars*rate",
        "money = wage*people",
        "money = sum(part[q] for q in region)",
        "money = sqrt(income*income)",
        "money = income**2/income",
        "money = income**0.5*income**0.5",
        "money = income*exp(share)/(1 + share)",
        "number = income/lag(income)",
        "number = log(income/lag(income))",
        "number = logistic(share)**share",
        "number = oil**0.5/sqrt(oil)",
        "growth = per_cent - lag(per_cent)",
        "growth = pct(income)",
        "log(money) = log(income) + 0.05",
        "log(money) = log(volume) + log(price)",
        "log(deflator) = log(income) - log(volume)",
        "money = exp(log(dollars) + log(rate))",
        "money = sqrt(prod(part[q] for q in region))",
        "dlog(money) = share",
        "pct(money) = per_cent",
        "diff(money) = income",
        "check one: income == dollars*rate",
        "check two: income >= 0",
        "check three: part[s] <= income",
    ],
)
def test_an_equation_that_balances_is_no_finding(equation: str) -> None:
    assert clashes(equation) == []


@pytest.mark.parametrize(
    ("equation", "left", "right"),
    [
        # kinds
        ("money = oil", "bn KZT", "mln t"),
        ("money = income + oil", "bn KZT", "mln t"),
        ("money = income - dollars", "bn KZT", "bn USD"),
        ("money = min(income, dollars)", "bn KZT", "bn USD"),
        ("money = max(income, oil, 0)", "bn KZT", "mln t"),
        ("money = income if oil > 0 else dollars", "bn KZT", "bn USD"),
        ("money = income if oil > income else 0", "mln t", "bn KZT"),
        ("money = income*share + people", "bn KZT", "thousand person"),
        ("money = income/rate", "bn KZT", "bn USD"),
        ("money = income**2", "bn KZT", "1e+18 KZT^2"),
        ("money = sum(part[q]*oil for q in region)", "bn KZT", "1e+15 KZT·t"),
        ("number = log(income)", "bn KZT", "1"),
        ("number = exp(oil)", "mln t", "1"),
        ("number = logistic(wage)", "mln KZT·person^-1", "1"),
        ("number = 2**oil", "mln t", "1"),
        ("number = income**share", "bn KZT", "1"),
        ("diff(money) = oil", "bn KZT", "mln t"),
        ("log(money) = share", "bn KZT", "1"),
        ("log(money) = log(oil)", "bn KZT", "mln t"),
        ("log(money) = log(dollars) - log(rate)", "bn KZT", "bn KZT^-1·USD^2"),
        ("dlog(money) = income", "1", "bn KZT"),
        ("pct(money) = oil", "1", "mln t"),
        ("check one: income == oil", "bn KZT", "mln t"),
        ("check two: part[s] <= oil", "bn KZT", "mln t"),
        # scales
        ("money = fee", "bn KZT", "mln KZT"),
        ("money = income + fee", "bn KZT", "mln KZT"),
        ("tonnes = metal", "mln t", "thousand t"),
        ("growth = income/lag(income)", "%", "1"),
        ("number = per_cent", "1", "%"),
        ("money = income*per_cent", "bn KZT", "1e+07 KZT"),
        ("check one: income == fee", "bn KZT", "mln KZT"),
    ],
)
def test_a_clash_of_units_shows_both_sides(equation: str, left: str, right: str) -> None:
    (finding,) = clashes(equation)
    assert (finding.rule, finding.home) == ("unit_clash_in_an_equation", Home("equations/model.eq", 2))
    facts = dict(finding.facts)
    assert facts["text"] == equation
    assert (facts["left"], facts["right"]) == (left, right)
    assert finding.severity == "error"


@pytest.mark.parametrize(
    ("equation", "left", "right"),
    [
        ("money = volume", "bn KZT", "bn KZT·prices(2004)^-1"),
        ("real = income", "bn KZT·prices(2004)^-1", "bn KZT"),
        ("money = income + volume", "bn KZT", "bn KZT·prices(2004)^-1"),
        ("real = volume + other_volume", "bn KZT·prices(2004)^-1", "bn KZT·prices(2000)^-1"),
        ("money = other_volume*price", "bn KZT", "bn KZT·prices(2000)^-1·prices(2004)"),
        ("money = 2*volume", "bn KZT", "bn KZT·prices(2004)^-1"),
        ("number = income/volume", "1", "prices(2004)"),
        ("deflator = share", "prices(2004)", "1"),
        ("diff(money) = volume", "bn KZT", "bn KZT·prices(2004)^-1"),
        ("log(money) = log(volume)", "bn KZT", "bn KZT·prices(2004)^-1"),
        ("check one: income == volume", "bn KZT", "bn KZT·prices(2004)^-1"),
    ],
)
def test_a_mix_of_price_bases_is_told_from_other_clashes(equation: str, left: str, right: str) -> None:
    (finding,) = clashes(equation)
    assert (finding.rule, finding.home) == ("price_bases_mixed_in_an_equation", Home("equations/model.eq", 2))
    facts = dict(finding.facts)
    assert (facts["left"], facts["right"]) == (left, right)


@pytest.mark.parametrize(
    "equation",
    [
        "money = fee/1000",
        "money = 0.001*fee + income",
        "tonnes = metal/1000",
        "growth = 100*income/lag(income)",
        "growth = 100*share - 100",
        "money = income*per_cent/100",
        "money = 1000*wage*people",
        "check one: income == fee/1000",
    ],
)
def test_a_written_number_frees_the_scale(equation: str) -> None:
    assert clashes(equation) == []


@pytest.mark.parametrize("equation", ["money = 1000*oil", "money = income + 0*dollars", "check one: 2*income == 3*oil"])
def test_a_written_number_never_frees_the_kind(equation: str) -> None:
    assert [f.rule for f in clashes(equation)] == ["unit_clash_in_an_equation"]


@pytest.mark.parametrize("equation", ["money = 5", "money = income + 5", "growth = 100 + per_cent", "money = -3"])
def test_a_number_alone_has_any_unit(equation: str) -> None:
    assert clashes(equation) == []


@pytest.mark.parametrize("equation", ["money = oil", "log(money) = log(volume) + log(oil)", "dlog(money) = income"])
def test_behaviour_may_mix_units(equation: str) -> None:
    assert clashes("@behaviour\n" + equation) == []


def test_every_clash_of_a_plan_is_found_once() -> None:
    found = clashes("money = oil\nnumber = log(income)\nreal = income\ntonnes = oil\ndiff(deflator) = price")
    assert [f.home.row for f in found] == [2, 3, 4]
    assert [f.address for f in found] == ["equation:money", "equation:number", "equation:real"]


def test_the_example_has_no_clash(kazakhstan: Plan) -> None:
    assert unit_clashes(kazakhstan, build(kazakhstan)[0]) == []


def test_a_wrong_unit_in_the_example_is_found(kazakhstan: Plan) -> None:
    indicators = dict(kazakhstan.indicators)
    indicators["exchange_rate"] = indicators["population"]
    model, _ = build(kazakhstan)
    wrong = unit_clashes(Plan(kazakhstan.header, kazakhstan.sets, indicators), model)
    assert {"current_account", "gdp_per_head_usd", "investment_finance"} <= {
        f.address.removeprefix("equation:") for f in wrong
    }


@pytest.mark.parametrize("equation", ["number = dlog(income)", "dlog(money) = dlog(dollars) + dlog(rate)"])
def test_a_growth_of_logarithms_is_a_pure_number(equation: str) -> None:
    assert clashes(equation) == []


def test_a_comparison_is_a_pure_number() -> None:
    assert clashes("number = income > 0") == []
    assert [f.rule for f in clashes("money = income > 0")] == ["unit_clash_in_an_equation"]


def test_a_product_of_amounts_is_no_pure_number() -> None:
    assert [f.rule for f in clashes("number = prod(part[q] for q in region)")] == ["unit_clash_in_an_equation"]


def test_a_rate_may_be_added_to_a_logarithm() -> None:
    assert clashes("log(money) = log(lag(money)) + share") == []


def test_logarithms_may_stand_in_any_order() -> None:
    assert clashes("log(deflator) = -log(volume) + log(income)") == []


def test_the_logistic_function_does_not_undo_a_logarithm() -> None:
    assert [f.rule for f in clashes("money = logistic(log(income))")] == ["unit_clash_in_an_equation"]
