for d in sector.demand_led

# Exports of sectors that are not resource sectors follow foreign demand and their price beside that of foreign
# producers. Transit is the foreign demand for transport, tourism that for hotels and restaurants.
@behaviour
exports_wanted[d] = export_base[d]*foreign_demand[d]**export_demand
    *(product_export_price[d]/product_import_price[d])**(-export_elasticity[d])
