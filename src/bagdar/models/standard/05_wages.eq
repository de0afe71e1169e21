for s in sector
for m in sector.private
for p in sector.public

# Wages on the market: prices of this year and the year before, productivity, and the wage curve (Blanchflower
# and Oswald 1994: a tenth less unemployment, a hundredth more pay).
@behaviour
log(market_wage[m]) = log(market_wage_base[m]) + wage_indexation*log(consumer_price)
    + (1 - wage_indexation)*log(lag(consumer_price)/consumer_price_before_base)
    + wage_productivity*log(gdp_volume/(employees + self_employed)/productivity_base)
    - wage_curve*log(unemployment_rate/unemployment_rate_base)

# No wage is below the minimum wage, which is set a month.
wage[m] = max(market_wage[m], minimum_wage*12/1000000)
# The state sets those of its own employees.
wage[p] = max(public_wage_base[p]*public_wage, minimum_wage*12/1000000)

compensation[s] = wage[s]*sector_employees[s]
compensation_of_employees = sum(compensation[s] for s in sector)
compensation_per_employee = compensation_of_employees/employees
