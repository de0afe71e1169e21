# The electricity balance.

# Electricity that the sectors use, and what is lost on the way to them.
power_needed = sum(power_norm[s]*output[s] for s in sector) + power_lost

# A share of all electricity is lost, that for the lost electricity included: the two are found together.
power_lost = loss_share*power_needed

# What the own stations cannot give is bought abroad.
power_imported = max(power_needed - power_capacity, 0)
