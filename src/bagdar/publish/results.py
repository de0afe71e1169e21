"""A solution as a table for other programs."""

from __future__ import annotations

import csv
import io

import numpy as np

from bagdar.address import cell_name
from bagdar.equations import Solution

RESULTS_HEAD = "name,period,value\n"


def results_csv(solution: Solution) -> str:
    """Every present value: name (with labels), period, value to 17 significant digits."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    stream.write(RESULTS_HEAD)
    for code, quantity in solution.values.items():
        if "period" not in quantity.dims:
            continue
        for place in np.argwhere(quantity.present):
            labels = [axis[int(i)] for axis, i in zip(quantity.labels, place, strict=True)]
            name = cell_name(code, tuple(labels[:-1]))
            writer.writerow([name, labels[-1], f"{quantity.values[tuple(place)]:.17g}"])
    return stream.getvalue()
