for s, q in sector
for r in sector.resource
for d in sector.demand_led
for u in sector.regulated
for c in sector.competitive
for p in sector.public

# Prices, base year = 1. The exchange rate as an index of itself.
exchange_rate_index = exchange_rate/exchange_rate_base

# What a unit of output costs: inputs, labour with social tax, capital worn out, taxes on production.
input_cost[s] = sum(input_standard[q]*technical[q, s]*use_price[q] for q in sector)
unit_cost[s] = (input_cost[s] + (compensation[s] + payroll_tax[s])/output[s] + capital_cost[s]*capital_price[s])
    /(1 - (production_tax_rate[s] + resource_payment_rate[s] - subsidy_rate[s])/100)

# Cost with a mark-up, foreign competitors' price, and what utilisation adds.
@behaviour
log(domestic_price[c]) = (1 - price_competition[c])*log(markup[c]*unit_cost[c])
    + price_competition[c]*log(landed_price[c]) + price_utilisation*log(utilisation[c]/utilisation_base[c])
# The state's services are priced at cost.
@behaviour
log(domestic_price[p]) = log(markup[p]*unit_cost[p])
# Natural monopolies sell at a tariff.
@behaviour
log(domestic_price[u]) = log(regulated_tariff[u])
# Resources at home: between the world's price and one that is held.
@behaviour
log(domestic_price[r]) = resource_pass_through[r]*log(product_export_price[r])
    + (1 - resource_pass_through[r])*log(resource_home_price[r])

# Prices at the border. Resources are sold and bought at the world's price; other exporters look at their costs and
# at foreign competitors.
@behaviour
log(product_export_price[r]) = log(world_price[r]*exchange_rate_index)
@behaviour
log(product_export_price[d]) = export_cost_weight*log(domestic_price[d]) + (1 - export_cost_weight)*log(product_import_price[d])
@behaviour
log(product_import_price[r]) = log(world_price[r]*exchange_rate_index)
@behaviour
log(product_import_price[d]) = log(foreign_price*exchange_rate_index)
landed_price[s] = product_import_price[s]*(1 + import_duty_rate[s]/100)/(1 + import_duty_base[s]/100)

# What users pay before taxes on products: domestic and imported goods together.
use_price[s] = (domestic_price[s]*(domestic_use[s] - product_imports[s]) + landed_price[s]*product_imports[s])/domestic_use[s]
# Households pay VAT, excises and other taxes on products on top.
household_tax_rate[s] = vat_rate*vat_coverage[s] + excise_rate[s] + other_product_tax_rate[s]
household_price[s] = use_price[s]*(1 + household_tax_rate[s]/100)
capital_price[q] = sum(capital_composition[s, q]*use_price[s] for s in sector)

# Deflators of the uses.
consumer_price = household_consumption/sum((1 + household_tax_base[s]/100)*household_use[s] for s in sector)
government_price = government_consumption/government_consumption_volume
capital_goods_price = gross_fixed_capital_formation/gross_fixed_capital_formation_volume
export_price = exports/exports_volume
import_price = imports/imports_volume
gdp_price = gdp/gdp_volume

# The uses and GDP at current prices.
household_consumption = consumer_price*household_consumption_volume
government_consumption = sum(use_price[s]*government_use[s] for s in sector)
gross_fixed_capital_formation = sum(use_price[s]*investment_use[s] for s in sector)
changes_in_inventories = sum(use_price[s]*inventories_use[s] for s in sector)
exports = sum(product_export_price[s]*product_exports[s] for s in sector)
imports = sum(product_import_price[s]*product_imports[s]/(1 + import_duty_base[s]/100) for s in sector)
statistical_discrepancy = sum(use_price[s]*discrepancy_use[s] for s in sector)
gdp = household_consumption + government_consumption + gross_fixed_capital_formation
    + changes_in_inventories + exports - imports + statistical_discrepancy

# Production at current prices.
output_value[s] = domestic_price[s]*(domestic_use[s] - product_imports[s]) + product_export_price[s]*product_exports[s]
value_added[s] = output_value[s] - input_cost[s]*output[s]
gross_output = sum(output_value[s] for s in sector)
intermediate_consumption = sum(use_price[s]*intermediate_demand[s] for s in sector)
fisim = sum(use_price[s]*fisim_use[s] for s in sector)
gross_value_added = gross_output - intermediate_consumption - fisim
net_taxes_on_products = value_added_tax + excises + import_duties + other_product_taxes
check production: gross_value_added + net_taxes_on_products == gdp
