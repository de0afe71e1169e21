"""Findings: in order, on one line, in three languages, every place of their texts filled by the code."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.finding import Finding, Home, alike, finding, has_errors, in_order
from bagdar.language import LANGUAGES, Language, catalogue
from bagdar.publish.terminal import finding_lines
from tests.strategies import FILES, thorough, write_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUE = catalogue("findings")
SOURCE = Path(str(files("bagdar")))
LINE = re.compile(
    r"(?P<file>[^:]+)(?::(?P<row>[1-9]\d*))?(?::(?P<column>[1-9]\d*))?: "
    r"(?P<severity>error|warning|note): (?P<text>.+) \[(?P<rule>[a-z0-9_]+)\]"
)


def places(text: str) -> set[str]:
    """The names of a text's {places}."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


# -- the catalogue ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_rule_has_a_severity_and_a_text_in_three_languages(rule: str) -> None:
    told = CATALOGUE[rule]
    assert set(told) == {"severity", *LANGUAGES}
    assert told["severity"] in ("error", "warning", "note")
    for language in LANGUAGES:
        assert told[language].strip() == told[language] != ""
        assert "\n" not in told[language]
        assert all(re.fullmatch("[a-z_]+", place) for place in places(told[language]))
    assert places(told["kk"]) == places(told["ru"]) == places(told["en"])


@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_text_is_in_the_language_that_it_claims(rule: str) -> None:
    told = CATALOGUE[rule]
    assert not re.search("[а-яёәіңғүұқөһ]", told["en"], re.IGNORECASE)
    for language in ("kk", "ru"):
        assert re.search("[а-яё]", told[language], re.IGNORECASE)
    assert not re.search("[әіңғүұқөһ]", told["ru"], re.IGNORECASE)
    assert told["kk"] != told["ru"]


@cache
def kazakh_words() -> set[str]:
    return {word for told in CATALOGUE.values() for word in re.findall("[әіңғүұқөһ]", told["kk"], re.IGNORECASE)}


def test_kazakh_texts_use_the_letters_of_kazakh() -> None:
    assert kazakh_words() >= set("әіңғүұқө")


# -- every rule is used, and its places are filled -------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """A place in the code that makes a finding of `rule` with `facts`."""

    rule: str
    facts: frozenset[str]
    where: str


# What hands its rule and **facts on to `finding`. A new one must be named here.
FORWARDERS = {"_Unreadable", "Misread"}


def functions(tree: ast.Module) -> Iterator[tuple[ast.Call, list[ast.AST]]]:
    """Every call with the functions that it stands in, the innermost last."""

    def walk(node: ast.AST, inside: list[ast.AST]) -> Iterator[tuple[ast.Call, list[ast.AST]]]:
        if isinstance(node, ast.Call):
            yield node, inside
        deeper = [*inside, node] if isinstance(node, ast.FunctionDef | ast.Lambda) else inside
        for child in ast.iter_child_nodes(node):
            yield from walk(child, deeper)

    yield from walk(tree, [])


def assigned(name: str, inside: list[ast.AST]) -> list[ast.expr]:
    """What a function gives to a local name."""
    values = []
    for node in ast.walk(inside[-1]):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            values.append(node.value)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            values += [node.value] if node.value else []
    return values


def texts(node: ast.expr, inside: list[ast.AST]) -> set[str]:
    """The texts that an expression can be, seen from the code alone; empty if they cannot be seen."""
    match node:
        case ast.Constant(value=str() as text):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return texts(body, inside) | texts(orelse, inside)
        case ast.Subscript(value=ast.Dict(values=values)):
            return {text for value in values for text in texts(value, inside)}
        case ast.Name(id=name) if inside:
            return {text for value in assigned(name, inside) for text in texts(value, inside)}
    return set()


def keys(node: ast.expr, inside: list[ast.AST], tree: ast.Module) -> set[str]:
    """The keys of a ``**`` argument: a dict written out, filled, or returned by a function of this module."""
    match node:
        case ast.Dict(keys=names):
            return {text for name in names if name for text in texts(name, inside)}
        case ast.Name(id=name):
            found = {k for value in assigned(name, inside) for k in keys(value, inside, tree)}
            for part in ast.walk(inside[-1]):
                match part:
                    case ast.Assign(targets=[ast.Subscript(value=ast.Name(id=id_), slice=key)]) if id_ == name:
                        found |= texts(key, inside)
                    case ast.AugAssign(target=ast.Name(id=id_), op=ast.BitOr(), value=more) if id_ == name:
                        found |= keys(more, inside, tree)
            return found
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return keys(left, inside, tree) | keys(right, inside, tree)
        case ast.Call(func=ast.Name(id=name)):
            return returned(name)
    return set()


@cache
def returned(function: str) -> set[str]:
    """The keys of the dict that a function of the package returns."""
    found = set()
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == function:
                for part in ast.walk(node):
                    if isinstance(part, ast.Return) and isinstance(part.value, ast.Dict):
                        found |= keys(part.value, [node], tree)
    return found


@cache
def modules() -> dict[str, ast.Module]:
    return {str(p.relative_to(SOURCE)): ast.parse(p.read_text("utf-8")) for p in sorted(SOURCE.rglob("*.py"))}


def use(call: ast.Call, inside: list[ast.AST], tree: ast.Module, where: str) -> list[Use]:
    """The findings that one call makes: one a rule that it can be of."""
    rules = texts(call.args[0], inside) if call.args else set()
    facts = {k.arg for k in call.keywords if k.arg}
    for keyword in call.keywords:
        if keyword.arg is None:
            facts |= keys(keyword.value, inside, tree)
    return [Use(rule, frozenset(facts), where) for rule in rules]


@cache
def uses() -> tuple[tuple[Use, ...], tuple[str, ...]]:
    """(the findings that the package makes, the calls whose rule cannot be seen) of all its modules."""
    found: list[Use] = []
    unseen: list[str] = []
    for file, tree in modules().items():
        for call, inside in functions(tree):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name != "finding" and name not in FORWARDERS:
                continue
            where = f"{file}:{call.lineno}"
            made = use(call, inside, tree, where)
            found += made
            if not made:
                unseen.append(ast.unparse(call))
    return tuple(found), tuple(unseen)


def test_the_code_makes_only_findings_that_the_catalogue_has() -> None:
    made, _ = uses()
    assert len(made) > 80
    assert {f"{u.rule} ({u.where})" for u in made if u.rule not in CATALOGUE} == set()


def test_every_rule_of_the_catalogue_is_used() -> None:
    assert {*CATALOGUE} - {u.rule for u in uses()[0]} == set()


def test_every_place_of_a_text_is_filled_by_the_code() -> None:
    empty = {
        f"{u.rule} ({u.where}) leaves {sorted(places(CATALOGUE[u.rule]['en']) - u.facts)}"
        for u in uses()[0]
        if u.rule in CATALOGUE and not places(CATALOGUE[u.rule]["en"]) <= u.facts
    }
    assert empty == set()


def test_only_a_forwarder_hides_its_rule() -> None:
    assert [call for call in uses()[1] if not call.startswith("finding(problem.rule,")] == []
    assert len(uses()[1]) == len(FORWARDERS)


# -- one finding -----------------------------------------------------------------------------------------


def sample(rule: str, home: Home | None = None, address: str = "", fact: str | float = 1.5) -> Finding:
    """A finding of `rule` with every place filled by one fact."""
    return finding(rule, home, address, **dict.fromkeys(sorted(places(CATALOGUE[rule]["en"])), fact))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", CATALOGUE)
def test_a_finding_is_one_line_that_an_editor_can_jump_from(rule: str, language: Language) -> None:
    one = sample(rule, Home("data/accounts.csv", 12, 3), fact="x")
    match = LINE.fullmatch(one.line(language))
    assert match is not None
    assert match.group("file", "row", "column") == ("data/accounts.csv", "12", "3")
    assert (match["severity"], match["rule"]) == (CATALOGUE[rule]["severity"], rule)
    assert match["text"] == one.text(language)
    assert "{" not in match["text"].replace('{"', "")


@pytest.mark.parametrize(
    ("home", "shown"),
    [
        (Home(), "."),
        (Home("plan.toml"), "plan.toml"),
        (Home("plan.toml", 4), "plan.toml:4"),
        (Home("plan.toml", 4, 7), "plan.toml:4:7"),
        (Home("", 4), ".:4"),
    ],
)
def test_a_home_shows_file_row_and_column_as_far_as_they_are_known(home: Home, shown: str) -> None:
    assert str(home) == shown
    assert sample("missing_file", home).line().startswith(f"{shown}: error: the file is missing")


def test_a_line_is_written_out() -> None:
    one = finding("ragged_row", Home("data/a.csv", 7), found=3, expected=5)
    assert one.line() == (
        "data/a.csv:7: error: the row has 3 fields where the header has 5, and is left out; "
        "look for a missing or extra separator [ragged_row]"
    )
    assert one.line("ru") == (
        "data/a.csv:7: error: в строке 3 полей, в заголовке 5; строка пропущена: проверьте разделители [ragged_row]"
    )


def test_numbers_in_a_text_are_written_as_its_language_does() -> None:
    one = finding("check_fails", code="uses", period="2005", left=12345.25, right=-0.5, difference=12345.75)
    assert "12,345" in one.text("en")
    assert "\N{MINUS SIGN}0.5" in one.text("en")
    for language in LANGUAGES[:2]:
        assert "12\u00a0345" in one.text(language)
        assert "\N{MINUS SIGN}0,5" in one.text(language)
    assert "2005" in one.text("en")


def test_units_in_a_text_are_written_as_its_language_does() -> None:
    facts: dict[str, Any] = {"item": "coal.mined", "period": "2005", "quantity": 12.5, "limit": 10, "difference": 2.5}
    one = finding("quantity_beyond_its_limit", **facts, unit="bn kWh")
    assert "12,5 млрд кВт·ч, а предел" in one.text("ru")
    assert "12,5 млрд кВт·сағ, ал" in one.text("kk")
    assert "12.5 bn kWh, the" in one.text("en")
    # A pure number has no unit to tell; what nobody knows stands as it is.
    assert "12.5, the" in finding("quantity_beyond_its_limit", **facts, unit="1").text("en")
    assert "12,5 пуд, а" in finding("quantity_beyond_its_limit", **facts, unit="пуд").text("ru")
    # What the plan's files must agree on is told as they have it.
    assert "в Mt, а" in finding("balance_units_differ", found="x", unit="Mt", wanted="t").text("ru")
    assert "цены его единицы (млн\u00a0т):" in finding("ranks_without_price", balance="x", unit="Mt").text("ru")


@thorough
@given(st.text(), st.sampled_from(LANGUAGES))
def test_a_fact_stands_in_the_text_as_it_is(fact: str, language: Language) -> None:
    for rule in ("text_in_a_number", "unknown_label", "undeclared_file", "conflicting_change"):
        text = sample(rule, fact=fact).text(language)
        count = [name for _, name, _, _ in Formatter().parse(CATALOGUE[rule][language])]
        assert text.count(fact) >= len([name for name in count if name is not None])


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\x85", "\u2028", "\f", "\x1c"])
def test_a_line_stays_one_line(mark: str) -> None:
    one = finding("text_in_a_number", Home("a.csv", 2, 3), found=f"12{mark}5", column="2004", mark=".")
    assert len(one.line().splitlines()) == 1


def test_a_line_holds_no_control_characters() -> None:
    one = finding("text_in_a_number", Home("a.csv", 2, 3), found="\x1b[2J\x07", column="2004", mark=".")
    assert one.line().isprintable()
    assert r"\x1b[2J\x07" in one.line()
    assert finding("missing_file", Home("a\nb\udcff.csv")).line("en", "x\r").startswith(r"x\r/a\nb\udcff.csv: error")


@thorough
@given(st.text(), st.sampled_from(LANGUAGES))
def test_whatever_a_fact_holds_a_line_is_one_that_a_terminal_can_show(fact: str, language: Language) -> None:
    line = sample("text_in_a_number", Home(fact, 1), fact=fact).line(language)
    assert line.splitlines() == [line]
    assert line.replace("\u00a0", " ").encode()


def test_a_finding_is_json_for_other_programs() -> None:
    told: dict[str, str | float] = {
        "code": "gdp", "period": "2005", "found": 1.5, "sense": "≥", "value": 2, "difference": 0.5,
    }  # fmt: skip
    one = Finding("target_missed", Home("targets.csv", 3, 2), "target:gdp[; 2005]", tuple(told.items()))
    assert json.loads(json.dumps(one.as_json("ru"))) == {
        "rule": "target_missed",
        "severity": "warning",
        "file": "targets.csv",
        "row": 3,
        "column": 2,
        "address": "target:gdp[; 2005]",
        "facts": told,
        "text": "gdp за 2005: 1,5, цель ≥ 2: расхождение 0,5",
    }


@pytest.mark.parametrize("rule", CATALOGUE)
def test_the_json_of_every_rule_can_be_read_back(rule: str) -> None:
    for language in LANGUAGES:
        told = sample(rule, Home("a", 1, 2), "value:x").as_json(language)
        assert json.loads(json.dumps(told)) == told
        assert told["text"] == sample(rule).text(language)


def test_two_findings_that_say_the_same_are_equal() -> None:
    one = finding("unknown_label", Home("a.csv", 2), label="x", set="s", known="y")
    assert one == finding("unknown_label", Home("a.csv", 2), label="x", set="s", known="y")
    assert hash(one) == hash(finding("unknown_label", Home("a.csv", 2), label="x", set="s", known="y"))
    assert one != finding("unknown_label", Home("a.csv", 3), label="x", set="s", known="y")
    assert one != finding("unknown_label", Home("a.csv", 2), label="z", set="s", known="y")


# -- many findings ---------------------------------------------------------------------------------------

some = st.builds(
    sample,
    st.sampled_from(["ragged_row", "no_source", "observed_value_not_used", "missing_file", "target_missed"]),
    st.builds(Home, st.sampled_from(["a.csv", "b.csv", ""]), st.integers(0, 12), st.integers(0, 3)),
    st.sampled_from(["", "value:x", "value:y"]),
)


@thorough
@given(st.data(), st.lists(some))
def test_findings_come_errors_first_then_by_home_and_each_once(data: st.DataObject, found: list[Finding]) -> None:
    ordered = in_order(found)
    assert set(ordered) == set(found)
    assert len(ordered) == len(set(found))
    grave = ["error", "warning", "note"]
    ranks = [(grave.index(f.severity), f.home.file, f.home.row, f.home.column, f.rule, f.address) for f in ordered]
    assert ranks == sorted(ranks)
    assert in_order(data.draw(st.permutations(found))) == ordered
    assert in_order(ordered) == ordered
    assert has_errors(found) == any(CATALOGUE[f.rule]["severity"] == "error" for f in found)


def test_rows_are_ordered_as_numbers() -> None:
    rows = [Home("a.csv", row) for row in (10, 9, 2, 0)]
    assert [f.home.row for f in in_order(sample("missing_file", home) for home in rows)] == [0, 2, 9, 10]


def test_nothing_found_is_no_error() -> None:
    assert in_order([]) == ()
    assert not has_errors([])
    assert not has_errors([sample("no_source"), sample("observed_value_not_used")])


def test_findings_of_a_folder_name_their_home(tmp_path: Path) -> None:
    from bagdar.folder import read  # noqa: PLC0415  # the only test here that reads a folder

    broken = FILES["data/accounts.csv"].replace("72.25", "many").replace("24.25,25", "24.25,,25")
    plan, found = read(write_folder(tmp_path, FILES | {"data/accounts.csv": broken}))
    assert plan is not None
    first, second = (f.line() for f in in_order(found))
    assert first.startswith("data/accounts.csv:3:2: error: “many” in the column 2023 is not a number (")
    assert second.startswith("data/accounts.csv:4: error: the row has 7 fields where the header has 6, ")


def test_what_is_alike_at_one_row_is_counted_after_five() -> None:
    """One unreadable file leaves a thousand numbers missing; the line that says so stays in sight."""
    facts = {"code": "x", "period": "2004", "reader": "y", "equation": "equations/model.eq:1"}
    many = [finding("missing_value", Home("indicators.csv", 4), f"value:x[{i:03}]", **facts) for i in range(352)]
    few = [finding("missing_value", Home("indicators.csv", 5), f"value:y[{i}]", **facts) for i in range(6)]
    found = in_order([finding("file_not_in_utf8", Home("data/a.csv", 1), byte="0xFF"), *many, *few])
    lines = list(finding_lines(found, "en", ""))
    assert len(lines) == 1 + 5 + 1 + 6
    assert lines[6] == "  347 more like it in the same place (missing_value); bagdar check --json shows all"
    assert sum(len(shown) + more for shown, more in alike(found)) == len(found)
