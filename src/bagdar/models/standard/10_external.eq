# Foreign owners of resource companies take home a share of resource exports.
@behaviour
primary_income = -repatriation_share*sum(product_export_price[r]*product_exports[r] for r in sector.resource)/exchange_rate

# The balance of payments; its coverage of trade differs a little from the national accounts. With the exchange rate
# as a given path, reserves are the residual; what the National Fund saves abroad is not in the banks' assets.
current_account = (exports - imports)/exchange_rate + trade_coverage_difference + primary_income + secondary_income
net_foreign_assets = lag(net_foreign_assets) + current_account + capital_inflow
    - national_fund_inflow/exchange_rate
