# Demand: gross domestic product by expenditure, at 2004 prices and at current prices.

# GDP is what is used at home and abroad less what is imported. The statistical discrepancy is a named use, zero
# in plan years. In volume it also holds, before 2004, what the estimated deflators of the uses miss.
gdp_volume = household_consumption_volume + government_consumption_volume
    + gross_fixed_capital_formation_volume + changes_in_inventories_volume
    + exports_volume - imports_volume + statistical_discrepancy_volume

# Households follow their real income, and return to a constant share of it.
@behaviour
dlog(household_consumption_volume) = consumption_income*dlog(household_disposable_income/consumer_price)
    - consumption_correction*log(lag(household_consumption)/lag(household_disposable_income)/consumption_propensity)

# Firms invest with output (the accelerator), with the terms of trade, and less when credit grows dearer.
@behaviour
dlog(private_investment_volume) = investment_trend + investment_accelerator*dlog(gdp_volume)
    + investment_terms_of_trade*dlog(export_price/capital_goods_price)
    - investment_interest*diff(lending_rate)/100

# Private and public fixed capital formation.
gross_fixed_capital_formation_volume = private_investment_volume + public_investment_volume

# Resource exports follow the tonnes of crude oil at the average price of 2004.
resource_exports_volume = resource_exports_per_tonne*crude_oil_output

# Other exports follow foreign demand and their price beside that of foreign goods.
@behaviour
log(other_exports_volume) = log(other_exports_level) + other_exports_demand*log(foreign_demand)
    - other_exports_price*log(other_export_price/import_price)

# All exports of goods and services.
exports_volume = resource_exports_volume + other_exports_volume

# Imports follow all final demand, and their price with duty beside that of domestic goods.
@behaviour
dlog(imports_volume) = imports_demand*dlog(household_consumption_volume + government_consumption_volume
    + gross_fixed_capital_formation_volume + exports_volume)
    - imports_price*dlog(import_price*(1 + import_duty_rate/100)/domestic_price)

# Values are volumes at their prices.
household_consumption = consumer_price*household_consumption_volume
government_consumption = government_price*government_consumption_volume
gross_fixed_capital_formation = capital_goods_price*gross_fixed_capital_formation_volume
changes_in_inventories = capital_goods_price*changes_in_inventories_volume
exports = resource_export_price*resource_exports_volume + other_export_price*other_exports_volume
imports = import_price*imports_volume

# GDP at current prices by expenditure.
gdp = household_consumption + government_consumption + gross_fixed_capital_formation
    + changes_in_inventories + exports - imports + statistical_discrepancy
