# @identity_comment@
gdp_volume = household_consumption_volume + investment_volume

# @behaviour_comment@
@behaviour
dlog(household_consumption_volume) = consumption_income*dlog(gdp_volume)

gdp_growth = pct(gdp_volume)
