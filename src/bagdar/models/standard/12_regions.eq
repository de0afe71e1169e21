for t, v in region
for s in sector

# A region's part of each sector: its share in the base year, moved by its competitiveness, adding up exactly.
regions_weight[s] = sum(region_share[v, s]*competitiveness[v] for v in region)
region_part[t, s] = region_share[t, s]*competitiveness[t]/regions_weight[s]
region_value_added[t, s] = region_part[t, s]*value_added[s]

# Gross regional product takes its part of FISIM and of taxes on products; it adds up to GDP.
gross_regional_product[t] = sum(region_value_added[t, s] for s in sector)*gdp/sum(value_added[s] for s in sector)
gross_regional_product["country"] = sum(gross_regional_product[t] for t in region)

# Growth of a region: its sectors' volumes at the prices of the year before. Indices of regions are never added.
value_added_at_prices_before[s] = value_added_volume[s]*lag(value_added[s])/lag(value_added_volume[s])
regional_growth[t] = 100*(sum(region_part[t, s]*value_added_at_prices_before[s] for s in sector)
    /sum(lag(region_value_added[t, s]) for s in sector) - 1)

# People at work follow the same rule as value added; the rounding of official figures stays outside the regions.
employment_weight[s] = sum(region_employment_share[v, s]*competitiveness[v] for v in region)
regional_employment[t] = sum(region_employment_share[t, s]*competitiveness[t]/employment_weight[s]
    *(sector_employees[s] + sector_self_employed[s]) for s in sector)
    *(1 - employment_not_allocated/(employees + self_employed))
regional_employment["country"] = sum(regional_employment[t] for t in region) + employment_not_allocated
regional_earnings[t] = sum(region_part[t, s]*(compensation[s] + mixed_income[s]) for s in sector)
