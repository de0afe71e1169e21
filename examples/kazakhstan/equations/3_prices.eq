# Prices, 2004 = 1. The weights of costs add up to one, so that doubling all prices changes no quantity.

# Domestic producers pass on unit labour cost and the price of imported inputs, slowly; tension in capacity adds.
@behaviour
dlog(domestic_price) = price_labour*dlog(compensation_of_employees/gdp_volume) + price_import*dlog(import_price)
    + (1 - price_labour - price_import)*lag(dlog(domestic_price))
    + price_utilisation*log(gdp_volume/potential_volume)

# Consumers buy domestic and imported goods, the services of natural monopolies, and pay VAT.
# The prices of 2004 hold the VAT of 2004, 15 %.
@behaviour
log(consumer_price) = (1 - consumer_import_share - monopoly_share)*log(domestic_price)
    + consumer_import_share*log(import_price) + monopoly_share*log(monopoly_tariff)
    + vat_coverage*log((1 + vat_rate/100)/1.15)

# Capital goods are domestic and imported.
@behaviour
log(capital_goods_price) = (1 - capital_import_share)*log(domestic_price) + capital_import_share*log(import_price)

# Government pays wages and buys domestic goods.
@behaviour
dlog(government_price) = government_wage_share*dlog(compensation_per_employee) + (1 - government_wage_share)*dlog(domestic_price)

# Importers and exporters of resources take the world's price at the exchange rate.
@behaviour
dlog(import_price) = dlog(foreign_price) + dlog(exchange_rate)
@behaviour
dlog(resource_export_price) = dlog(world_resource_price) + dlog(exchange_rate)

# Other exporters price between domestic cost and foreign competitors.
@behaviour
log(other_export_price) = other_exports_domestic_share*log(domestic_price)
    + (1 - other_exports_domestic_share)*log(import_price)

# Deflators.
export_price = exports/exports_volume
gdp_price = gdp/gdp_volume
