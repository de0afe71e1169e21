# Production: capital, what the economy can produce, and GDP by production with FISIM.

# Capital grows by fixed capital formation less depreciation. The stock is the Penn World Table's, whose old
# capital of Soviet times still shrinks, so the equation is no identity and its add-factor is shown.
@behaviour
diff(capital) = gross_fixed_capital_formation_volume - depreciation_rate/100*lag(capital)

# What can be produced at normal utilisation: capital, labour and the trend of productivity (Solow 1957).
@behaviour
dlog(potential_volume) = productivity_trend + capital_share*dlog(lag(capital))
    + (1 - capital_share)*dlog(labour_force)

# Intermediate consumption and FISIM as shares of output; FISIM is the intermediate consumption of a
# nominal sector without output (SNA 1993, 6.124).
@behaviour
intermediate_consumption = intermediate_share*gross_output
@behaviour
fisim = fisim_share*gross_output
gross_output = gross_value_added + intermediate_consumption + fisim

# Taxes on products as accrued, beside the taxes collected.
@behaviour
net_taxes_on_products = product_tax_accrual*(value_added_tax + taxes_on_international_trade + other_taxes)

# Value added at basic prices is GDP less taxes net of subsidies on products.
gross_value_added = gdp - net_taxes_on_products

# GDP by production equals GDP by expenditure.
check production: gross_output - intermediate_consumption - fisim + net_taxes_on_products == gdp
