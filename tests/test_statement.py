"""Statements: the sentences of an `.eq` file, found and named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bagdar.finding import Home
from bagdar.statement import Statement, split
from tests.strategies import codes, thorough

TEXT = """\
# The system of the plan.
for s, q in sector
for t in territory.coastal  # only the coast

# Resources equal uses,
# sector by sector.
output[s] = sum(technical[s, q]*output[q] for q in sector)
    + final_use[s]   # the rest
# Behaviour.
@behaviour
dlog(consumption) = (
    response*dlog(income)
)

log (price) = cost
check lending: sum(lending[s] for s in sector) == 0
"""


def test_a_file_is_read_sentence_by_sentence() -> None:
    statements, findings = split(TEXT, "equations/a.eq")
    assert findings == []
    assert [(s.code, s.kind, s.behaviour) for s in statements] == [
        ("output", "equation", False),
        ("consumption", "equation", True),
        ("price", "equation", False),
        ("lending", "check", False),
    ]
    assert [(s.home, s.last_row) for s in statements] == [
        (Home("equations/a.eq", 7), 8),
        (Home("equations/a.eq", 11), 13),
        (Home("equations/a.eq", 15), 15),
        (Home("equations/a.eq", 16), 16),
    ]
    assert [s.doc for s in statements] == ["Resources equal uses, sector by sector.", "Behaviour.", "", ""]
    letters = (("s", "sector", ""), ("q", "sector", ""), ("t", "territory", "coastal"))
    assert {s.letters for s in statements} == {letters}


def test_a_sentence_is_exactly_its_rows() -> None:
    rows = TEXT.splitlines()
    for statement in split(TEXT)[0]:
        assert statement.text == "\n".join(rows[statement.home.row - 1 : statement.last_row])


def test_the_source_of_a_sentence_is_complete_in_itself() -> None:
    consumption = split(TEXT)[0][1]
    assert consumption.source == (
        "for s in sector\nfor q in sector\nfor t in territory.coastal\n@behaviour\n"
        "dlog(consumption) = (\n    response*dlog(income)\n)"
    )
    for statement in split(TEXT)[0]:
        assert split(statement.source) == ((statement,), [])


def test_rows_are_counted_from_where_the_text_begins() -> None:
    statements, _ = split("\n\nx = 1\n", "a.eq", first_row=10)
    assert statements[0].home == Home("a.eq", 12)
    assert statements[0].last_row == 12


def test_two_sentences_that_say_the_same_are_equal_wherever_they_stand() -> None:
    one, other = split("# why\n\n\nx = 1", "a.eq")[0][0], split("# because\nx = 1", "b.eq")[0][0]
    assert one == other
    assert one.home != other.home
    assert split("x = 2")[0][0] != one
    assert split("@behaviour\nx = 1")[0][0] != one
    assert split("for s in sector\nx = 1")[0][0] != one


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", "   \n\t\n", "for s in sector\n", "@behaviour\n"])
def test_a_text_without_sentences_has_none(text: str) -> None:
    assert split(text) == ((), [])


def test_set_letters_after_a_sentence_are_a_finding_at_their_row() -> None:
    statements, findings = split("x = 1\n\nfor s in sector\ny[s] = 2\n", "a.eq")
    assert [(f.rule, f.home, f.severity) for f in findings] == [("letters_after_a_statement", Home("a.eq", 3), "error")]
    assert [s.code for s in statements] == ["x", "y"]


def test_an_unknown_decorator_is_a_finding_at_its_row() -> None:
    statements, findings = split("x = 1\n@behavior\ny = 2\n@behaviour # note\nz = 3\n", "a.eq")
    assert [(f.rule, f.home, dict(f.facts)) for f in findings] == [
        ("unknown_decorator", Home("a.eq", 2), {"found": "@behavior"})
    ]
    assert [(s.code, s.behaviour) for s in statements] == [("x", False), ("y", False), ("z", True)]


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("x = 1", "x", "equation"),
        ("x[s, q] = 1", "x", "equation"),
        ("log(x) = 1", "x", "equation"),
        ("dlog( x[s] ) = 1", "x", "equation"),
        ("diff(x) = 1", "x", "equation"),
        ("pct (x) = 1", "x", "equation"),
        ("logistic = 1", "logistic", "equation"),
        ("логин = 1", "логин", "equation"),
        ("check  name : a == b", "name", "check"),
        ("check тепе_теңдік: a == b", "тепе_теңдік", "check"),
        ("checked = 1", "checked", "equation"),
        ("check = 1", "check", "equation"),
        ("1 + 1", "", "equation"),
        ("= 3", "", "equation"),
        ("for s in", "for", "equation"),
        ("for s in sector:", "for", "equation"),
    ],
)
def test_a_sentence_is_named_by_what_it_determines(text: str, code: str, kind: str) -> None:
    statements, findings = split(text)
    assert [(s.code, s.kind, s.text) for s in statements] == [(code, kind, text)]
    assert findings == []


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_of_both_kinds_read_alike(end: str) -> None:
    assert split(TEXT.replace("\n", end)) == split(TEXT)
    homes = [s.home for s in split(TEXT.replace("\n", end))[0]]
    assert homes == [s.home for s in split(TEXT)[0]]


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A sentence of one to three lines, each further one indented or a closing bracket."""
    code = draw(codes)
    head = draw(st.sampled_from([f"{code} = ", f"log({code}) = ", f"{code}[s] = ", f"check {code}: 0 == "]))
    more = draw(st.lists(st.sampled_from(["    + a", "\t- b # why", ")", "  # a word", "] "]), max_size=2))
    return "\n".join([head + draw(st.sampled_from(["1", "(a", "b # note"])), *more])


heads = st.lists(
    st.sampled_from(["for s in sector", "for q, r in sector.tradable", "for t in land # note"]), max_size=3
)


@thorough
@given(heads, st.lists(st.tuples(st.booleans(), st.integers(0, 2), sentences()), max_size=5))
def test_what_was_joined_is_split_again(first: list[str], parts: list[tuple[bool, int, str]]) -> None:
    lines = [*first, ""]
    starts = []
    for behaviour, blanks, sentence in parts:
        lines += [""] * blanks + ["@behaviour"] * behaviour
        starts.append(len(lines) + 1)
        lines += sentence.split("\n")
    statements, findings = split("\n".join(lines))
    assert findings == []
    assert [s.text for s in statements] == [sentence.rstrip() for _, _, sentence in parts]
    assert [s.home.row for s in statements] == starts
    assert [s.behaviour for s in statements] == [
        b and s.kind == "equation" for (b, _, _), s in zip(parts, statements, strict=True)
    ]
    for statement in statements:
        again, wrong = split(statement.source)
        assert wrong == []
        assert again == (statement,)


LINES = st.sampled_from(
    [
        "x = 1",
        "log(y) = 2",
        "  + 2",
        "\t",
        "",
        "# word",
        ")",
        "]",
        "@behaviour",
        "@odd",
        "check c: a == b",
        "(",
        "= 3",
        "é",
        "for s in sector",
        "    y[s] = 2",
    ]
)


@thorough
@given(st.lists(LINES, max_size=12))
def test_no_row_is_lost(lines: list[str]) -> None:
    statements, findings = split("\n".join(lines))
    covered = {row for s in statements for row in range(s.home.row, s.last_row + 1)} | {f.home.row for f in findings}
    for row, line in enumerate(lines, 1):
        if line.strip() and not line.startswith(("#", "@behaviour", "for ")):
            assert row in covered


@thorough
@given(st.text())
def test_no_text_makes_splitting_fail(text: str) -> None:
    statements, findings = split(text, "a.eq")
    for statement in statements:
        assert isinstance(statement, Statement)
        assert 0 < statement.home.row <= statement.last_row
    assert all(f.home.file == "a.eq" for f in findings)


@pytest.mark.parametrize("text", ["for s in sector\n    x[s] = 1\n", "for s in sector\n  check all: x[s] == 1\n"])
def test_an_indented_sentence_after_set_letters_is_not_lost(text: str) -> None:
    statements, findings = split(text)
    assert findings == []
    (statement,) = statements
    assert (statement.code, statement.kind) in [("x", "equation"), ("all", "check")]
    assert statement.letters == (("s", "sector", ""),)
    assert statement.home.row == statement.last_row == 2
    assert split(statement.source) == ((statement,), [])


@pytest.mark.parametrize("mark", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029"])
def test_only_a_line_end_ends_a_line(mark: str) -> None:
    statements, _ = split(f"# one{mark}two = 2\nx = 1\n")
    assert [(s.code, s.home.row) for s in statements] == [("x", 2)]
