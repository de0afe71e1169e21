"""The peer of `bench/balances.py`: a linear program built by linopy until HiGHS holds it. Run by its interpreter."""

from __future__ import annotations

import json
import sys
import time

import linopy
import numpy as np
import xarray as xr

given = np.load(sys.argv[1])
begun = time.process_time()
model = linopy.Model()
count = len(given["low"])
x = model.add_variables(lower=given["low"], upper=given["high"], coords=[range(count)], dims=["level"], name="x")
lengths = np.diff(given["indptr"])
# linopy keeps as many terms for every row as the longest has: rows of like length together, or it takes all memory.
classes = np.where(lengths > 0, np.ceil(np.log2(np.maximum(lengths, 1))).astype(int), -1)
for size in np.unique(classes[classes >= 0]):
    rows = np.flatnonzero(classes == size)
    width = lengths[rows].max()
    terms = given["indptr"][rows][:, None] + np.arange(width)
    there = np.arange(width) < lengths[rows][:, None]
    terms = np.where(there, terms, 0)
    dims = ["row", "_term"]
    coefficients = xr.DataArray(np.where(there, given["data"][terms], np.nan), dims=dims, coords={"row": rows})
    variables = xr.DataArray(np.where(there, given["indices"][terms], -1), dims=dims, coords={"row": rows})
    told = xr.Dataset({"coeffs": coefficients, "vars": variables, "const": ("row", np.zeros(len(rows)))})
    expression = linopy.LinearExpression(told, model)
    for name, sign, bound in (("low", ">=", given["row_low"][rows]), ("high", "<=", given["row_high"][rows])):
        finite = np.flatnonzero(np.isfinite(bound))
        if len(finite):
            right = xr.DataArray(bound[finite], dims=["row"], coords={"row": rows[finite]})
            part = expression if len(finite) == len(rows) else expression.sel(row=rows[finite])
            model.add_constraints(part, sign, right, name=f"{name}{size}")
model.add_objective((1 * x).sum())
model.to_highspy()
print(json.dumps({"peer": time.process_time() - begun, "linopy": linopy.__version__}))
