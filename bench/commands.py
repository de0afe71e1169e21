"""How long the commands take, as whole processes, beside an interpreter that only imports what they stand on."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = str(ROOT / "examples" / "kazakhstan")
BAGDAR = [sys.executable, "-m", "bagdar"]
FLOOR = [sys.executable, "-c", "import numpy, scipy.sparse.csgraph, scipy.sparse.linalg, babel.numbers, jinja2"]
REPEATS = 5


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as out:
        commands = {
            "python, imports only": FLOOR,
            "bagdar --help": [*BAGDAR, "--help"],
            "bagdar check": [*BAGDAR, "check", EXAMPLE],
            "bagdar simulate": [*BAGDAR, "simulate", EXAMPLE],
            "bagdar build": [*BAGDAR, "build", EXAMPLE, "--out", out],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(REPEATS):  # interleaved, so that the machine's moods fall on all alike
            for name, command in commands.items():
                taken[name].append(seconds(command))
    floor = statistics.median(taken["python, imports only"])
    print(f"{'command':24s} {'median s':>9s} {'min':>6s} {'max':>6s} {'× imports':>10s}")
    for name, times in taken.items():
        middle = statistics.median(times)
        print(f"{name:24s} {middle:9.2f} {min(times):6.2f} {max(times):6.2f} {middle / floor:10.1f}")


if __name__ == "__main__":
    main()
