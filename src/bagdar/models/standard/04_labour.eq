for s in sector
for f in sector.farm
for n in sector.nonfarm
for k in skill

# Employees by output and productivity: a trend, and the part of growth that raises it (Kaldor 1966, Verdoorn 1949).
@behaviour
log(sector_employees[s]) = log(sector_employees_base[s]) + (1 - verdoorn)*log(output[s]/output_base[s])
    - productivity_trend[s]*years_from_base

# The self-employed: a fixed ratio to employees, and on farms those who find no other work, in part.
@behaviour
sector_self_employed[n] = self_employed_ratio[n]*sector_employees[n]
@behaviour
sector_self_employed[f] = farm_hands_base + farm_absorption*(labour_force - labour_force_base
    - (employees + sum(sector_self_employed[n] for n in sector.nonfarm) - off_farm_base))

employees = sum(sector_employees[s] for s in sector)
self_employed = sum(sector_self_employed[s] for s in sector)

# Labour force: participation of people of working age, and the quota of foreign labour.
labour_force = participation_rate/100*working_age_population + foreign_labour

# The balance of labour: unemployment is its only residual.
unemployed = labour_force - employees - self_employed

# Persons needed by skill.
skill_demand[k] = sum(skill_share[k, s]*(sector_employees[s] + sector_self_employed[s]) for s in sector)
