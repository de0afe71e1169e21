# An identity: GDP is consumption and investment.
gdp_volume = household_consumption_volume + investment_volume

# Behaviour: consumption follows income. What it misses in the base year is its add-factor.
@behaviour
dlog(household_consumption_volume) = consumption_income*dlog(gdp_volume)

gdp_growth = pct(gdp_volume)
