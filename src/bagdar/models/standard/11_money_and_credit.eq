# Money grows with income and with the spread of banking. Behind it stand net foreign assets, the credit to the
# economy that investment draws on, and what else moves net domestic credit: claims on government, capital of banks and
# other items. With credit given, this other change is the residual of money.
@behaviour
dlog(money) = dlog(gdp) + monetisation_trend
other_domestic_credit = money - net_foreign_assets*exchange_rate_end - lag(domestic_credit) - new_credit
domestic_credit = lag(domestic_credit) + new_credit + other_domestic_credit

# Deposits are the residual of households. The account of firms (with financial institutions) is closed by their
# financial assets: what they take up beyond what they invest goes into deposits and claims, at home and abroad.
household_deposits_inflow = household_disposable_income - household_consumption
firms_financial_assets = net_lending["firms"] + new_credit + firms_foreign_borrowing

# Net lending of the institutional sectors, each from its own account.
net_lending["households"] = household_deposits_inflow
net_lending["firms"] = own_funds - sum(capital_price[s]*private_investment[s] for s in sector) - changes_in_inventories
net_lending["government"] = government_balance
net_lending["rest_of_world"] = -(current_account - trade_coverage_difference)*exchange_rate

# They add up to nothing but the discrepancy: shown, never imposed.
check lending: sum(net_lending[n] for n in institution) == statistical_discrepancy
