"""How long allocations of made-up economies take: `bench/frames.py` has the economy.

python bench/balances.py                    sizes, each with the method that its size chooses
python bench/balances.py --methods          sizes that all methods can be tried at, with each
python bench/balances.py --build [--peer PYTHON]
                                            from a frame to HiGHS holding the program, beside linopy
python bench/balances.py --replan           the same economy with other figures, from the plan before and cold
python bench/balances.py --plain            the plain balance of a million products, beside copying memory

PYTHON is an interpreter with `pip install linopy highspy==1.15.1` (it is no dependency of Bagdar). Every measurement
is a process of its own, stopped after LIMIT seconds of processor time; all times are of the processor.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

LIMIT = 1800
SIZES = ((100, 5, ""), (300, 3, ""), (1000, 1, ""), (1000, 5, ""), (10_000, 1, ""), (50_000, 1, ""))
TRIED = ((100, 1), (100, 3), (100, 5), (300, 1), (300, 3), (1000, 1))
REPEATS = 5


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    started = time.process_time()
    result = run()
    return result, time.process_time() - started


def told(**what: Any) -> None:
    """A line for the process that asked; what was told before a limit is kept."""
    print(json.dumps(what), flush=True)


# -- in a process of its own -----------------------------------------------------------------------


def solution(products: int, periods: int, method: str, epsilon: float = 1e-4) -> None:
    """All ranks of an economy; a line for each solution. A first-order method weights them, as `allocate` has it."""
    from frames import economy

    from bagdar.balances.frame import expand
    from bagdar.balances.highs import Session, method_for
    from bagdar.balances.ranks import solve_ranked

    class Told(Session):
        def solve(self, cost: Any) -> Any:
            answer, taken = timed(lambda: super(Told, self).solve(cost))
            worst = {"primal": answer.primal, "dual": answer.dual, "gap": answer.gap}
            told(seconds=taken, status=answer.status, iterations=answer.iterations, memory=memory(), **worst)
            return answer

    frame = economy(products, periods)
    (expanded, session), taken = timed(lambda: begun(frame, expand, lambda p: Told(p, method or method_for(p))))
    program = expanded.program
    told(rows=len(program.row_low), entries=program.matrix.nnz, build=taken, method=session.method)
    ranked = solve_ranked(expanded, session, "weighted" if session.method == "hipdlp" else "epsilon", epsilon)
    told(met=[stage.met for stage in ranked.stages if stage.rank], objective=ranked.answer.objective)


def begun(frame: Any, expand: Callable[[Any], Any], session: Callable[[Any], Any]) -> tuple[Any, Any]:
    expanded = expand(frame)
    return expanded, session(expanded.program)


def built(products: int, periods: int, arrays: str) -> None:
    """From a frame to a program in HiGHS, several times; the program is written down for the peer."""
    from frames import economy

    from bagdar.balances.frame import expand
    from bagdar.balances.highs import Session
    from bagdar.balances.ranks import shares

    frame = economy(products, periods)
    before = memory()
    for _ in range(REPEATS):
        (expanded, _), taken = timed(lambda: begun(frame, expand, lambda p: Session(p, "hipdlp")))
        told(build=taken)
    told(more=memory() - before)
    program, cost = expanded.program, -shares(expanded, 2)
    parts = {"cost": cost, "low": program.low, "high": program.high, "row_low": program.row_low}
    matrix = program.matrix.tocoo()
    rows, columns = matrix.coords
    np.savez(arrays, data=matrix.data, rows=rows, columns=columns, row_high=program.row_high, **parts)
    if len(program.row_low) < 10_000:
        told(objective=Session(program, "simplex").solve(cost).objective)
    told(entries=matrix.nnz, sums=sums(matrix.data, program.low, program.high, program.row_low, program.row_high))


def sums(*parts: Any) -> list[float]:
    """What is the same in whatever order a program's rows, levels and entries stand."""
    return [float(np.abs(np.sort(part[np.isfinite(part)])).sum()) for part in parts]


def peer_built(_products: int, _periods: int, arrays: str) -> None:
    """The same with linopy, from the program's entries.

    Its expressions have a dense axis of terms: rows are put together that have about as many, so that less than half
    of it is padding. A careful user would do so; a sum over all levels of every row would be rows times levels.
    """
    import linopy
    import scipy.sparse
    import xarray

    given = dict(np.load(arrays))
    before = memory()
    for _ in range(REPEATS if len(given["row_low"]) < 10**5 else 1):
        highs, taken = timed(lambda: with_linopy(linopy, xarray, scipy.sparse, given))
        told(build=taken)
    told(more=memory() - before)
    lp = highs.getLp()
    if lp.num_row_ < 10_000:
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("solver", "simplex")
        highs.run()
        told(objective=highs.getObjectiveValue())
    parts = (lp.a_matrix_.value_, lp.col_lower_, lp.col_upper_, lp.row_lower_, lp.row_upper_)
    told(entries=len(lp.a_matrix_.value_), sums=sums(*(np.asarray(part) for part in parts)))


def with_linopy(linopy: Any, xarray: Any, sparse: Any, given: dict[str, Any]) -> Any:
    model = linopy.Model()
    count, rows = len(given["low"]), len(given["row_low"])
    x = model.add_variables(given["low"], given["high"], coords=[range(count)], dims=["level"], name="x")
    matrix = sparse.csr_array((given["data"], (given["rows"], given["columns"])), shape=(rows, count))
    lengths = np.diff(matrix.indptr)
    classes = np.ceil(np.log2(np.maximum(lengths, 1))).astype(int)
    kinds = 2 * classes + (given["row_high"] == given["row_low"])
    for kind in np.unique(kinds):
        at = np.flatnonzero(kinds == kind)
        place = np.arange(lengths[at].max())
        there = place < lengths[at][:, None]
        terms = np.where(there, matrix.indptr[at][:, None] + place, 0)
        parts = {
            "coeffs": (("row", "_term"), np.where(there, matrix.data[terms], np.nan)),
            "vars": (("row", "_term"), np.where(there, matrix.indices[terms], -1)),
            "const": ("row", np.zeros(len(at))),
        }
        expression = linopy.LinearExpression(xarray.Dataset(parts, coords={"row": at}), model)
        right = xarray.DataArray(given["row_low"][at], dims="row", coords={"row": at})
        model.add_constraints(expression, "=" if kind % 2 else ">=", right, name=f"rows{kind}")
    model.add_objective((x * given["cost"]).sum())
    return linopy.io.to_highspy(model)


def replanned(products: int, periods: int, _method: str) -> None:
    """The economy once, then with other figures: from the plan before, and cold."""
    from frames import economy, moved

    from bagdar.balances.frame import expand
    from bagdar.balances.highs import Session, method_for
    from bagdar.balances.ranks import solve_ranked

    def allocated(frame: Any, before: Session | None = None) -> tuple[Any, Session]:
        expanded = expand(frame)
        session = Session(expanded.program, method_for(expanded.program), before=before)
        return solve_ranked(expanded, session), session

    frame = economy(products, periods)
    _, first = allocated(frame)
    for name, other in moved(frame).items():
        (warm, _), again = timed(lambda other=other: allocated(other, first))
        (cold, _), anew = timed(lambda other=other: allocated(other))
        off = max(abs(one.met - two.met) for one, two in zip(warm.stages, cold.stages, strict=True))
        told(name=name, again=again, anew=anew, off=off, objective=[warm.answer.objective, cold.answer.objective])


def balanced(products: int, _periods: int, _method: str) -> None:
    """The plain balance, and beside it one pass over its matrix, and a copy of as much memory."""
    from frames import plain

    from bagdar.balances.plain import plain_balance

    technical, final = plain(products)
    solved = [timed(lambda: plain_balance(technical, final, 1e-8)) for _ in range(3)]
    passes = [timed(lambda: technical @ final)[1] for _ in range(REPEATS)]
    bytes_read = technical.nnz * 12
    source = np.ones(bytes_read // 8)
    target = np.empty_like(source)
    copies = [timed(lambda: np.copyto(target, source))[1] for _ in range(REPEATS + 1)][1:]
    told(
        entries=technical.nnz,
        residual=solved[0][0][1],
        taken=min(taken for _, taken in solved),
        one_pass=min(passes),
        copy=min(copies),
        memory=memory(),
    )


KINDS = {"solve": solution, "build": built, "peer": peer_built, "replan": replanned, "plain": balanced}


# -- the tables ------------------------------------------------------------------------------------


def apart(kind: str, products: int, periods: int, more: str = "", python: str = sys.executable) -> list[dict[str, Any]]:
    """What a process of its own tells until it ends, or its processor time does."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))

    command = [python, str(Path(__file__).resolve()), "--one", kind, str(products), str(periods), more]
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parent)}
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=folder, env=environment, preexec_fn=limited
        )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode not in (0, -24, -9):
        raise RuntimeError(done.stderr)
    return [*lines, {"stopped": done.returncode != 0}]


def every(lines: list[dict[str, Any]], key: str) -> Iterator[Any]:
    return (line[key] for line in lines if key in line)


def solutions(sizes: list[tuple[int, int, str]]) -> None:
    print(
        f"{'products':>8s} {'periods':>7s} {'rows':>7s} {'entries':>9s} {'method':>8s} {'build s':>8s} {'solve s':>8s} "
        f"{'solutions':>9s} {'iterations':>10s} {'primal':>8s} {'dual':>8s} {'gap':>8s} {'MB':>5s}  ranks met, %"
    )
    for products, periods, method in sizes:
        lines = apart("solve", products, periods, method)
        first, statuses = lines[0], list(every(lines, "status"))
        worst = " ".join(f"{max(every(lines, key), default=0.0):8.0e}" for key in ("primal", "dual", "gap"))
        met = next(every(lines, "met"), [])
        end = "  stopped" if lines[-1]["stopped"] else "  ".join(f"{100 * share:.2f}" for share in met)
        rough = sum(status != "optimal" for status in statuses)
        print(
            f"{products:8,d} {periods:7d} {first['rows']:7,d} {first['entries']:9,d} {first['method']:>8s} "
            f"{first['build']:8.2f} {sum(every(lines, 'seconds')):8.1f} {len(statuses):9d} "
            f"{sum(every(lines, 'iterations')):10,d} {worst} {max(every(lines, 'memory'), default=0):5.0f}  {end}"
            + (f"  ({rough} not to 1e-6)" if rough else ""),
            flush=True,
        )


def building(products: int, periods: int, peer: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        arrays = str(Path(folder, "program.npz"))
        ours = apart("build", products, periods, arrays)
        theirs = apart("peer", products, periods, arrays, peer) if peer else []
    for name, lines in (("Bagdar", ours), ("linopy", theirs)):
        if lines:
            taken = list(every(lines, "build"))
            ratio = statistics.median(taken) / statistics.median(every(ours, "build"))
            print(
                f"{products:8,d} × {periods} {name:8s} {statistics.median(taken):8.3f} s  × {ratio:5.1f}  "
                f"first {taken[0]:6.3f}  + {next(every(lines, 'more')):5.0f} MB  {next(every(lines, 'entries')):,d} "
                f"entries  objective {next(every(lines, 'objective'), None)}"
            )
    if theirs:
        one, other = next(every(ours, "sums")), next(every(theirs, "sums"))
        print("the same numbers:", np.allclose(one, other, rtol=1e-12))


def replans(products: int, periods: int) -> None:
    for one in apart("replan", products, periods)[:-1]:
        print(
            f"{products:6,d} × {periods}  {one['name']:42s} {one['again']:7.2f} s, cold {one['anew']:7.2f} s  "
            f"× {one['anew'] / one['again']:5.1f}  ranks differ by {one['off']:.0e}"
        )


def plainly(products: int) -> None:
    one = apart("plain", products, 1)[0]
    print(
        f"{products:,d} products, {one['entries']:,d} entries: {one['taken']:.2f} s, residual {one['residual']:.0e}, "
        f"{one['memory']:.0f} MB; × {one['taken'] / one['one_pass']:.1f} one pass over the matrix, which is "
        f"× {one['one_pass'] / one['copy']:.1f} a copy of as many bytes"
    )


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--one"]:
        kind, products, periods, more = arguments[1:]
        KINDS[kind](int(products), int(periods), more)
    elif arguments[:1] == ["--methods"]:
        methods = ("simplex", "ipx", "hipo", "hipdlp")
        solutions([(products, periods, method) for products, periods in TRIED for method in methods])
    elif arguments[:1] == ["--build"]:
        for products in (1_000, 10_000):
            building(products, 1, arguments[2] if arguments[1:2] == ["--peer"] else "")
    elif arguments[:1] == ["--replan"]:
        for size in ((100, 5), (300, 1), (300, 3)):
            replans(*size)
    elif arguments[:1] == ["--plain"]:
        plainly(1_000_000)
    else:
        solutions(list(SIZES))


if __name__ == "__main__":
    main(sys.argv[1:])
