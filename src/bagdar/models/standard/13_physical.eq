for s in sector
for r in sector.resource
for y in emission

# Tonnes from volumes at the base year's average price; norms run from volumes to physical quantities.
resource_tonnes[r] = output[r]/price_per_tonne[r]
electricity_output = electricity_per_output*sum(output[u] for u in sector.energy)
# A standard of energy use reaches the norms.
electricity_use = sum(input_standard[u] for u in sector.energy)*sum(electricity_norm[s]*output[s] for s in sector) + electricity_household_norm*population/1000000
grain_output = grain_per_output*sum(output[f] for f in sector.farm)
emissions[y] = sum(emission_norm[y, s]*output[s] for s in sector)
