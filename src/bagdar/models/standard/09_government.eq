for s in sector
for u in sector.regulated
for t in region
for e in outlay
for b in budget_programme
for a in administrator

# Taxes on products.
value_added_tax = vat_rate/100*sum(vat_coverage[s]*use_price[s]*household_use[s] for s in sector)
excises = sum(excise_rate[s]/100*use_price[s]*household_use[s] for s in sector)
other_product_taxes = sum(other_product_tax_rate[s]/100*use_price[s]*household_use[s] for s in sector)
import_duties = sum(import_duty_rate[s]/100*product_import_price[s]*product_imports[s]/(1 + import_duty_base[s]/100) for s in sector)

# Taxes on income; royalties, rent and other resource revenue by the value of resource output.
personal_income_tax = personal_income_tax_rate/100*compensation_of_employees
social_tax = sum(payroll_tax[s] for s in sector)
resource_rent = sum(sector_rent[r] for r in sector.resource)
resource_revenue = resource_rent + sum(resource_payment_rate[s]/100*output_value[s] for s in sector)

# Revenue, with taxes on products net of their subsidies; subsidies on production stand among expenditure.
government_revenue = net_taxes_on_products + sum(production_taxes[s] + subsidies[s] for s in sector)
    + personal_income_tax + corporate_income_tax + resource_rent

# Interest on last year's debt.
@behaviour
government_interest = debt_interest_rate/100*lag(government_debt)
# Expenditure by kind of outlay.
government_outlay["consumption"] = government_consumption
government_outlay["investment"] = sum(capital_price[s]*public_investment[s] for s in sector)
government_outlay["benefits"] = social_benefits
government_outlay["subsidies"] = sum(subsidies[s] for s in sector) + sum(loss_subsidy[u] for u in sector.regulated)
government_outlay["interest"] = government_interest
government_expenditure = sum(government_outlay[e] for e in outlay)

# Net lending, with and without the revenue of resources.
government_balance = government_revenue - government_expenditure
non_resource_balance = government_balance - resource_revenue

# The fund takes a share of resource revenue first; borrowing is the residual of the budget. What a surplus leaves
# when all debt is redeemed becomes deposits of the state: gross debt is never below nothing.
national_fund_inflow = fund_rule/100*resource_revenue
national_fund = lag(national_fund) + national_fund_inflow
@behaviour
government_net_debt = lag(government_net_debt) - government_balance + national_fund_inflow
government_debt = max(government_net_debt, 0)
government_deposits = max(-government_net_debt, 0)

# From outlays to ceilings by function of the budget classification, and by the administrators of their programmes.
budget_ceiling[b] = sum(budget_share[b, e]/100*government_outlay[e] for e in outlay)
administrator_ceiling[a] = sum(administrator_share[a, b]/100*budget_ceiling[b] for b in budget_programme)
check ceilings_by_function: sum(budget_ceiling[b] for b in budget_programme) == government_expenditure
check ceilings_by_administrator: sum(administrator_ceiling[a] for a in administrator) == government_expenditure

# Local budgets have personal income tax, social tax and property taxes, and spend what local bodies administer; the
# republican budget gives the difference.
local_revenue = personal_income_tax + social_tax + sum(production_tax_rate[s]/100*output_value[s] for s in sector)
local_expenditure = administrator_ceiling["local"]
budget_transfers = local_expenditure - local_revenue

# The same by territory: taxes where pay is earned and output is made, spending a head alike. A negative transfer is
# what the republican budget takes from the territory.
regional_revenue[t] = sum(region_part[t, s]*(personal_income_tax_rate/100*compensation[s] + payroll_tax[s]
    + production_tax_rate[s]/100*output_value[s]) for s in sector)
regional_expenditure[t] = population_share[t]*local_expenditure
regional_transfers[t] = regional_expenditure[t] - regional_revenue[t]
check local_budgets: sum(regional_revenue[t] for t in region) == local_revenue
check local_transfers: sum(regional_transfers[t] for t in region) == budget_transfers
