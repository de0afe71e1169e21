for s, q in sector

# Capacity is that of the finished capital in place at the start of the year. Machines that are put up this year produce
# next year, and so do works that the year's end finds finished; the others produce the year after.
capacity[s] = capacity_ratio[s]*(lag(fixed_capital[s]) - lag(unfinished_construction[s]))
unfinished_construction[s] = unfinished_works[s]*capital_composition["construction", s]*investment[s]
utilisation[s] = output[s]/capacity[s]

# Firms want to replace what wears out and to grow with their market; the two tensions of the DMS model,
# utilisation and profitability, and the cost and ease of credit speed this up or slow it down. Projects take time:
# plans adjust in part.
@behaviour
investment_wanted[s] = (1 - investment_speed)*lag(investment_wanted[s])
    + investment_speed*investment_rate_base[s]*lag(fixed_capital[s])
    *max(1 + investment_utilisation*log(utilisation[s]/utilisation_base[s])
        + investment_profit*(profit_rate[s] - profit_rate_base[s])
        - investment_interest*(lending_rate - lending_rate_base)/100
        + investment_credit*log(new_credit/(credit_ratio_base*gdp)), 0)

# What firms can have abroad follows what the country earns: lenders look at debt and income.
foreign_finance = foreign_finance_ratio/100*gdp/exchange_rate
check foreign_limit: foreign_finance_ratio >= 0

# Where own funds, credit and foreign finance do not suffice, all investment is cut alike.
investment_finance = own_funds_share*own_funds + credit_share*new_credit + foreign_finance*exchange_rate
finance_needed = sum(capital_price[s]*investment_wanted[s] for s in sector)
finance_cover = min(investment_finance/finance_needed, 1)
private_investment[s] = finance_cover*investment_wanted[s]

investment[s] = private_investment[s] + public_investment[s]
private_investment_volume = sum(private_investment[s] for s in sector)
# What own funds and credit leave of investment to be financed is borrowed abroad, up to foreign_finance.
firms_foreign_borrowing = sum(capital_price[s]*private_investment[s] for s in sector)
    - own_funds_share*own_funds - credit_share*new_credit
public_investment_volume = sum(public_investment[s] for s in sector)

# Capital goods by product: the composition table.
investment_use[s] = sum(capital_composition[s, q]*investment[q] for q in sector)

# Fixed capital at the end of the year, at base-year prices.
fixed_capital[s] = (1 - depreciation_rate[s])*lag(fixed_capital[s]) + investment[s]
capital = sum(fixed_capital[s] for s in sector)
