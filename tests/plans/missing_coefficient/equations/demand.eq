# An identity: GDP is consumption and investment.
gdp_volume = household_consumption_volume + investment_volume

# Consumption is a fixed part of GDP.
household_consumption_volume = consumption_income*gdp_volume

gdp_growth = pct(gdp_volume)
