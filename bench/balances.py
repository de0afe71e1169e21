"""Allocations of made-up economies of many sizes: building, solving, memory, accuracy, method; and re-planning.

    python bench/balances.py [--peer PYTHON] [--methods]

PYTHON is an interpreter with `pip install linopy` (it is no dependency of Bagdar): it builds the same linear program
of 10,000 products up to the point where HiGHS holds it. `--methods` solves each size by every method that ends soon.
Each size runs in a process of its own, so that its memory is its own. Seconds are of the processor.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

SIZES = [(100, 5), (300, 3), (1000, 1), (1000, 5), (10_000, 1), (50_000, 1)]
# Sizes (products times periods) up to which a method is tried at all.
TRIED = {"simplex": 1000, "ipx": 3000, "hipo": 10_000, "hipdlp": 50_000}
WARM = (300, 3)
LIMIT = 1500  # seconds, of one size


def one(products: int, periods: int, method: str) -> dict[str, Any]:
    """One economy, built and solved by all its ranks."""
    from bench.frames import economy

    from bagdar.balances.frame import expand
    from bagdar.balances.highs import Session, method_for
    from bagdar.balances.ranks import solve_ranked

    frame = economy(products, periods)
    held = memory()
    begun = time.process_time()
    expanded = expand(frame)
    session = Session(expanded.program, method or method_for(expanded.program))
    built = time.process_time()
    ranked = solve_ranked(expanded, session)
    done = time.process_time()
    answer = ranked.answer
    return {
        "method": session.method, "rows": expanded.program.matrix.shape[0], "entries": expanded.program.matrix.nnz,
        "build": built - begun, "solve": done - built, "memory": memory() - held, "status": answer.status,
        "residual": max(answer.primal, answer.dual, answer.gap) if answer.solved else None,
        "met": [round(stage.met, 4) for stage in ranked.stages if stage.rank],
    }  # fmt: skip


def warm(products: int, periods: int) -> dict[str, Any]:
    """The same economy with other figures: from nothing, and from the earlier allocation's bases."""
    from bench.frames import economy, moved

    from bagdar.balances.frame import expand
    from bagdar.balances.highs import Session
    from bagdar.balances.ranks import solve_ranked

    frame = economy(products, periods)
    first = expand(frame)
    before = Session(first.program, "simplex")
    solve_ranked(first, before)
    told = {}
    for name, other in moved(frame).items():
        expanded, seconds, met = expand(other), [], []
        for earlier in (None, before):
            begun = time.process_time()
            ranked = solve_ranked(expanded, Session(expanded.program, "simplex", before=earlier))
            seconds.append(time.process_time() - begun)
            met.append([stage.met for stage in ranked.stages if stage.rank])
        told[name] = {"cold": seconds[0], "warm": seconds[1], "apart": float(np.abs(np.subtract(*met)).max())}
    return told


def plain(products: int) -> dict[str, Any]:
    """The balance of a million products where nothing is scarce, beside the rate at which memory is copied."""
    from bench.frames import plain as made

    from bagdar.balances.plain import plain_balance

    technical, final = made(products)
    size = technical.data.nbytes + technical.indices.nbytes
    block = np.ones(40_000_000)
    begun = time.process_time()
    for _ in range(5):
        block.copy()
    rate = 5 * 2 * block.nbytes / (time.process_time() - begun)
    begun = time.process_time()
    found = plain_balance(technical, final)
    seconds = time.process_time() - begun
    rounds, part = 0, final
    while np.abs(part).sum() > 1e-9 * np.abs(final).sum():
        part, rounds = technical @ part, rounds + 1
    assert found is not None
    read = (rounds + 1) * size / seconds
    return {"entries": technical.nnz, "seconds": seconds, "rounds": rounds, "left": found[1], "share": read / rate}


def building(products: int, peer: str) -> dict[str, Any]:
    """Seconds until HiGHS holds the program: ours from the frame's blocks, the peer's from their entries."""
    from bench.frames import economy

    from bagdar.balances.frame import expand
    from bagdar.balances.highs import Session

    frame = economy(products, 1)
    ours = []
    for _ in range(3):
        begun = time.process_time()
        expanded = expand(frame)
        Session(expanded.program, "hipo")
        ours.append(time.process_time() - begun)
    program = expanded.program
    with tempfile.TemporaryDirectory() as folder:
        matrix = program.matrix.tocsr()
        bounds = {n: getattr(program, n) for n in ("low", "high", "row_low", "row_high")}
        np.savez(f"{folder}/p.npz", data=matrix.data, indices=matrix.indices, indptr=matrix.indptr, **bounds)
        command = [peer, str(Path(__file__).parent / "linopy_peer.py"), f"{folder}/p.npz"]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    return {"ours": min(ours), **json.loads(told.stdout.splitlines()[-1])}


def memory() -> float:
    """Megabytes at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(*words: object) -> dict[str, Any]:
    """What a function of this file says in a process of its own."""
    here = Path(__file__).resolve()
    command = [sys.executable, str(here), "--only", *map(str, words)]
    try:
        told = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=LIMIT, cwd=here.parent.parent
        )
    except subprocess.TimeoutExpired:
        return {"status": f"not in {LIMIT} s"}
    if told.returncode:
        return {"status": told.stderr.strip().splitlines()[-1][:100]}
    result: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return result


def main(words: list[str]) -> None:
    """Print the tables."""
    if words[:1] == ["--only"]:
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        name, *rest = words[1:]
        made: dict[str, Any] = {"one": one, "warm": warm, "plain": plain, "building": building}
        print(json.dumps(made[name](*(int(word) if word.isdigit() else word for word in rest))))
        return
    print("| products × periods | rows | entries | method | build s | solve s | MB | status | residual |")
    print("|---|--:|--:|---|--:|--:|--:|---|--:|")
    for products, periods in SIZES:
        tried = [m for m, most in TRIED.items() if products * periods <= most] if "--methods" in words else []
        for method in ["", *tried]:
            told = apart("one", products, periods, method or "")
            shown = [f"{told.get(k, float('nan')):.3g}" for k in ("build", "solve", "memory")]
            residual = f"{told['residual']:.0e}" if told.get("residual") is not None else "—"
            chosen = f"{told.get('method', method)}{' (chosen)' if not method else ''}"
            sizes = f"{told.get('rows', 0):,} | {told.get('entries', 0):,}"
            rest = " | ".join([chosen, *shown, told["status"], residual])
            print(f"| {products:,} × {periods} | {sizes} | {rest} |", flush=True)
    print("\nre-planning at", WARM, apart("warm", *WARM))
    print("plain balance of a million products", apart("plain", 1_000_000))
    if "--peer" in words:
        print("building at 10,000 products", apart("building", 10_000, words[words.index("--peer") + 1]))


if __name__ == "__main__":
    main(sys.argv[1:])
