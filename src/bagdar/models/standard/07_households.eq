for s in sector

# Income: wages after taxes, what the self-employed earn, benefits, dividends, transfers from abroad.
mixed_income[s] = mixed_income_share[s]*(value_added[s] - compensation[s] - production_taxes[s])
property_income = dividend_share*(gross_profit - corporate_income_tax - resource_rent)
household_disposable_income = compensation_of_employees - personal_income_tax + sum(mixed_income[s] for s in sector) + social_benefits + property_income + secondary_income*exchange_rate

# Consumption follows real income and returns to a constant share of it (error correction on habits).
@behaviour
log(household_consumption_volume) = consumption_habit*log(lag(household_consumption_volume))
    + (1 - consumption_habit)*log(consumption_propensity*household_disposable_income/consumer_price)

# By product: what must be had whatever it costs, and shares of what is left (Stone 1954).
subsistence_cost = sum(household_price[s]*subsistence_use[s] for s in sector)*population
household_use[s] = subsistence_use[s]*population + marginal_budget_share[s]*(household_consumption - subsistence_cost)/household_price[s]

# The share of people whose income is below the subsistence minimum, if incomes are log-normal
# (normal distribution by the logistic of Bowling and others 2009).
income_per_head = income_survey_share*household_disposable_income/population/12
poverty_gap = log(subsistence_minimum/(income_per_head*1000000))/income_dispersion + income_dispersion/2
poverty_share = 100*logistic(0.07056*poverty_gap**3 + 1.5976*poverty_gap)
