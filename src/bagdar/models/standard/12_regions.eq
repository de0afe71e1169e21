for t, v in region
for s in sector

# A region's part of each sector: located projects stand in their region; the rest goes by the shares of the base year,
# moved by competitiveness. A product that is accepted in a region's own plan is held (a swap with its
# competitiveness): the others share the rest.
regions_weight[s] = sum(region_share[v, s]*competitiveness[v] for v in region)
located_part[s] = sum(located_value_added[v, s] for v in region)/value_added_volume[s]
region_part[t, s] = (1 - located_part[s])*region_share[t, s]*competitiveness[t]/regions_weight[s]
    + located_value_added[t, s]/value_added_volume[s]
check located_projects: sum(min(located_value_added[v, s], 0) for v in region) >= 0
check located_fit: located_part[s] <= 1
check regions_add_up: sum(region_part[v, s] for v in region) == 1
region_value_added[t, s] = region_part[t, s]*value_added[s]

# Gross regional product takes its part of FISIM and of taxes on products; it adds up to GDP.
gross_regional_product[t] = sum(region_value_added[t, s] for s in sector)*gdp/sum(value_added[s] for s in sector)
gross_regional_product["country"] = sum(gross_regional_product[t] for t in region)
# What projects, competitiveness and accepted plans move, beside the shares of the base year: it adds up to nothing.
regional_move[t] = sum((region_part[t, s] - region_share[t, s]/sum(region_share[v, s] for v in region))*value_added[s]
    for s in sector)*gdp/sum(value_added[s] for s in sector)

# Growth of a region: its sectors' volumes at the prices of the year before. Indices of regions are never added.
value_added_at_prices_before[s] = value_added_volume[s]*lag(value_added[s])/lag(value_added_volume[s])
regional_growth[t] = 100*(sum(region_part[t, s]*value_added_at_prices_before[s] for s in sector)
    /sum(lag(region_value_added[t, s]) for s in sector) - 1)

# People at work move as value added of their sector and region does; where a sector is new, it employs as elsewhere.
# The rounding of official figures stays outside the regions.
employment_weight[s] = sum((region_employment_share[v, s]/region_share[v, s] if region_share[v, s] > 0 else 1)
    *region_part[v, s] for v in region)
regional_employment[t] = sum((region_employment_share[t, s]/region_share[t, s] if region_share[t, s] > 0 else 1)
    *region_part[t, s]/employment_weight[s]*(sector_employees[s] + sector_self_employed[s]) for s in sector)
    *(1 - employment_not_allocated/(employees + self_employed))
regional_employment["country"] = sum(regional_employment[t] for t in region) + employment_not_allocated
regional_earnings[t] = sum(region_part[t, s]*(compensation[s] + mixed_income[s]) for s in sector)
