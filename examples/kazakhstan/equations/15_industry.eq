for n in industry_item.nominal
for m in industry_item.mt
for k in industry_item.kt
for g in industry_item.gas

# Industry, 1995–2004: the derived columns recomputed. Volume indices stay as printed, since the table
# has only three of their years.
ratio_to_1995[n] = 100*industrial_output[n]/lag(industrial_output[n], 9)
ratio_to_2000[n] = 100*industrial_output[n]/lag(industrial_output[n], 4)
ratio_to_1995[m] = 100*output_mt[m]/lag(output_mt[m], 9)
ratio_to_2000[m] = 100*output_mt[m]/lag(output_mt[m], 4)
ratio_to_1995[k] = 100*output_kt[k]/lag(output_kt[k], 9)
ratio_to_2000[k] = 100*output_kt[k]/lag(output_kt[k], 4)
ratio_to_1995[g] = 100*output_gas[g]/lag(output_gas[g], 9)
ratio_to_2000[g] = 100*output_gas[g]/lag(output_gas[g], 4)

# The index of industry lies between those of its branches.
check industry_between_branches: volume_index["industry"]
    <= max(volume_index["mining"], volume_index["manufacturing"], volume_index["electricity_gas_water"])
check industry_above_its_slowest: volume_index["industry"]
    >= min(volume_index["mining"], volume_index["manufacturing"], volume_index["electricity_gas_water"])
