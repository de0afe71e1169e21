# The outside world and money. The exchange rate is a given path: reserves are the residual of the external
# balance, net domestic credit that of money.

# Foreign owners of resource companies take their share of resource exports.
@behaviour
primary_income = -repatriation_share*resource_export_price*resource_exports_volume/exchange_rate

# The balance of payments; the coverage of trade differs a little from the national accounts.
current_account = (exports - imports)/exchange_rate + trade_coverage_difference + primary_income + secondary_income
net_foreign_assets = lag(net_foreign_assets) + current_account + capital_inflow

# Money grows with income and with the spread of banking.
@behaviour
dlog(money) = dlog(gdp) + monetisation_trend
domestic_credit = money - net_foreign_assets*exchange_rate_end

# Net lending of the private sector, of general government and of the rest of the world, each from its own account,
# adds up to nothing.
check lending: (gdp - government_revenue + social_benefits + government_interest
        + (primary_income + secondary_income)*exchange_rate - household_consumption
        - capital_goods_price*private_investment_volume - changes_in_inventories - statistical_discrepancy)
    + government_balance
    - (current_account - trade_coverage_difference)*exchange_rate == 0
