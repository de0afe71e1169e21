# Money grows with income and with the spread of banking; net domestic credit is the residual of money.
@behaviour
dlog(money) = dlog(gdp) + monetisation_trend
domestic_credit = money - net_foreign_assets*exchange_rate_end

# Net lending of the institutional sectors, each from its own account. Deposits are the residual of households,
# debt abroad that of firms (with financial institutions), borrowing that of government.
net_lending["households"] = household_disposable_income - household_consumption
net_lending["firms"] = own_funds - sum(capital_price[s]*private_investment[s] for s in sector) - changes_in_inventories
net_lending["government"] = government_balance
net_lending["rest_of_world"] = -(current_account - trade_coverage_difference)*exchange_rate

# They add up to nothing but the discrepancy: shown, never imposed.
check lending: sum(net_lending[n] for n in institution) == statistical_discrepancy
