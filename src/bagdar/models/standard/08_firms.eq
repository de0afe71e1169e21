for s in sector
for u in sector.regulated
for r in sector.resource
for d in sector.demand_led

# Other taxes less subsidies on production: social tax on pay, payments for natural resources, property taxes.
payroll_tax[s] = social_tax_rate/100*social_tax_coverage[s]*compensation[s]
subsidies[s] = subsidy_rate[s]/100*output_value[s]
production_taxes[s] = payroll_tax[s] + (production_tax_rate[s] + resource_payment_rate[s])/100*output_value[s] - subsidies[s]

# Profit after wear of capital, and what it is, after tax and rent, on the capital in place.
consumption_of_fixed_capital[s] = depreciation_rate[s]*capital_price[s]*lag(fixed_capital[s])
profit[s] = value_added[s] - compensation[s] - production_taxes[s] - mixed_income[s] - consumption_of_fixed_capital[s]
sector_income_tax[s] = taxable_share*corporate_income_tax_rate/100*(profit[s] + consumption_of_fixed_capital[s]
    - tax_depreciation_rate/100*capital_price[s]*lag(fixed_capital[s]))
sector_rent[r] = resource_rent_rate/100*output_value[r]
profit_rate[d] = (profit[d] - sector_income_tax[d])/(capital_price[d]*lag(fixed_capital[d]))
profit_rate[r] = (profit[r] - sector_income_tax[r] - sector_rent[r])/(capital_price[r]*lag(fixed_capital[r]))

# Gross profit of the economy, less the nominal sector's FISIM.
gross_profit = sum(profit[s] + consumption_of_fixed_capital[s] for s in sector) - fisim
# GDP by income: what labour, the state, the self-employed and capital get of it (SNA 2008, 2.138).
check income: compensation_of_employees + sum(production_taxes[s] + mixed_income[s] for s in sector) + gross_profit
    + net_taxes_on_products == gdp

# Corporate income tax on profit beyond the depreciation that the tax law allows.
depreciation_allowance = tax_depreciation_rate/100*sum(capital_price[s]*lag(fixed_capital[s]) for s in sector)
@behaviour
corporate_income_tax = taxable_share*corporate_income_tax_rate/100*(gross_profit - depreciation_allowance)

# A regulated sector's loss must be covered by someone: subsidy, debt or own funds.
loss[u] = max(-profit[u], 0)
loss_subsidy[u] = loss_subsidy_share[u]/100*loss[u]
loss_debt[u] = loss_debt_share[u]/100*loss[u]
loss_own_funds[u] = loss[u] - loss_subsidy[u] - loss_debt[u]
check loss_covered: loss_subsidy_share[u] + loss_debt_share[u] <= 100

# What firms keep: after taxes, dividends, what foreign owners take home, with interest and subsidies received.
own_funds = gross_profit - corporate_income_tax - resource_rent - property_income + primary_income*exchange_rate
    + government_interest + sum(loss_subsidy[u] for u in sector.regulated)
