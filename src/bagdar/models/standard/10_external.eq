# The rate at the end of the year beside its mean.
exchange_rate_end = exchange_rate_end_ratio*exchange_rate

# Foreign owners of resource companies take home a share of resource exports.
@behaviour
primary_income = -repatriation_share*sum(product_export_price[r]*product_exports[r] for r in sector.resource)/exchange_rate

# Capital from abroad: what firms borrow, and the rest: portfolios, what residents keep abroad, errors and omissions
# (what banks borrow is netted in their foreign assets). The rest answers, as long as they last, to interest and to the
# rise of the tenge that is expected: a flow, where the portfolio balance of Branson and Henderson (1985) has a stock.
other_capital_inflow = other_capital_path + capital_mobility*gdp/exchange_rate
    *(log(exchange_rate/expected_exchange_rate) + (lending_rate - lending_rate_base)/100)
capital_inflow = firms_foreign_borrowing/exchange_rate + other_capital_inflow

# The balance of payments; its coverage of trade differs a little from the national accounts. With the exchange rate
# as a given path, reserves are the residual; what the National Fund saves abroad is not in the banks' assets.
current_account = (exports - imports)/exchange_rate + trade_coverage_difference + primary_income + secondary_income
net_foreign_assets = lag(net_foreign_assets) + current_account + capital_inflow
    - national_fund_inflow/exchange_rate

# Gross debt abroad grows by the net inflow and by what residents put abroad beside it.
external_debt = lag(external_debt) + capital_inflow + external_debt_adjustment
check debt_abroad: external_debt >= 0
