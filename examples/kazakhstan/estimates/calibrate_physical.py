"""Norms that run from money to physical quantities: `13_physical.eq`."""

from __future__ import annotations

from base_year import BaseYear, BySector
from calibrate_products import domestic_use
from inputs import SECTORS

# Tonnes of CO2 from a tonne of coal: 18.6 GJ/t of Ekibastuz coal x 94.6 kg/GJ (IPCC 2006, volume 2, table 2.2).
COAL_CO2 = 1.76


def electricity_per_use(base: BaseYear) -> float:
    """Electricity generated / domestic use of utilities, kWh a tenge: one mean price for all users."""
    return base.now("electricity_output") / domestic_use(base)["utilities"]


def electricity(base: BaseYear) -> dict[str, BySector]:
    """electricity_norm = input of utilities in a unit of output · electricity_per_use."""
    per_use = electricity_per_use(base)
    return {"electricity_norm": {s: base.technical["utilities", s] * per_use for s in SECTORS}}


def emission_norms(base: BaseYear) -> dict[str, float]:
    """Mt of CO2 from coal burnt, in a bn KZT of output.

    emission_norm = input of coal in a unit of output · tonnes of coal / output of coal · COAL_CO2.
    """
    per_coal = COAL_CO2 * base.tonnes["coal"] / base.accounts["output"]["coal"]
    return {s: base.technical["coal", s] * per_coal for s in SECTORS}
