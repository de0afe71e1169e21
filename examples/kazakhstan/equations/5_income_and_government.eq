# Incomes of households; revenue by tax, outlay, balance and debt of general government.

# Wages after tax, benefits, and the households' share of what is left of operating surplus and mixed income
# after corporate tax, resource revenue and income paid abroad (an estimate: no household account is published).
household_disposable_income = compensation_of_employees - personal_income_tax - social_tax + social_benefits
    + mixed_income_share*(gross_value_added - compensation_of_employees - corporate_income_tax - resource_revenue
        + primary_income*exchange_rate)

# Taxes at effective rates.
personal_income_tax = personal_income_tax_rate/100*compensation_of_employees
social_tax = social_tax_rate/100*compensation_of_employees
taxes_on_international_trade = import_duty_rate/100*imports

# VAT is collected on a share of consumption at purchasers' prices.
@behaviour
value_added_tax = vat_base_share*vat_rate/(100 + vat_rate)*household_consumption

# Corporate income tax on a share of operating surplus.
@behaviour
corporate_income_tax = profit_tax_base_share*corporate_income_tax_rate/100
    *(gross_value_added - compensation_of_employees)

# Royalties, rent and other non-tax revenue, in proportion to resource exports.
@behaviour
resource_revenue = resource_revenue_rate/100*resource_export_price*resource_exports_volume

# Property taxes, excises and the rest.
@behaviour
other_taxes = other_tax_rate/100*gdp

# Revenue of general government, the National Fund included.
government_revenue = value_added_tax + personal_income_tax + social_tax + corporate_income_tax
    + resource_revenue + taxes_on_international_trade + other_taxes

# Interest on last year's debt.
@behaviour
government_interest = debt_interest_rate/100*lag(government_debt)

# Expenditure: purchases (with those of non-profit institutions), public investment, benefits, interest.
government_expenditure = government_consumption + capital_goods_price*public_investment_volume
    + social_benefits + government_interest

# Net lending, and what of it is not saved in the National Fund repays debt.
government_balance = government_revenue - government_expenditure
@behaviour
diff(government_debt) = -(1 - fund_saving_share)*government_balance
