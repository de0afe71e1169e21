"""CSV as spreadsheets save it: read, located, patched in place."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bagdar.finding import Finding, Home
from bagdar.folder.table import Table, parse_number, parse_table, read_table

NBSP, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
DELIMITERS = (",", ";", "\t")


def table_of(text: str) -> Table:
    """The table in `text`, which must hold one without a finding."""
    findings: list[Finding] = []
    table = parse_table("data/t.csv", text, findings)
    assert findings == []
    assert table is not None
    return table


def faults(text: str) -> list[tuple[str, Home]]:
    findings: list[Finding] = []
    parse_table("data/t.csv", text, findings)
    return [(f.rule, f.home) for f in findings]


def texts(table: Table) -> list[list[str]]:
    return [list(row.fields) for row in table.rows]


def quoted(text: str, delimiter: str) -> str:
    """`text` as RFC 4180 writes it in a field."""
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{delimiter}"\r\n') else text


def written(header: list[str], rows: list[list[str]], delimiter: str, newline: str, last: bool = True) -> str:
    lines = [delimiter.join(quoted(field, delimiter) for field in row) for row in [header, *rows]]
    return newline.join(lines) + (newline if last else "")


# -- dialects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("last", [True, False], ids=["final newline", "no final newline"])
def test_every_dialect_says_the_same(tmp_path: Path, delimiter: str, newline: str, mark: bytes, last: bool) -> None:
    header = ["indicator", "2004", "note"]
    rows = [["gdp", "5870.1", 'one; two, "three"\tfour'], ["ЖІӨ", "", "first\nsecond"], ["wage", "-1e3", ""]]
    content = mark + written(header, rows, delimiter, newline, last).encode()
    (tmp_path / "t.csv").write_bytes(content)
    findings: list[Finding] = []
    table = read_table(tmp_path, "t.csv", findings)
    assert table is not None
    assert findings == []
    assert table.delimiter == delimiter
    assert list(table.header) == header
    assert texts(table) == [[field.strip() for field in row] for row in rows]
    assert [table.number(row, "2004", findings) for row in table.rows] == [5870.1, None, -1000.0]
    assert findings == []


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("5870,1", 5870.1),
        ("-0,25", -0.25),
        (f"5{NBSP}870{NBSP}134,3", 5870134.3),
        (f"5{NARROW}870,5", 5870.5),
        ("5 870,5", 5870.5),
    ],
)
def test_a_decimal_comma_is_understood(delimiter: str, shown: str, value: float) -> None:
    table = table_of(f"indicator{delimiter}2004\ngdp{delimiter}{shown}\nwage{delimiter}12\n")
    findings: list[Finding] = []
    assert table.decimal == ","
    assert [table.number(row, "2004", findings) for row in table.rows] == [value, 12.0]
    assert findings == []


def test_a_quoted_decimal_comma_among_commas_is_refused_and_not_guessed() -> None:
    table = table_of('indicator,2004\ngdp,"1,234"\n')
    findings: list[Finding] = []
    assert table.number(table.rows[0], "2004", findings) is None
    assert [(f.rule, f.home) for f in findings] == [("text_in_a_number", Home("data/t.csv", 2, 2))]


def test_points_in_a_file_of_decimal_commas_are_refused_and_not_guessed() -> None:
    table = table_of("indicator;2003;2004\ngdp;1,5;1.5\n")
    findings: list[Finding] = []
    assert table.number(table.rows[0], "2003", findings) == 1.5
    assert table.number(table.rows[0], "2004", findings) is None
    assert [f.home.column for f in findings] == [3]


@pytest.mark.parametrize("shown", ["\N{MINUS SIGN}1,5", "+1,5", "1,5E-07", ",5"])
def test_a_decimal_comma_is_understood_in_every_way_of_writing_a_number(shown: str) -> None:
    table = table_of(f"indicator;2004\ngdp;{shown}\n")
    assert table.number(table.rows[0], "2004", []) == float(shown.replace("\N{MINUS SIGN}", "-").replace(",", "."))


def test_what_stands_in_quotes_is_no_delimiter() -> None:
    assert table_of('"name, in full, of it";2004\ngdp;1\n').header == ("name, in full, of it", "2004")


def test_a_doubled_quote_is_one_quote() -> None:
    assert texts(table_of('a,b\n"say ""yes""",""\n"""",x\n')) == [['say "yes"', ""], ['"', "x"]]


def test_a_quote_within_a_field_is_an_ordinary_letter() -> None:
    assert texts(table_of('a,b\n5" pipe,x\n')) == [['5" pipe', "x"]]


def test_fields_are_read_stripped_and_kept_whole() -> None:
    table = table_of("a , b\n x ,  1 \n")
    assert table.header == ("a", "b")
    assert table.get(table.rows[0], "a") == "x"
    assert table.patched({(2, 1): "y"}) == "a , b\ny,  1 \n"
    assert table.patched({(2, 2): "2"}) == "a , b\n x ,2\n"
    assert table.number(table.rows[0], "b", []) == 1.0


def test_a_column_that_is_not_there_is_empty() -> None:
    table = table_of("a,b\nx,1\n")
    assert table.get(table.rows[0], "c") == ""
    assert table.number(table.rows[0], "c", []) is None
    assert table.home(table.rows[0], "c") == Home("data/t.csv", 2, 0)


# -- homes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_rows_after_a_field_of_several_lines_have_the_file_s_numbers(newline: str) -> None:
    lines = ["a,b", '"one', "two", 'three",1', "x,2", "", '"p', '""q""",3', "y,4"]
    table = table_of(newline.join(lines))
    assert [row.number for row in table.rows] == [2, 5, 7, 9]
    assert [table.get(row, "b") for row in table.rows] == ["1", "2", "3", "4"]
    assert [table.home(row, "b") for row in table.rows] == [Home("data/t.csv", n, 2) for n in (2, 5, 7, 9)]


def test_blank_rows_are_left_out_and_counted() -> None:
    table = table_of("a,b\n\n , \nx,1\n,\ny,2\n\n")
    assert [(row.number, row.fields[0]) for row in table.rows] == [(4, "x"), (6, "y")]


def test_a_ragged_row_is_left_out_and_found() -> None:
    text = 'a,b\nx,1\ny\n"z\nz",1,2\nw,4\n'
    assert faults(text) == [("ragged_row", Home("data/t.csv", 3)), ("ragged_row", Home("data/t.csv", 4))]
    table = parse_table("t.csv", text, [])
    assert table is not None
    assert [table.get(row, "a") for row in table.rows] == ["x", "w"]


@pytest.mark.parametrize("text", ["", "\n", "\n\na,b\n1,2\n", " , \n1,2\n", ";;\n"])
def test_a_table_without_a_header_is_found(text: str) -> None:
    assert faults(text) == [("empty_table", Home("data/t.csv"))]


def test_a_column_that_stands_twice_is_found() -> None:
    assert faults("a,b,a\n1,2,3\n") == [("column_twice", Home("data/t.csv", 1))]


# -- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("0", 0.0, 0.0),
        ("-5", -5.0, -5.0),
        ("+5", 5.0, 5.0),
        ("\N{MINUS SIGN}5", -5.0, -5.0),
        ("1.5", 1.5, None),
        ("1,5", None, 1.5),
        (".5", 0.5, None),
        ("5.", 5.0, None),
        ("1e3", 1000.0, 1000.0),
        ("1E-3", 0.001, 0.001),
        ("1,5e3", None, 1500.0),
        (f"1{NBSP}234{NBSP}567", 1234567.0, 1234567.0),
        (f"1{NARROW}234", 1234.0, 1234.0),
        ("1 234", 1234.0, 1234.0),
        ("1,234.5", None, None),
        ("1.234,5", None, None),
        ("1,234,567", None, None),
    ],
)
def test_a_number_is_what_a_spreadsheet_shows(text: str, point: float | None, comma: float | None) -> None:
    assert parse_number(text, ".") == point
    assert parse_number(text, ",") == comma


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", ".", "e5", "1e", "--1", "5-", "n/a", "…", "nan", "inf", "-inf", "1e400", "-1e999", "1_000", "0x10",
     "12 %", "=1+1", "1/2", "(5)", "5 KZT", "½", "²", "True", "1\n2"],
)  # fmt: skip
def test_what_is_no_number_is_none(text: str) -> None:
    assert parse_number(text, ".") is None
    assert parse_number(text, ",") is None


@pytest.mark.parametrize("text", ["12 5", "2004 2005", "1 2", "1 23", "1 2345", "12  5", "1.5 2"])
def test_only_groups_of_three_digits_are_set_off_by_spaces(text: str) -> None:
    assert parse_number(text, ".") is None


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([".", ","]))
@example(1e16, ",")
@example(5e-324, ",")
@example(-0.1, ",")
def test_a_number_that_is_written_reads_back_to_the_last_digit(value: float, decimal: str) -> None:
    text = Table("t.csv", "", ";", decimal, (), ()).write_number(value)
    assert decimal == "," or "," not in text
    assert decimal == "." or "." not in text
    assert parse_number(text, decimal) == value


def test_a_whole_number_is_written_without_a_decimal_mark_and_a_missing_one_as_nothing() -> None:
    table = Table("t.csv", "", ";", ",", (), ())
    assert [table.write_number(v) for v in (31500.0, -2.0, 0.5, None)] == ["31500", "-2", "0,5", ""]


@given(st.integers(-(10**15), 10**15), st.sampled_from([" ", NBSP, NARROW]))
def test_groups_of_digits_are_read_as_one_number(value: int, space: str) -> None:
    assert parse_number(f"{value:,}".replace(",", space), ".") == value


# -- patching ------------------------------------------------------------------------------------

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
FIELDS = st.one_of(
    st.text(LETTERS, max_size=6),
    st.sampled_from(["12", "1.5", "1,5", '"', '""', "a\nb", "a\r\nb", " ", ";", "\t", "\r"]),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, str, bool]:
    """(rows with a code in their first field, delimiter, newline, whether the last row ends in one)."""
    width = draw(st.integers(2, 4))
    rest = st.lists(FIELDS, min_size=width - 1, max_size=width - 1)
    rows = draw(st.lists(rest, min_size=1, max_size=4))
    made = [[f"row{i}", *row] for i, row in enumerate(rows)]
    return made, draw(st.sampled_from(DELIMITERS)), draw(st.sampled_from(["\n", "\r\n"])), draw(st.booleans())


@given(tables())
def test_patching_nothing_changes_no_byte(made: tuple[list[list[str]], str, str, bool]) -> None:
    rows, delimiter, newline, last = made
    text = written([f"c{i}" for i in range(len(rows[0]))], rows, delimiter, newline, last)
    table = table_of(text)
    assert texts(table) == [[field.strip() for field in row] for row in rows]
    assert table.patched({}) == text
    # A field that is not there is not patched either.
    assert table.patched({(10**6, 1): "x", (1, 1): "header", (2, 99): "y"}) == text


@given(tables(), st.data())
def test_patching_a_cell_changes_that_cell_only_and_reads_back_exactly(
    made: tuple[list[list[str]], str, str, bool], data: st.DataObject
) -> None:
    rows, delimiter, newline, last = made
    text = written([f"c{i}" for i in range(len(rows[0]))], rows, delimiter, newline, last)
    table = table_of(text)
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(2, len(rows[0])))
    new = data.draw(FIELDS)
    start, end = table.spans(table.rows[at])[column - 1]
    patched = table.patched({(table.rows[at].number, column): new})
    assert patched[:start] == text[:start]
    assert patched.endswith(text[end:])
    assert patched[start : len(patched) - len(text) + end] == quoted(new, delimiter)
    expected = [row.copy() for row in rows]
    expected[at][column - 1] = new
    again = table_of(patched)
    assert texts(again) == [[field.strip() for field in row] for row in expected]
    assert (again.delimiter, again.header) == (table.delimiter, table.header)


@given(tables(), st.data())
def test_patching_many_cells_is_patching_one_after_another(
    made: tuple[list[list[str]], str, str, bool], data: st.DataObject
) -> None:
    rows, delimiter, newline, last = made
    text = written([f"c{i}" for i in range(len(rows[0]))], rows, delimiter, newline, last)
    cells = list(product(range(len(rows)), range(2, len(rows[0]) + 1)))
    news = data.draw(st.lists(FIELDS.filter(lambda t: "\n" not in t), min_size=len(cells), max_size=len(cells)))
    table = table_of(text)
    together = table.patched({(table.rows[i].number, c): new for (i, c), new in zip(cells, news, strict=True)})
    one_by_one = text
    for (i, c), new in zip(cells, news, strict=True):
        now = table_of(one_by_one)
        one_by_one = now.patched({(now.rows[i].number, c): new})
    assert together == one_by_one


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([",", "."]), st.sampled_from([";", "\t"]))
def test_a_number_patched_into_a_spreadsheet_s_file_reads_back(value: float, decimal: str, delimiter: str) -> None:
    lines = ["indicator;2003;2004", "gdp;0.25;1.5", "wage;100;"]
    text = "\r\n".join(lines).replace(".", decimal).replace(";", delimiter)
    table = table_of(text)
    again = table_of(table.patched({(2, 3): table.write_number(value), (3, 3): table.write_number(-value)}))
    assert again.decimal == decimal
    assert [again.number(row, "2004", []) for row in again.rows] == [value, -value]
    assert [again.number(row, "2003", []) for row in again.rows] == [0.25, 100.0]


def test_the_only_decimal_comma_of_a_file_may_become_a_tiny_number() -> None:
    table = table_of("indicator;2004\ngdp;1,5\n")
    again = table_of(table.patched({(2, 2): table.write_number(1.5e-7)}))
    assert again.number(again.rows[0], "2004", []) == 1.5e-7


# -- any text at all -----------------------------------------------------------------------------


@given(st.one_of(st.text(), st.text(st.sampled_from('ab1",;\t\r\n \N{NO-BREAK SPACE}'))))
@example('a,b\n"never closed,1\nx,2\n')
@example('a,b\n"x"y,1\n')
@example("a,b\n" + '"' * 99)
def test_any_text_is_a_table_or_a_finding(text: str) -> None:
    findings: list[Finding] = []
    table = parse_table("t.csv", text, findings)
    if table is None:
        assert findings
        return
    assert table.patched({}) == text
    end = 0
    for row in table.rows:
        assert len(row.fields) == len(table.header)
        assert row.number > 1
        for field, (start, stop) in zip(row.fields, table.spans(row), strict=True):
            assert end <= start <= stop <= len(text)
            raw = text[start:stop]
            assert field in (raw.strip(), raw[1:-1].replace('""', '"').strip())
            end = stop


@given(tables())
def test_a_row_s_number_counts_the_lines_before_it(made: tuple[list[list[str]], str, str, bool]) -> None:
    rows, delimiter, newline, last = made
    assume(not any("\r" in field for row in rows for field in row))
    text = written([f"c{i}" for i in range(len(rows[0]))], rows, delimiter, newline, last)
    for row in table_of(text).rows:
        assert row.number == text.count("\n", 0, row.start) + 1


def test_numbers_are_never_nan() -> None:
    table = table_of("a,b\nx,nan\ny,inf\nz,1e999\n")
    findings: list[Finding] = []
    values = [table.number(row, "b", findings) for row in table.rows]
    assert values == [None, None, None]
    assert [f.home.row for f in findings] == [2, 3, 4]
