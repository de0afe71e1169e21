"""The rooms: imports point one way, files stay one concept, and a number's way to the page is short."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np

from bagdar.checks import check
from bagdar.equations import simulate
from bagdar.folder import new, read
from bagdar.publish import pages
from bagdar.quantity import Quantity

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "bagdar"

# Lowest first: a room may import only from itself and from rooms before it.
ROOMS = [
    "language",
    "profile",
    "finding",
    "period",
    "drawing",
    "unit",
    "address",
    "statement",
    "balance",
    "norm",
    "quantity",
    "erratum",
    "expectation",
    "canonical",
    "header",
    "plan",
    "members",
    "form",
    "change",
    "folder",
    "statistics",
    "accounts",
    "equations",
    "balances",
    "balances",
    "policy",
    "checks",
    "importers",
    "publish",
    "cli",
]


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("bagdar"):
            found |= {f"{node.module}.{alias.name}" if node.module == "bagdar" else node.module for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("bagdar")}
    return found


def test_imports_point_one_way() -> None:
    wrong = []
    for path in SOURCE.rglob("*.py"):
        here = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if here in ("__init__", "__main__"):
            continue
        for module in imports(path):
            there = room(module)
            if there == "__version__":
                continue
            if ROOMS.index(there) > ROOMS.index(here):
                wrong.append(f"{path.relative_to(SOURCE)} imports {module}")
    assert wrong == []


def test_every_room_is_listed() -> None:
    rooms = {p.name.removesuffix(".py") for p in SOURCE.iterdir() if p.name not in ("__init__.py", "__main__.py")}
    assert rooms - {"locale", "profiles", "models", "__pycache__"} == set(ROOMS)


def test_a_file_is_one_concept() -> None:
    long = {
        str(p.relative_to(SOURCE)): n for p in SOURCE.rglob("*.py") if (n := p.read_text("utf-8").count("\n")) > 400
    }
    assert long == {}


def test_a_function_fits_a_screen() -> None:
    long = []
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno > 60:
                long.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert long == []


def test_the_command_line_holds_no_arithmetic() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (SOURCE / "cli").glob("*.py")]
    operators = [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Div | ast.Add | ast.BitOr)
    ]
    assert operators == []  # `/` joins paths, `+` joins lists, `|` types


def holds(value: Any, number: float, text: str) -> bool:
    """Whether a value that a function returned is, or holds, the number."""
    if isinstance(value, float):
        return value == number
    if isinstance(value, str):
        return text in value
    if isinstance(value, np.ndarray):
        return bool(value.size and value.dtype.kind == "f" and (value == number).any())
    if isinstance(value, Quantity):
        return holds(value.values, number, text)
    if type(value).__name__ == "Figure":
        return holds(value.text, number, text)
    return False


def test_the_way_of_a_cell_to_the_page_is_the_one_that_contributing_lists(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    new(folder, "en")
    data = folder / "data" / "accounts.csv"
    data.write_text(data.read_text("utf-8").replace("investment_volume,24,25,27,", "investment_volume,24,25,31.3,"))
    crossed: list[str] = []

    def watch(frame: FrameType, event: str, arg: Any) -> None:
        name = frame.f_globals.get("__name__", "")
        if event == "return" and name.startswith("bagdar.") and name not in crossed and holds(arg, 31.3, "31.3"):
            crossed.append(name)

    sys.setprofile(watch)
    try:
        plan, found = read(folder)
        assert plan is not None
        solution, more = simulate(plan)
        page = pages(solution, *check(plan, solution, found + more))["en.html"]
    finally:
        sys.setprofile(None)
    assert ">31.3<" in page
    listed = re.search(r"<!-- the way of a cell -->\n(.*?)\n\n", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.S)
    assert listed is not None
    assert crossed == re.findall(r"`(bagdar[\w.]+)`", listed[1])
