"""Equations as machine code: C made of their shapes, by the system's compiler, kept by content.

What was compiled once is loaded from the cache after: for the same text there is the same code, whatever plan it
comes from. Without a compiler, or where it fails, `fallback` does the same in Python.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bagdar.equations.code import code
from bagdar.equations.engine import Engine, Layout, Numbers, Stop, Table
from bagdar.equations.fallback import Fallback
from bagdar.equations.schedule import Schedule
from bagdar.equations.shape import Shape
from bagdar.quantity import STATUSES

# No fast-math, no fused multiply-add: the same numbers as in Python.
_FLAGS = ("-fPIC", "-shared", "-ffp-contract=off", "-fno-math-errno")
# The driver is compiled once for all plans, shapes whenever one changes: there the time to compile counts.
_DRIVER, _SHAPES = "-O2", "-O0"
# The most shapes in one library: a change of one equation compiles no more anew.
_TOGETHER = 48
_SECONDS = 120
_KEPT = 1000
_WHY = ("solved", "no_value", "singular", "not_converged", "large")


def engine(layout: Layout) -> Engine:
    """The fastest engine there is here: native, or Python if ``BAGDAR_ENGINE=python`` or nothing can be compiled."""
    if os.environ.get("BAGDAR_ENGINE") == "python":
        return Fallback(layout)
    try:
        return Native(layout)
    except (OSError, subprocess.SubprocessError, AttributeError, ValueError):  # the last: a library without its names
        return Fallback(layout)


class _Model(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("x",)),
        *((name, ctypes.c_int64) for name in ("width", "padding")),
        *(
            (name, ctypes.c_void_p)
            for name in (
                *("value", "slopes", "params", "at", "numbers", "numbers_at", "slots", "left", "add", "transform"),
            )
        ),
    )


class _Schedule(ctypes.Structure):
    _fields_ = (
        *(
            (name, ctypes.c_void_p)
            for name in (
                *("start", "column_at", "feedback", "kind", "equation", "period", "unknown_period", "unknown"),
                *("lefts", "column", "scale", "left_scale", "near"),
            )
        ),
        ("tolerance", ctypes.c_double),
        ("iterations", ctypes.c_int64),
    )


class Native:
    """The equations of a layout as machine code. Raises OSError or SubprocessError if it cannot be made."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        # The libraries must live as long as their functions are called.
        self.driver, self.libraries, addresses = _compiled(layout.shapes)
        self.driver.bagdar_space.restype = self.driver.bagdar_solve.restype = ctypes.c_int64
        which = layout.shape
        self.value = np.ascontiguousarray(addresses[0][which])
        self.gradient = np.ascontiguousarray(addresses[1][which])
        arrays: list[NDArray[Any]] = [
            *(self.value, self.gradient, layout.params, layout.at, layout.numbers, layout.numbers_at),
            *(layout.slots, layout.left, layout.add, layout.transform),
        ]
        self.fixed = layout.width, layout.reach, *(array.ctypes.data for array in arrays)

    def model(self, table: Table) -> _Model:
        """The tables as the driver takes them."""
        assert table.flags.c_contiguous
        assert table.shape[1] == self.layout.width
        return _Model(table.ctypes.data, *self.fixed)

    def values(self, table: Table, equations: Numbers, periods: Numbers, judge: bool = False) -> tuple[Table, Table]:
        """See `Engine`."""
        result, largest = np.empty(len(equations)), np.zeros(len(equations))
        chosen = _int32(equations), _int32(periods)
        self.driver.bagdar_values(
            ctypes.byref(self.model(table)),
            ctypes.c_int64(len(equations)),
            *map(_pointer, chosen),
            ctypes.c_int(judge),
            _pointer(result),
            _pointer(largest),
        )
        return result, largest

    def slopes(self, table: Table, equations: Numbers, periods: Numbers) -> Table:
        """See `Engine`."""
        result = np.empty(int((self.layout.slots[equations] + 2).sum()))
        chosen = _int32(equations), _int32(periods)
        count = ctypes.c_int64(len(equations))
        model = self.model(table)
        self.driver.bagdar_gradients(ctypes.byref(model), count, *map(_pointer, chosen), _pointer(result))
        return result

    def fill(self, table: Table, equations: Numbers, periods: Numbers, status: NDArray[np.int8]) -> NDArray[np.bool_]:
        """See `Engine`."""
        done = np.zeros(len(equations), np.int8)
        reads, chosen = self.layout.reads, (_int32(equations), _int32(periods))
        self.driver.bagdar_fill(
            ctypes.byref(self.model(table)),
            ctypes.c_int64(len(equations)),
            *map(_pointer, chosen),
            _pointer(reads.at),
            _pointer(reads.cell),
            _pointer(reads.lag),
            _pointer(status),
            ctypes.c_int(STATUSES.index("derived")),
            _pointer(done),
        )
        return done.astype(bool)

    def solve(self, table: Table, schedule: Schedule, first: int, last: int) -> Stop:
        """See `Engine`."""
        model, told = self.model(table), _schedule(schedule)
        by = ctypes.byref
        limits = ctypes.c_int64(first), ctypes.c_int64(last)
        space = np.zeros(self.driver.bagdar_space(by(model), by(told), *limits) + 1)
        why, iterations, failed = ctypes.c_int(), ctypes.c_int64(), ctypes.c_int64(-1)
        block = self.driver.bagdar_solve(
            by(model), by(told), *limits, _pointer(space), by(why), by(iterations), by(failed)
        )
        status = _WHY[why.value]
        worst: tuple[tuple[int, float], ...] = ()
        if status == "no_value":
            worst = ((max(failed.value, 0), float("inf")),)
        elif status in ("singular", "not_converged"):
            off = space[: schedule.order.start[block + 1] - schedule.order.start[block]]
            worst = tuple((int(i), float(off[i])) for i in np.argsort(-np.abs(off), kind="stable")[:5])
        return Stop(block, status, iterations.value, worst)


def _schedule(schedule: Schedule) -> _Schedule:
    order, near = schedule.order, schedule.near
    arrays: list[NDArray[Any]] = [
        *(order.start, order.column_at, order.feedback, order.kind, order.equation, order.period),
        *(order.unknown_period, order.unknown, order.lefts, order.column, schedule.scale, schedule.left_scale),
    ]
    pointers = [array.ctypes.data for array in arrays]
    return _Schedule(*pointers, 0 if near is None else near.ctypes.data, schedule.tolerance, schedule.iterations)


def _pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _int32(numbers: Numbers) -> Numbers:
    return np.ascontiguousarray(numbers, np.int32)


# -- compiling -----------------------------------------------------------------------------------


def _compiled(shapes: Sequence[Shape]) -> tuple[ctypes.CDLL, list[ctypes.CDLL], NDArray[np.uintp]]:
    """The driver, the libraries of the shapes, and the addresses of each one's value and slopes."""
    driver, by = (files("bagdar.equations").joinpath(name).read_text("utf-8") for name in ("driver.c", "code.py"))
    head = driver.split("/* -- shapes above", 1)[0]
    chunks = [shapes[i : i + _TOGETHER] for i in range(0, len(shapes), _TOGETHER)]

    def made(chunk: Sequence[Shape] | None) -> ctypes.CDLL:
        if chunk is None:
            return _library(_DRIVER, driver, lambda: driver)
        return _library(_SHAPES, "\n".join([head, by, *(s.text for s in chunk)]), lambda: _source(head, chunk))

    with ThreadPoolExecutor(os.cpu_count() or 1) as workers:
        first, *libraries = workers.map(made, [None, *chunks])
    addresses = np.zeros((2, len(shapes)), np.uintp)
    for number, (library, chunk) in enumerate(zip(libraries, chunks, strict=True)):
        begun = number * _TOGETHER
        for row, name in enumerate(("values", "slopes")):
            addresses[row, begun : begun + len(chunk)] = list((ctypes.c_size_t * len(chunk)).in_dll(library, name))
    return first, libraries, addresses


def _source(head: str, chunk: Sequence[Shape]) -> str:
    """The text of one library: the functions of some shapes, and two tables of them."""
    functions = [code(one, "c", str(i)) for i, one in enumerate(chunk)]
    tables = [
        f"const void *const {table}[] = {{{', '.join(f'(const void *){name}{i}' for i in range(len(chunk)))}}};"
        for table, name in (("values", "f"), ("slopes", "g"))
    ]
    return "\n".join([head, *functions, *tables, ""])


def _library(level: str, key: str, text: Callable[[], str]) -> ctypes.CDLL:
    """The library compiled of `text`, out of the cache if it is there. Raises OSError or SubprocessError."""
    about = "\n".join([platform.system(), platform.machine(), level, *_FLAGS, key])
    folder, name = _cache(), hashlib.sha256(about.encode()).hexdigest()[:32]
    for kept in folder.glob(f"{name}-*.so"):
        with contextlib.suppress(OSError):  # it was spoilt, or forgotten just now
            # The name tells the size: to load a library that was cut short ends the process.
            if kept.stem == f"{name}-{kept.stat().st_size}":
                os.utime(kept)
                return ctypes.CDLL(str(kept))
    _prune(folder)
    with tempfile.TemporaryDirectory(dir=folder) as work:
        source, made = Path(work, "model.c"), Path(work, "model.so")
        source.write_text(text(), "utf-8")
        command = [*_compiler(), level, *_FLAGS, "-o", str(made), str(source), "-lm"]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
        kept = folder / f"{name}-{made.stat().st_size}.so"
        made.replace(kept)
    return ctypes.CDLL(str(kept))


def _compiler() -> list[str]:
    """How C is compiled here: by the command in ``CC``, by one that is found, or by the package ziglang."""
    if os.environ.get("CC"):
        try:
            return shlex.split(os.environ["CC"])
        except ValueError as problem:  # a quote that is not closed
            raise FileNotFoundError(str(problem)) from problem
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return [found]
    if find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc"]
    raise FileNotFoundError("no C compiler")


def _cache() -> Path:
    """The user's folder for what can be made anew; one for this run alone where there is none that can be written."""
    told = os.environ.get("BAGDAR_CACHE")
    system = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME")
    try:
        folder = Path(told) if told else Path(system or Path.home() / ".cache") / "bagdar"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that is not ours
        return _for_this_run()
    return folder if os.access(folder, os.W_OK) else _for_this_run()


@cache
def _for_this_run() -> Path:
    folder = tempfile.mkdtemp(prefix="bagdar-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _prune(folder: Path) -> None:
    """Forget the libraries that were not used for the longest time."""
    used: list[tuple[float, Path]] = []
    for path in folder.glob("*.so"):
        with contextlib.suppress(OSError):  # another run may have forgotten it by now
            used.append((path.stat().st_mtime, path))
    for _, path in sorted(used, reverse=True)[_KEPT:]:
        with contextlib.suppress(OSError):
            path.unlink()
