"""First and repeated solution of a World Bank model beside ModelFlow, in one run, on one machine, at one accuracy.

    python bench/equations.py MODEL.pcim REFERENCE.csv.gz --peer PYTHON

PYTHON is an interpreter with `pip install modelflowib` (it is no dependency of Bagdar). REFERENCE has a row a period
and a column a variable: the solution to full accuracy, which both are held against.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPEATS = 7


def cpu() -> float:
    """Seconds of processor time of this process and of those it has run."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def timed(run: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    used, started = cpu(), time.perf_counter()
    result = run()
    return result, {"wall": time.perf_counter() - started, "cpu": cpu() - used}


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reference(path: str) -> dict[tuple[str, str], float]:
    with gzip.open(path, "rt") as file:
        head, *rows = list(csv.reader(file))
    return {(name, row[0]): float(v) for row in rows for name, v in zip(head[1:], row[1:], strict=True)}


def report(first: dict[str, float], again: list[dict[str, float]], off: float) -> dict[str, float]:
    return {
        "first wall": first["wall"],
        "first cpu": first["cpu"],
        "again cpu": statistics.median(one["cpu"] for one in again),
        "off": off,
        "memory": memory(),
    }


def bagdar(model: str, known: str) -> dict[str, float]:
    """A folder that is already read; the cache of compiled code is empty."""
    from bagdar.equations import simulate  # noqa: PLC0415
    from bagdar.folder import read  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as work:
        os.environ["BAGDAR_CACHE"] = str(Path(work, "cache"))
        folder = Path(work, "plan")
        subprocess.run([sys.executable, "-m", "bagdar", "import", model, str(folder)], check=False, capture_output=True)
        plan, _ = read(folder)
        assert plan is not None
        (solution, _), first = timed(lambda: simulate(plan))
        again = [timed(lambda: simulate(plan, start=solution))[1] for _ in range(REPEATS)]
    assert solution.solved
    told = reference(known)
    off = max(abs((solution.values[n].get(t) or 0.0) - v) / (abs(v) + 1) for (n, t), v in told.items())
    return report(first, again, off)


def modelflow(model: str, known: str, tight: bool) -> dict[str, float]:
    """Its compiled mode (numba), as it is set and with a tolerance that gives the reference."""
    from modelclass import model as modelflow  # type: ignore[import-not-found]  # noqa: PLC0415

    told = reference(known)
    periods = sorted({int(t) for _, t in told})
    mine, data = modelflow.modelload(model, run=0)
    more = {"relconv": 1e-13, "absconv": 1e-20, "max_iterations": 5000, "conv": "*"} if tight else {}
    options = {"ljit": True, "chunk": 30, "silent": 1, "solver": "sim", **more}
    result, first = timed(lambda: mine(data, periods[0], periods[-1], **options))
    again = [timed(lambda: mine(data, periods[0], periods[-1], **options))[1] for _ in range(REPEATS)]
    at = {str(index)[:4]: row for row, index in enumerate(result.index)}
    off = max(abs(float(result[n].iloc[at[t]]) - v) / (abs(v) + 1) for (n, t), v in told.items() if n in result)
    return report(first, again, off)


def run_apart(python: str, what: str, model: str, known: str) -> dict[str, float]:
    """One measurement in a process of its own, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        command = [python, str(Path(__file__).resolve()), "--one", what, model, known]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=folder, env=os.environ | {"PYTHONPATH": folder}
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(arguments: list[str]) -> None:
    if arguments[0] == "--one":
        _, what, model, known = arguments
        print(json.dumps(bagdar(model, known) if what == "bagdar" else modelflow(model, known, what == "tight")))
        return
    model, known, _, peer = (str(Path(a).absolute()) if Path(a).exists() else a for a in arguments)
    runs = {
        "Bagdar": run_apart(sys.executable, "bagdar", model, known),
        "ModelFlow, as it is set": run_apart(peer, "default", model, known),
        "ModelFlow, as accurate": run_apart(peer, "tight", model, known),
    }
    mine = runs["Bagdar"]
    print(f"{'':26s} {'first s':>8s} {'CPU':>7s} {'×':>6s} {'again CPU s':>12s} {'×':>6s} {'off by':>8s} {'MB':>5s}")
    for name, one in runs.items():
        first, again = one["first cpu"] / mine["first cpu"], one["again cpu"] / mine["again cpu"]
        print(
            f"{name:26s} {one['first wall']:8.2f} {one['first cpu']:7.2f} {first:6.1f} "
            f"{one['again cpu']:12.4f} {again:6.1f} {one['off']:8.0e} {one['memory']:5.0f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
