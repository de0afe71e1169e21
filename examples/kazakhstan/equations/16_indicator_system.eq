for s in sector
for i in sector.industry
for m in sector.mining
for k in sector.manufacturing
for f in sector.farm
for u in sector.energy
for r in sector.resource

# The indicator system: definitions only, read off the model; nothing in the model reads them.

# Dynamics. Growth of output by volume, as the official indices of industry, farming and construction measure it.
industry_growth = pct(sum(output[i] for i in sector.industry))
mining_growth = pct(sum(output[m] for m in sector.mining))
manufacturing_growth = pct(sum(output[k] for k in sector.manufacturing))
agriculture_growth = pct(sum(output[f] for f in sector.farm))
construction_growth = pct(output["construction"])
services_growth = pct(output["trade"] + output["hotels"] + output["transport"] + output["communication"]
    + output["finance"] + output["business"] + output["administration"] + output["social"])
investment_growth = pct(gross_fixed_capital_formation_volume)
household_consumption_growth = pct(household_consumption_volume)
exports_growth = pct(exports_volume)
other_exports_growth = pct(other_exports_volume)
imports_growth = pct(imports_volume)

# Structure of GDP by production: sectors, taxes on products, less FISIM, make the whole.
agriculture_gdp_share = 100*sum(value_added[f] for f in sector.farm)/gdp
industry_gdp_share = 100*sum(value_added[i] for i in sector.industry)/gdp
construction_gdp_share = 100*value_added["construction"]/gdp
services_gdp_share = 100*(value_added["trade"] + value_added["hotels"] + value_added["transport"]
    + value_added["communication"] + value_added["finance"] + value_added["business"]
    + value_added["administration"] + value_added["social"])/gdp
trade_gdp_share = 100*value_added["trade"]/gdp
product_taxes_gdp_share = 100*net_taxes_on_products/gdp
fisim_gdp_share = 100*fisim/gdp
check structure_by_production: agriculture_gdp_share + industry_gdp_share + construction_gdp_share
    + services_gdp_share + product_taxes_gdp_share - fisim_gdp_share == 100

# Structure of GDP by use.
household_consumption_gdp_share = 100*household_consumption/gdp
government_consumption_gdp_share = 100*government_consumption/gdp
investment_gdp_share = 100*gross_fixed_capital_formation/gdp
inventories_gdp_share = 100*changes_in_inventories/gdp
net_exports_gdp_share = 100*(exports - imports)/gdp
discrepancy_gdp_share = 100*statistical_discrepancy/gdp
check structure_by_use: household_consumption_gdp_share + government_consumption_gdp_share + investment_gdp_share
    + inventories_gdp_share + net_exports_gdp_share + discrepancy_gdp_share == 100

# Efficiency.
labour_productivity = gdp_volume/(employees + self_employed)
labour_productivity_growth = pct(gdp_volume/(employees + self_employed))
capital_productivity = gdp_volume/capital
incremental_capital_ratio = gross_fixed_capital_formation_volume/(gdp_volume - lag(gdp_volume))
material_intensity = 100*intermediate_consumption/gross_output
electricity_intensity = 1000*electricity_use/gdp_volume
capacity_use = 100*sum(output[s] for s in sector)/sum(capacity[s] for s in sector)
operating_margin = 100*gross_profit/gross_output
labour_income_share = 100*compensation_of_employees/gdp
resource_home_use_share = 100*(sum(output[r] for r in sector.resource) - sum(product_exports[r] for r in sector.resource))
    /sum(output[r] for r in sector.resource)
resource_payment_share = 100*resource_revenue/sum(output_value[r] for r in sector.resource)

# Finance. The tax burden leaves out rent and other non-tax revenue, which the model keeps apart.
government_revenue_share = 100*government_revenue/gdp
government_expenditure_share = 100*government_expenditure/gdp
local_expenditure_share = 100*local_expenditure/government_expenditure
tax_burden = 100*(government_revenue - resource_rent)/gdp
resource_revenue_share = 100*resource_revenue/government_revenue
non_resource_balance_share = 100*non_resource_balance/gdp
government_debt_share = 100*government_debt/gdp
interest_burden = 100*government_interest/government_revenue
national_fund_share = 100*national_fund/gdp
education_spending_share = 100*budget_ceiling["education"]/gdp
health_spending_share = 100*budget_ceiling["health"]/gdp
social_protection_spending_share = 100*budget_ceiling["social_protection"]/gdp

# Money. Loans grow by the new credit of the plan.
money_growth = pct(money)
monetisation = 100*money/gdp
money_velocity = gdp/money
bank_loans = lag(bank_loans) + new_credit
bank_loans_share = 100*bank_loans/gdp
real_lending_rate = 100*((1 + lending_rate/100)/(1 + consumer_inflation/100) - 1)

# Markets of goods: what of home supply is imported.
import_dependence = 100*imports/(gross_output - exports + imports)
food_import_share = 100*product_imports["food"]/domestic_use["food"]
machinery_import_share = 100*product_imports["machinery"]/domestic_use["machinery"]
grain_per_head = 1000000*grain_output/population

# Prices.
gdp_price_growth = pct(gdp_price)
industry_price_growth = pct(sum(output_value[i] for i in sector.industry)/sum(output[i] for i in sector.industry))
food_price_growth = pct(household_price["food"])
utility_price_growth = pct(sum(output_value[u] for u in sector.energy)/sum(output[u] for u in sector.energy))
transport_price_growth = pct(domestic_price["transport"])
export_price_growth = pct(export_price)
import_price_growth = pct(import_price)
terms_of_trade = export_price/import_price
real_exchange_rate = consumer_price/(exchange_rate_index*foreign_price)

# Employment.
employed = employees + self_employed
employment_rate = 100*(employees + self_employed)/working_age_population
self_employed_share = 100*self_employed/(employees + self_employed)
agriculture_employment_share = 100*sum(sector_employees[f] + sector_self_employed[f] for f in sector.farm)
    /(employees + self_employed)
industry_employment_share = 100*sum(sector_employees[i] + sector_self_employed[i] for i in sector.industry)
    /(employees + self_employed)
higher_skill_share = 100*skill_demand["higher"]/(employees + self_employed)

# Living standard.
money_income_per_head = 1000000*income_per_head
real_income_growth = pct(money_income_per_head/consumer_price)
income_to_subsistence = money_income_per_head/subsistence_minimum
real_wage_growth = pct(compensation_per_employee/consumer_price)
minimum_wage_share = 100*minimum_wage/compensation_per_employee_month
saving_rate = 100*(household_disposable_income - household_consumption)/household_disposable_income
food_consumption_share = 100*(household_price["food"]*household_use["food"]
    + household_price["agriculture"]*household_use["agriculture"])/household_consumption

# People: births and deaths are observed only.
natural_increase = births - deaths

# Foreign economic relations.
exports_usd = exports/exchange_rate
imports_usd = imports/exchange_rate
trade_balance_usd = (exports - imports)/exchange_rate
resource_export_share = 100*sum(product_export_price[r]*product_exports[r] for r in sector.resource)/exports
external_debt_share = 100*external_debt*exchange_rate_end/gdp

# Environment: only carbon dioxide from burning coal is in the model.
emission_intensity = 1000*sum(emissions[y] for y in emission)/gdp_volume
emissions_per_head = 1000*sum(emissions[y] for y in emission)/population

# Science and technology: what the accounts tell of it.
manufacturing_industry_share = 100*sum(value_added[k] for k in sector.manufacturing)/sum(value_added[i] for i in sector.industry)
machinery_industry_share = 100*value_added["machinery"]/sum(value_added[i] for i in sector.industry)
machinery_investment_share = 100*use_price["machinery"]*investment_use["machinery"]/gross_fixed_capital_formation
