"""The tutorial is run as it stands: its commands, its edits, its quotations and its sums on paper."""

from __future__ import annotations

import ast
import io
import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from bagdar.address import Address
from bagdar.change import apply
from bagdar.cli import main
from bagdar.equations import Solution, simulate
from bagdar.folder import read
from bagdar.quantity import Quantity

ROOT = Path(__file__).parent.parent
TOYLAND = ROOT / "examples" / "toyland"
TEXT = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
FENCE = re.compile(r"^```(?P<kind>\w+)(?: (?P<about>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
# Sums on the way, which the model has no name for.
ON_THE_WAY = {
    "final_use", "power_delivered", "production", "arrives", "lacking", "power_in_exports", "exported",
}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A fenced block of the tutorial: what kind, what the fence says besides, the row of its fence."""

    kind: str
    about: str
    body: str
    row: int


BLOCKS = [
    Block(m["kind"], m["about"] or "", m["body"], TEXT.count("\n", 0, m.start()) + 1) for m in FENCE.finditer(TEXT)
]


@dataclass(frozen=True)
class Command:
    """A command of a console block with the output that the tutorial prints under it."""

    text: str
    printed: str
    row: int


def _commands(block: Block) -> Iterator[Command]:
    rows = block.body.splitlines()
    starts = [i for i, line in enumerate(rows) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield Command(rows[start][2:], "\n".join(rows[start + 1 : end]), block.row + start + 1)


COMMANDS = [c for block in BLOCKS if block.kind == "console" for c in _commands(block)]
PAPER = [
    (block.row + i, block.about, line)
    for block in BLOCKS
    if block.kind == "paper"
    for i, line in enumerate(block.body.splitlines(), 1)
]
QUOTED = [block for block in BLOCKS if block.kind in ("eq", "csv", "toml")]


@dataclass(frozen=True)
class Session:
    """The tutorial worked through: by row, what each command printed and what each quoted file held then."""

    printed: dict[int, str]
    held: dict[int, str]


def _run(text: str) -> str:
    """What the command prints, errors included, in order; the command runs in this process."""
    words = shlex.split(text)
    assert words[0] == "bagdar"
    stream = io.StringIO()
    arguments, sys.argv = sys.argv, words
    try:
        with redirect_stdout(stream), redirect_stderr(stream):
            main()
    except SystemExit:
        pass  # a finding that is an error ends with a status; what it says is compared
    finally:
        sys.argv = arguments
    return stream.getvalue().rstrip("\n")


def _edit(folder: Path, body: str) -> None:
    """Make the edit that a diff block shows: its first line names the file, − leaves and + comes."""
    head, old, new = body.splitlines()
    file = folder / head.removeprefix("--- ")
    text = file.read_text("utf-8")
    assert old[0] == "-"
    assert new[0] == "+"
    assert text.count(old[1:]) == 1, f"{head} has not one place for {old}"
    file.write_text(text.replace(old[1:], new[1:]), "utf-8")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The tutorial worked through from top to bottom in a copy of Toyland."""
    place = tmp_path_factory.mktemp("tutorial")
    shutil.copytree(TOYLAND, place / "toyland")
    worked = Session({}, {})
    before = Path.cwd()
    language = os.environ.pop("BAGDAR_LANGUAGE", None)
    os.chdir(place)
    try:
        for block in BLOCKS:
            if block.kind == "diff":
                _edit(place / "toyland", block.body)
            elif block.kind == "console":
                worked.printed.update({command.row: _run(command.text) for command in _commands(block)})
            elif block in QUOTED:
                worked.held[block.row] = (place / "toyland" / block.about).read_text("utf-8")
        yield worked
    finally:
        os.chdir(before)
        if language is not None:
            os.environ["BAGDAR_LANGUAGE"] = language


def _pattern(printed: str) -> str:
    """The tutorial's output as a regular expression: `…` alone is any lines, within a line anything."""
    parts = []
    for line in printed.splitlines():
        parts.append(r"(?:[^\n]*\n)*" if line == "…" else ".*".join(map(re.escape, line.split("…"))) + r"\n")
    return "".join(parts)


def _matches(printed: str, output: str) -> bool:
    return re.fullmatch(_pattern(printed), output + "\n") is not None


@pytest.mark.parametrize("command", [pytest.param(c, id=f"{c.row}-{c.text}") for c in COMMANDS])
def test_a_command_prints_what_the_tutorial_says(command: Command, session: Session) -> None:
    printed = session.printed[command.row]
    assert _matches(command.printed, printed), printed


@pytest.mark.parametrize("block", [pytest.param(b, id=f"{b.row}-{b.about}") for b in QUOTED])
def test_a_quotation_stands_in_the_file_that_it_names(block: Block, session: Session) -> None:
    assert block.body in session.held[block.row]


# -- sums on paper -------------------------------------------------------------------------------


def _worth(text: str) -> Fraction:
    """The value of a sum as it is written on paper, exact."""
    return _value(ast.parse(text.strip().replace("×", "*").replace("−", "-"), mode="eval").body)


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left) + _value(right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _value(left) - _value(right)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left) * _value(right)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _value(left) / _value(right)
        case ast.Call(func=ast.Name(id="max"), args=[first, second]):
            return max(_value(first), _value(second))
    raise AssertionError(f"no sum on paper: {ast.unparse(node)}")


@cache
def _solution(variant: str) -> Solution:
    plan, found = read(TOYLAND)
    assert plan is not None
    if variant:
        plan, more = apply(plan, plan.variants[variant])
        found += more
    solution, more = simulate(plan)
    assert [f.line() for f in found + more] == []
    return solution


@pytest.mark.parametrize(
    ("variant", "line"),
    [pytest.param(v, line, id=f"{row}-{line}") for row, v, line in PAPER],
)
def test_a_sum_on_paper_is_right_and_is_the_plan_s_number(variant: str, line: str) -> None:
    name, *sides = line.split(" = ")
    worth = {_worth(side) for side in sides}
    assert len(worth) == 1, f"the sides differ: {worth}"
    address = Address.parse(name if ":" in name else f"value:{name}")
    assert address is not None
    if address.code in ON_THE_WAY:
        return
    solution = _solution(variant)
    held: Quantity = (solution.add_factors if address.kind == "addfactor" else solution.values)[address.code]
    number = held.get(*address.labels, str(address.period))
    assert number is not None
    expected = float(worth.pop())
    assert abs(number - expected) <= 1e-12 * max(1.0, abs(expected))


# -- the test tests ------------------------------------------------------------------------------


def test_the_tutorial_has_what_is_tested() -> None:
    assert {b.kind for b in BLOCKS} == {"console", "diff", "eq", "csv", "toml", "paper"}
    words = {c.text.split()[1] for c in COMMANDS}
    assert words == {"--version", "check", "simulate", "explain", "apply", "build", "new", "test-model", "allocate"}
    assert TEXT.count("\n```") % 2 == 0
    assert TEXT.count("\n```") == 2 * len(BLOCKS)


def test_the_tutorial_s_edits_are_all_undone(tmp_path: Path) -> None:
    shutil.copytree(TOYLAND, tmp_path / "toyland")
    files = sorted(p for p in TOYLAND.rglob("*") if p.is_file())
    before = [p.read_bytes() for p in files]
    edits = [b for b in BLOCKS if b.kind == "diff"]
    assert len(edits) == 6
    for block in edits:
        _edit(tmp_path / "toyland", block.body)
    assert [(tmp_path / "toyland" / p.relative_to(TOYLAND)).read_bytes() for p in files] == before


@pytest.mark.parametrize(
    ("printed", "output", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a\nb\nc", False),
        ("a\n…", "a\nb\nc", True),
        ("a\n…", "a", True),
        ("a\n…\nc", "a\nb\nd", False),
        ("a … c", "a b c", True),
        ("a … c", "a b\nc", False),
        ("a.c", "abc", False),
    ],
)
def test_an_ellipsis_stands_for_something_left_out_and_nothing_else_does(printed: str, output: str, same: bool) -> None:
    assert _matches(printed, output) is same


def test_a_wrong_sum_would_be_noticed() -> None:
    assert _worth("5/4 × (1/4 × 76 + 41)") == 75
    assert _worth("max(85 − 86, 0)") == 0
    assert _worth("60 / (4/5)") == 75
    with pytest.raises(AssertionError):
        _worth("2 ** 3")
