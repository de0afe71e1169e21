# Checks determine nothing; they are tested.

# What the sectors produce beyond what they use up is what is used finally.
check production_equals_use:
    sum(output[s] for s in sector)
    - sum(sum(technical[s, q]*output[q] for q in sector) for s in sector) == gdp
