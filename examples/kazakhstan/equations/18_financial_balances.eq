for s in sector
for u in sector.regulated
for n in institution

# What the financial balances in balances/ read: how much currency or revenue a unit of a product brings, and the
# accounts of the institutional sectors.

# Currency.
export_currency_norm[s] = product_export_price[s]/exchange_rate
import_currency_norm[s] = product_import_price[s]/(1 + import_duty_base[s]/100)/exchange_rate
oil_export_earnings = export_currency_norm["oil"]*product_exports["oil"]
import_payments = imports/exchange_rate
national_fund_abroad = national_fund_inflow/exchange_rate
reserves_increase = diff(net_foreign_assets)

# The budget: effective rates, tenge of revenue per unit of use at the prices of 2004. What oil brings in is tied to what
# is sold abroad: oil that cannot leave pays nothing.
household_tax_norm[s] = household_tax_rate[s]/100*use_price[s]
oil_income_tax = corporate_income_tax*sector_income_tax["oil"]/sum(sector_income_tax[s] for s in sector)
oil_revenue = oil_income_tax + sector_rent["oil"]
    + (production_tax_rate["oil"] + resource_payment_rate["oil"])/100*output_value["oil"]
oil_revenue_norm = oil_revenue/product_exports["oil"]
household_product_taxes = value_added_tax + excises + other_product_taxes
labour_taxes = social_tax + personal_income_tax
other_income_tax = corporate_income_tax - oil_income_tax
other_production_taxes = sum((production_tax_rate[s] + resource_payment_rate[s])/100*output_value[s] for s in sector)
    + resource_rent - (oil_revenue - oil_income_tax)
# What is left after outlays and the fund redeems debt or goes into deposits; what is lacking is borrowed.
budget_remainder = government_balance - national_fund_inflow
debt_repayment = max(budget_remainder, 0)
budget_borrowing = max(-budget_remainder, 0)

# Accounts of the institutional sectors: what each receives and what it does with it.
earned_income["households"] = compensation_of_employees + sum(mixed_income[s] for s in sector)
earned_income["firms"] = gross_profit
property_received["households"] = property_income
property_received["firms"] = government_interest
property_received["rest_of_world"] = -primary_income*exchange_rate
taxes_received["government"] = government_revenue
transfers_received["households"] = social_benefits
transfers_received["firms"] = sum(loss_subsidy[u] for u in sector.regulated)
transfers_received["rest_of_world"] = -secondary_income*exchange_rate
taxes_paid["households"] = personal_income_tax
taxes_paid["firms"] = corporate_income_tax + resource_rent
property_paid["firms"] = property_income - primary_income*exchange_rate
property_paid["government"] = government_interest
transfers_paid["households"] = -secondary_income*exchange_rate
transfers_paid["government"] = social_benefits + government_outlay["subsidies"]
final_consumption["households"] = household_consumption
final_consumption["government"] = government_consumption
capital_outlay["firms"] = sum(capital_price[s]*private_investment[s] for s in sector) + changes_in_inventories
capital_outlay["government"] = government_outlay["investment"]
purchases_abroad["rest_of_world"] = imports
sales_abroad["rest_of_world"] = exports
