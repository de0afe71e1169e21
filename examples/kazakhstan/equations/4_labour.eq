# Labour: employees by output, labour force, self-employed, unemployment as the residual, wages.

# Firms hire with output, less the trend of productivity.
@behaviour
dlog(employees) = employment_output*dlog(gdp_volume) - employment_trend

# More people look for work when there is more of it.
@behaviour
dlog(labour_force) = dlog(population) + labour_force_response*dlog(employees)

# The self-employed give up a share of new jobs' hands.
@behaviour
diff(self_employed) = -self_employed_absorption*diff(employees)

# The balance of labour: unemployment is its only residual.
unemployed = labour_force - employees - self_employed

# Wages follow consumer prices and what output is worth, productivity, and tightness of the labour market.
@behaviour
dlog(compensation_per_employee) = wage_prices*dlog(consumer_price) + (1 - wage_prices)*dlog(gdp_price)
    + dlog(gdp_volume/employees) - wage_unemployment*(unemployment_rate - natural_unemployment)/100 + wage_trend

# Compensation of employees.
compensation_of_employees = compensation_per_employee*employees
