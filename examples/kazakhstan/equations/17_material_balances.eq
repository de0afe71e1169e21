for s, q in sector
for r in sector.resource
for u in sector.regulated
for c in sector.competitive
for p in sector.public
for k in skill
for w, v in route
for e in station
for x in power_user

# What the balances in balances/ read: norms at the prices of 2004 and the plan's own amounts of goods, labour and
# products in physical units. Each is the norm times what it is needed for; what is left is exported.

# Goods. The most that a sector can give: fields and mines, capacity, or a little more than its market asks for, since
# home products take the place of foreign ones slowly. The state's services are not limited by buildings.
output_limit[r] = resource_supply[r]
output_limit[u] = capacity[u]
output_limit[c] = min(capacity[c], (1 + output_room)*output[c])
output_limit[p] = max(capacity[p], output[p])
input_norm[s, q] = input_standard[s]*technical[s, q]

# Labour by skill: residents, foreigners under the quota, jobs per unit of output.
resident_labour[k] = labour_skill_share[k]*participation_rate/100*working_age_population
foreign_labour_by_skill[k] = foreign_skill_share[k]*foreign_labour
labour_norm[k, s] = skill_share[k, s]*(sector_employees[s] + sector_self_employed[s])/output[s]
check labour_by_skill: sum(resident_labour[k] + foreign_labour_by_skill[k] for k in skill) == labour_force

# Oil and gas condensate. What refineries do not take is exported, over the routes by their capacity.
oil_norm = 1/price_per_tonne["oil"]
condensate_output = condensate_norm*output["oil"]
oil_losses = oil_loss_rate/100*(crude_oil_output + condensate_output)
oil_to_refineries = oil_refining_norm*output["refining"]
oil_exports = crude_oil_output + condensate_output - oil_losses - oil_to_refineries
oil_export_value["oil"] = product_exports["oil"]/oil_exports
oil_route_flow[w] = oil_exports*oil_route_capacity[w]/sum(oil_route_capacity[v] for v in route)

# Natural gas: much of it never leaves the fields.
gas_output = gas_norm*output["oil"]
gas_own_use_norm = gas_own_use_rate/100*gas_norm
gas_own_use = gas_own_use_norm*output["oil"]
gas_marketable = gas_output - gas_own_use
gas_to_power = gas_power_norm*electricity_by_station["gas"]
gas_to_users = gas_home_norm*domestic_use["utilities"]
gas_exports = gas_marketable + gas_imports - gas_to_power - gas_to_users - gas_discrepancy

# Coal.
coal_norm = 1/price_per_tonne["coal"]
coal_output = resource_tonnes["coal"]
coal_to_power = coal_power_norm*electricity_by_station["coal"]
coal_to_industry = coal_industry_norm*output["metals"]
coal_to_households = coal_household_norm*population/1000000
coal_exports = coal_output - coal_to_power - coal_to_industry - coal_to_households

# Electricity. A norm at the mean price gives a user too much where the stations' own losses stand in it.
electricity_station_norm[e] = station_share[e]*electricity_per_output
electricity_by_station[e] = electricity_station_norm[e]*output["utilities"]
electricity_loss_norm = electricity_loss_rate/100*electricity_per_output
electricity_losses = electricity_loss_norm*output["utilities"]
electricity_user_norm[x, s] = electricity_user[x, s]*input_standard["utilities"]*electricity_norm[s]
electricity_to_user[x] = sum(electricity_user_norm[x, s]*output[s] for s in sector)
electricity_to_households = electricity_home_norm*household_use["utilities"]
electricity_value = 1/electricity_per_output
electricity_exports = electricity_output - electricity_losses - electricity_to_households
    - sum(electricity_to_user[x] for x in power_user)

# Grain.
grain_seed = grain_seed_norm*grain_output
grain_feed = grain_feed_norm*output["agriculture"]
grain_food = grain_food_norm*population/1000000
grain_processing = grain_processing_norm*output["food"]
grain_losses = grain_loss_rate/100*grain_output
grain_exports = grain_output + grain_imports + grain_from_stocks - grain_seed - grain_feed - grain_food
    - grain_processing - grain_losses - grain_discrepancy

# Metals: home works first, the rest is exported.
copper_output = copper_norm*output["metals"]
copper_to_machinery = copper_home_norm*output["machinery"]
copper_exports = copper_output - copper_to_machinery
flat_steel_output = flat_steel_norm*output["metals"]
flat_steel_to_construction = flat_steel_construction_norm*output["construction"]
flat_steel_to_machinery = flat_steel_machinery_norm*output["machinery"]
flat_steel_exports = flat_steel_output - flat_steel_to_construction - flat_steel_to_machinery
zinc_output = zinc_norm*output["metals"]
zinc_to_steel = zinc_home_norm/1000*flat_steel_output
zinc_exports = zinc_output - zinc_to_steel

# Cement: by who orders the works; what home plants do not give is imported.
cement_output = cement_norm*output["minerals"]
cement_to_public_works = cement_works_norm*sum(capital_composition["construction", s]*public_investment[s] for s in sector)
cement_to_industry = cement_works_norm*sum(capital_composition["construction", q]*private_investment[q] for q in sector.industry)
cement_to_building = cement_works_norm*investment_use["construction"] - cement_to_public_works - cement_to_industry
cement_imports = cement_to_public_works + cement_to_industry + cement_to_building - cement_output
