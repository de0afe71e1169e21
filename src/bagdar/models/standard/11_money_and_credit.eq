# Money grows with income and with the spread of banking; net domestic credit is the residual of money.
@behaviour
dlog(money) = dlog(gdp) + monetisation_trend
domestic_credit = money - net_foreign_assets*exchange_rate_end

# Deposits are the residual of households, debt abroad that of firms (with financial institutions) after credit.
household_deposits_inflow = household_disposable_income - household_consumption
firms_foreign_borrowing = sum(capital_price[s]*private_investment[s] for s in sector) + changes_in_inventories
    - own_funds - new_credit

# What comes in beside what firms borrow: of banks and others, with errors and omissions.
other_capital_inflow = capital_inflow*exchange_rate - firms_foreign_borrowing

# Net lending of the institutional sectors, each from its own account.
net_lending["households"] = household_deposits_inflow
net_lending["firms"] = own_funds - sum(capital_price[s]*private_investment[s] for s in sector) - changes_in_inventories
net_lending["government"] = government_balance
net_lending["rest_of_world"] = -(current_account - trade_coverage_difference)*exchange_rate

# They add up to nothing but the discrepancy: shown, never imposed.
check lending: sum(net_lending[n] for n in institution) == statistical_discrepancy
