# An identity: GDP is consumption and investment.
gdp_volume = household_consumption_volume + investment_volume

# Behaviour: consumption follows income. What it misses in the base year is its add-factor.
household_consumption_volume = gdp_volume - investment_volume

gdp_growth = pct(gdp_volume)
