"""What the accounts give beside every official total, and the sectors at a glance."""

from __future__ import annotations

from inputs import BASE, GROSS_VALUE_ADDED, INDUSTRY, SECTIONS, SECTORS, TOTALS, Array, published, sections, where
from products import discrepancy_total


def report(a: dict[str, Array]) -> str:
    """Every official total, what the table gives, and the difference; then the sectors at a glance."""
    t, total = TOTALS, {k: float(v.sum()) for k, v in a.items() if k != "regions"}
    industry = where(INDUSTRY)
    added = a["value_added"]
    gdp = t["gross_domestic_product"]
    taxes = sum(total[f"household_product_taxes_{k}"] for k in ("vat", "excise", "other"))
    duties = total["import_duties"]
    expenditure = (
        total["household_use"] + taxes + total["government_use"] + total["investment_use"] + total["inventories_use"]
        + total["discrepancy_use"] + total["product_exports"] - total["product_imports"] + duties
    )  # fmt: skip
    group = {"agriculture": where(("agriculture",)), "industry": where((*INDUSTRY, "construction"))}
    group["services"] = 1 - group["agriculture"] - group["industry"]
    collective, book = t["final_consumption"] - t["household_consumption"], sections(f"fixed_assets_{BASE}_bn_kzt")
    lines = [
        ("Gross output", t["output"], total["output"]),
        ("Intermediate consumption", t["intermediate_consumption"], float((a["technical"] @ a["output"]).sum())),
        ("FISIM not allocated", t["fisim"], total["fisim_use"]),
        ("Value added before FISIM", GROSS_VALUE_ADDED, total["value_added"]),
        ("GDP by production", gdp, total["value_added"] - t["fisim"] + taxes + duties),
        ("GDP by expenditure, with the discrepancy", gdp, expenditure),
        ("Statistical discrepancy", discrepancy_total(), total["discrepancy_use"]),
        ("Household consumption, purchasers' prices", t["household_consumption"], total["household_use"] + taxes),
        ("Government and NPISH consumption", collective, total["government_use"]),
        ("Gross fixed capital formation", t["gross_fixed_capital_formation"], total["investment_use"]),
        ("Fixed capital formation by investing sector", t["gross_fixed_capital_formation"], total["investment"]),
        ("Gross capital formation", t["gross_capital_formation"], total["investment_use"] + total["inventories_use"]),
        ("Exports", t["exports"], total["product_exports"]),
        ("Imports (cif, without duties)", t["imports"], total["product_imports"] - duties),
        ("Compensation of employees", t["compensation"], total["compensation"]),
        ("Net taxes on products", t["taxes_on_products"] - t["subsidies_on_products"], taxes + duties),
        ("Value added tax", t["value_added_tax"], total["household_product_taxes_vat"]),
        ("Excises", t["excises"], total["household_product_taxes_excise"]),
        ("Customs duties and other taxes on imports", t["customs_duties"] + t["other_trade_taxes"], duties),
        ("Employees, thousand", t["employees"], total["employees"]),
        ("Self-employed, thousand", t["self_employed"], total["self_employed_by_sector"]),
        ("Public investment (GFS, net)", t["public_investment"], total["public_investment"]),
        ("Agriculture, % of GDP", t["agriculture_share"], 100 * float(group["agriculture"] @ added) / gdp),
        ("Industry and construction, % of GDP", t["industry_share"], 100 * float(group["industry"] @ added) / gdp),
        ("Services, % of GDP", t["services_share"], 100 * float(group["services"] @ added) / gdp),
        ("Industry, % of GDP (S71)", t["industrial_share"], 100 * float(industry @ added) / gdp),
        ("Output of industry (S71, industrial statistics)", t["industrial_output"], float(industry @ a["output"])),
        (f"Fixed assets at book value, end of {BASE}", sum(book.values()), total["fixed_capital"]),
    ]  # fmt: skip
    year = published("employed")
    for name, group_ in SECTIONS.items():
        official = sections(f"employed_{year}_thousand")[name]
        people = float(where(group_) @ (a["employees"] + a["self_employed_by_sector"]))
        lines.append((f"Employed in section {name}{f' in {year}' * (year != BASE)}, thousand", official, people))
    text = ["| official total | official | table | table less official |", "|---|---:|---:|---:|"]
    text += [f"| {name} | {told:.4f} | {got:.4f} | {round(got - told, 4) + 0.0:+.4f} |" for name, told, got in lines]
    return "\n".join(text)


def glance(a: dict[str, Array]) -> str:
    """The sectors at a glance, for a reader's judgement."""
    x, v = a["output"], a["value_added"]
    use = x + a["product_imports"] - a["product_exports"]
    surplus = v - a["compensation"] - a["production_taxes"] - a["mixed_income"]
    net = surplus - a["consumption_of_fixed_capital"]
    head = (
        "sector", "output", "VA", "VA % all", "VA/output", "exports", "imports", "import share %", "household",
        "government", "investment", "employees", "self-empl.", "wage k KZT/month", "mixed k/month", "capital/VA",
        "invested", "depr. %", "net surplus",
    )  # fmt: skip
    rows = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    for i, code in enumerate(SECTORS):
        own = a["self_employed_by_sector"][i]
        cells = (
            f"{x[i]:.0f}", f"{v[i]:.0f}", f"{100 * v[i] / v.sum():.1f}", f"{v[i] / x[i]:.2f}",
            f"{a['product_exports'][i]:.0f}", f"{a['product_imports'][i]:.0f}",
            f"{100 * a['product_imports'][i] / use[i]:.0f}", f"{a['household_use'][i]:.0f}",
            f"{a['government_use'][i]:.0f}", f"{a['investment_use'][i]:.0f}", f"{a['employees'][i]:.0f}", f"{own:.0f}",
            f"{1000 * a['compensation'][i] / a['employees'][i] / 12:.0f}",
            f"{1000 * a['mixed_income'][i] / own / 12:.0f}" if own > 0 else "",
            f"{a['fixed_capital'][i] / v[i]:.1f}", f"{a['investment'][i]:.0f}",
            f"{100 * a['consumption_of_fixed_capital'][i] / a['fixed_capital_before'][i]:.1f}", f"{net[i]:.0f}",
        )  # fmt: skip
        rows.append(f"| {code} | " + " | ".join(cells) + " |")
    rows.append("")
    for code in (
        "mixed_income",
        "imputed_rent",
        "production_taxes",
        "consumption_of_fixed_capital",
        "fixed_capital",
    ):
        rows.append(f"- {code}: {a[code].sum():.1f} bn KZT")
    return "\n".join(rows)
