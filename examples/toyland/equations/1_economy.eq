# The economy of Toyland at the prices of 2020. The letters s and q run over the three sectors.
for s, q in sector

# Households consume a basic amount and half of what they earned a year before.
@behaviour
consumption = basic_consumption + propensity*lag(income)

# Output of a sector: what the sectors need of it, and what households, the state and foreigners buy.
output[s] = sum(technical[s, q]*output[q] for q in sector)
    + consumption_share[s]*consumption + purchases[s] + exports[s]

# People at work: norm by output.
employment[s] = labour_norm[s]*output[s]

# All people at work.
employment[economy] = sum(employment[s] for s in sector)

# What they earn.
income = wage*employment[economy]

# The gross domestic product is what is used finally; only tradable goods are exported.
gdp = consumption + sum(purchases[s] for s in sector) + sum(exports[s] for s in sector.tradable)

# The same at current prices: reported where the price is known, needed by no other equation.
gdp_current = gdp_price*gdp
