# Indicators read off the model: definitions only.

crude_oil_output = resource_tonnes["oil"]

gdp_growth = pct(gdp_volume)
consumer_inflation = pct(consumer_price)
unemployment_rate = unemployed/labour_force*100
compensation_per_employee_month = compensation_per_employee*1000000/12
gdp_per_head_usd = gdp/exchange_rate/population*1000000
government_balance_share = government_balance/gdp*100
current_account_share = current_account*exchange_rate/gdp*100
