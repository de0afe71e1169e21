for s, q in sector
for r in sector.resource
for u in sector.regulated
for c in sector.competitive
for p in sector.public

# Resources and uses by product, at base-year prices: what is used at home and abroad is produced or imported
# (System of National Accounts 2008, chapter 14). Imports are landed: their value at the border with import duty.

# What the sectors need of a product as input; a standard changes how much of it a unit of output may take.
intermediate_demand[s] = input_standard[s]*sum(technical[s, q]*output[q] for q in sector)

# Government buys by its usual pattern, and what it orders from domestic producers beyond it.
government_use[s] = government_pattern[s]*government_services_volume + state_purchases[s]

# Domestic use. The nominal sector uses the financial services indirectly measured, FISIM, which are not
# allocated to users; the statistical discrepancy is a named use, zero in plan years.
fisim_use[s] = fisim_pattern[s]*fisim_volume
discrepancy_use[s] = discrepancy_pattern[s]*statistical_discrepancy_volume
domestic_use[s] = intermediate_demand[s] + household_use[s] + government_use[s] + investment_use[s]
    + inventories_use[s] + fisim_use[s] + discrepancy_use[s]
fisim_volume = fisim_rate*sum(fisim_pattern[s]*output[s] for s in sector)

# Imports beside domestic supply: relative price (Armington 1969) and tension in domestic capacity. What the
# state orders at home is not imported.
@behaviour
import_ratio[s] = import_ratio_base[s]*(landed_price[s]/domestic_price[s])**(-import_elasticity[s])
    *(utilisation[s]/utilisation_base[s])**import_tension
imports_by_share[s] = import_ratio[s]/(1 + import_ratio[s])*(domestic_use[s] - state_purchases[s])

# Resource sectors produce what they can. What is not used at home is exported, up to pipeline or quota; the
# excess cuts output. If home needs more than there is, nothing is exported and imports take the gap.
resource_supply[r] = min(price_per_tonne[r]*resource_path[r], capacity[r])
export_surplus[r] = resource_supply[r] + imports_by_share[r] - domestic_use[r]
product_exports[r] = max(min(export_surplus[r], export_limit[r]), 0)
supply_gap[r] = max(-export_surplus[r], 0)

# Regulated sectors meet demand up to capacity. What is short is taken from customers abroad first; what then still
# is must be imported.
shortage[u] = max(domestic_use[u] - imports_by_share[u] + exports_wanted[u] - capacity[u], 0)
product_exports[u] = max(exports_wanted[u] - shortage[u], 0)
supply_gap[u] = max(shortage[u] - exports_wanted[u], 0)
product_exports[c] = exports_wanted[c]
product_exports[p] = exports_wanted[p]

product_imports[r] = imports_by_share[r] + supply_gap[r]
product_imports[u] = imports_by_share[u] + supply_gap[u]
product_imports[c] = imports_by_share[c]
product_imports[p] = imports_by_share[p]

# Resources equal uses, product by product.
output[s] = domestic_use[s] - product_imports[s] + product_exports[s]

# Value added at base-year prices: output less inputs, both deflated (double deflation).
value_added_volume[s] = output[s] - sum(input_standard[q]*technical[q, s] for q in sector)*output[s]

# The aggregates at base-year prices.
government_consumption_volume = government_services_volume + sum(state_purchases[s] for s in sector)
gross_fixed_capital_formation_volume = sum(investment[s] for s in sector)
changes_in_inventories_volume = sum(inventories_use[s] for s in sector)
exports_volume = sum(product_exports[s] for s in sector)
imports_volume = sum(product_imports[s]/(1 + import_duty_base[s]/100) for s in sector)
resource_exports_volume = sum(product_exports[r] for r in sector.resource)
other_exports_volume = exports_volume - resource_exports_volume

# GDP by expenditure at base-year prices, and the same by production.
gdp_volume = household_consumption_volume + government_consumption_volume
    + gross_fixed_capital_formation_volume + changes_in_inventories_volume
    + exports_volume - imports_volume + statistical_discrepancy_volume
product_taxes_volume = sum(household_tax_base[s]/100*household_use[s] for s in sector)
    + sum(import_duty_base[s]/100/(1 + import_duty_base[s]/100)*product_imports[s] for s in sector)
check production_volume: sum(value_added_volume[s] for s in sector) - fisim_volume + product_taxes_volume == gdp_volume
