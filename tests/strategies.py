"""What the tests of the values share: a small plan as texts, and hypothesis strategies."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from bagdar.address import KINDS, Address
from bagdar.change import Change, apply, current
from bagdar.folder import read
from bagdar.period import Frequency, Period
from bagdar.quantity import STATUSES, Quantity
from bagdar.unit import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bagdar.change import Op
    from bagdar.plan import Plan

# A property says the same on every machine and every day: no clock, no fresh seed.
thorough = settings(deadline=None, derandomize=True, max_examples=50)

# -- a small plan ------------------------------------------------------------------------------------

FILES: dict[str, str] = {
    "plan.toml": """\
code = "small"
profile = "generic"
base = "2024"
horizon = ["2025", "2027"]
history = "2023"
currency = "KZT"
plan_date = 2025-03-31
headline = ["gdp", "growth"]

[title]
kk = "Шағын жоспар"
ru = "Малый план"
en = "A small plan"
""",
    "sets/sector.csv": """\
code,kk,ru,en,parent,valid_from,valid_to,tradable
all,Барлығы,Всего,All,,,,no
farm,Ауыл шаруашылығы,Сельское хозяйство,Farming,all,,,yes
mine,Кен өндіру,Добыча,Mining,all,,,yes
spare,Қосымша,Запасной,Spare,,,,no
dated,Мерзімді,Срочный,Dated,,2020,2030,no
""",
    "indicators.csv": """\
code,kk,ru,en,unit,price_basis,dims,section,polarity,adds_up,role,source,decimals
gdp,ЖІӨ,ВВП,GDP,bn KZT,2024,,demand,up,none,endogenous,,1
consumption,Тұтыну,Потребление,Consumption,bn KZT,2024,,demand,up,none,endogenous,,1
investment,Инвестиция,Инвестиции,Investment,bn KZT,2024,,demand,up,none,lever,,1
growth,Өсім,Рост,Growth,%,,,demand,up,none,endogenous,,1
rate,Мөлшерлеме,Ставка,Rate,%,,,money,neutral,none,exogenous,,1
output,Шығарылым,Выпуск,Output,bn KZT,2024,sector,production,up,none,endogenous,,1
demand,Сұраныс,Спрос,Demand,bn KZT,2024,sector,demand,up,none,exogenous,,1
technical,Технология,Технология,Technology,1,,sector sector,coefficients,neutral,none,coefficient,,3
response,Икемділік,Эластичность,Response,1,,,coefficients,neutral,none,coefficient,,2
""",
    "tables.toml": """\
["data/accounts.csv"]
layout = "wide"
unit = "bn KZT"
source = "bns"

["data/rates.csv"]
layout = "long"
unit = "%"
status = "assumption"
source = "bns"

["data/sectors.csv"]
layout = "wide"
dims = ["sector"]
unit = "bn KZT"
status = "estimate"
source = "bns"

["data/technical.csv"]
layout = "long"
dims = ["sector", "sector"]
source = "bns"

["data/coefficients.csv"]
layout = "long"
source = "bns"
""",
    "sources.csv": """\
code,publisher,title,date,kind,address,licence,note
bns,Bureau,Yearbook,2025-01-15,official,,,
""",
    "data/accounts.csv": """\
indicator,2023,2024,2025,2026,2027
gdp,96.5,100,,,
consumption,72.25,75,,,
investment,24.25,25,27.5,29,31
""",
    "data/rates.csv": """\
indicator,period,value
rate,2023,9.5
rate,2024,9.25
rate,2025,9
rate,2026,8.5
""",
    "data/sectors.csv": """\
indicator,sector,2023,2024,2025,2026,2027
demand,farm,10,11.5,12,12.5,13
demand,mine,20,21,22.5,,24
output,farm,15,16.5,,,
""",
    "data/technical.csv": """\
indicator,sector,sector_2,value
technical,farm,farm,0.125
technical,farm,mine,0.25
technical,mine,farm,0.0625
technical,mine,mine,0.5
""",
    "data/coefficients.csv": "indicator,value\nresponse,0.8\n",
    "levers.csv": "code,group,low,high,step,authority\ninvestment,centralised_finance,20,40,1,Ministry\n",
    "targets.csv": """\
indicator,labels,period,sense,value,source,note
gdp,,2027,>=,110,,
growth,,2026,<=,9,bns,not too fast
output,farm,2025,>=,17,,
""",
    "equations/demand.eq": """\
# GDP by its uses.
gdp = consumption + investment

@behaviour
dlog(consumption) = response*dlog(gdp)

growth = pct(gdp)
check uses: gdp == consumption + investment
""",
    "equations/sectors.eq": """\
for s in sector
# Resources equal uses.
output[s] = demand[s]
    + sum(technical[s, q]*output[q] for q in sector)
""",
    "balances/uses.toml": """\
kind = "material"
unit = "%"

[[resource]]
item = "growth"
quantity = "growth"

[[use]]
item = "rate"
quantity = "rate"
rank = 2
reason = { en = "Why not" }
""",
    "norms.csv": "indicator,kind,note\nresponse,normative,What people do\n",
    "chapters/introduction.en.md": "# Introduction\n\nGrowth is steady.\n",
    "chapters/introduction.ru.md": "# Введение\n\nРост устойчив.\n",
}


def write_folder(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """`files` (path inside `root` -> text or bytes) on disk."""
    for file, content in files.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def plan_of(files: Mapping[str, str | bytes] = FILES) -> Plan:
    """The plan that a folder of `files` holds; the reader must find nothing wrong with it."""
    with tempfile.TemporaryDirectory() as folder:
        plan, findings = read(write_folder(Path(folder), files))
    assert plan is not None, findings
    assert findings == []
    return plan


# -- periods, addresses, units -----------------------------------------------------------------------

PER_YEAR: dict[Frequency, int] = {"A": 1, "H": 2, "Q": 4, "M": 12}
FREQUENCIES: tuple[Frequency, ...] = ("A", "H", "Q", "M")
codes = st.from_regex(r"[^\W\d]\w{0,8}", fullmatch=True)
labels = st.from_regex(r"[\w.-]{1,8}", fullmatch=True)
numbers = st.floats(-1e6, 1e6, allow_nan=False)


@st.composite
def periods(draw: st.DrawFn, frequency: Frequency | None = None, last_year: int = 9999) -> Period:
    """A period that can be written: of the years 0000–9999."""
    chosen: Frequency = draw(st.sampled_from(FREQUENCIES)) if frequency is None else frequency
    return Period(chosen, draw(st.integers(0, (last_year + 1) * PER_YEAR[chosen] - 1)))


@st.composite
def addresses(draw: st.DrawFn) -> Address:
    """An address of any kind, with or without path, labels and period."""
    return Address(
        draw(st.sampled_from(KINDS)),
        draw(st.one_of(codes, st.from_regex(r"[\w./-]{1,12}", fullmatch=True))),
        tuple(draw(st.lists(labels, max_size=3))),
        draw(st.none() | periods()),
        tuple(draw(st.lists(labels, max_size=3))),
    )


UNIT_WORDS = (
    "1", "%", "person", "hour", "t", "kg", "kt", "Mt", "m3", "barrel", "J", "GJ", "TJ", "PJ", "kWh", "KZT",
    "USD", "RUB", "thousand", "mln", "bn", "trn", "t^2", "person^-1", "m3^2",
)  # fmt: skip


@st.composite
def unit_texts(draw: st.DrawFn) -> str:
    """A unit as a planner writes it."""
    word = st.sampled_from(UNIT_WORDS)
    groups = draw(st.lists(st.lists(word, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=3))
    return "/".join(groups)


def parsed_unit(text: str, basis: str = "") -> Unit:
    """The unit that `text` writes, which must be one."""
    unit = Unit.parse(text, basis)
    assert unit is not None, text
    return unit


bases = st.sampled_from(["", "current", "2004", "2010", "deflator 2004", "deflator 2010"])
units = st.builds(parsed_unit, unit_texts(), bases)


# -- quantities --------------------------------------------------------------------------------------


def quantity(
    dims: Mapping[str, Sequence[str]],
    values: object,
    unit: str | Unit = "1",
    status: Sequence[int] | None = None,
) -> Quantity:
    """A quantity from plain lists; None is missing."""
    array = np.array(values, dtype=object)
    present = np.array([v is not None for v in array.ravel()], dtype=bool).reshape(array.shape)
    filled = np.array([0.0 if v is None else float(v) for v in array.ravel()]).reshape(array.shape)
    sure = np.array([0] * array.size if status is None else status, np.int8).reshape(array.shape)
    measured = parsed_unit(unit) if isinstance(unit, str) else unit
    return Quantity(tuple(dims), tuple(tuple(axis) for axis in dims.values()), filled, present, measured, sure)


@st.composite
def quantities(
    draw: st.DrawFn,
    dims: Mapping[str, Sequence[str]],
    unit: Unit | None = None,
    elements: st.SearchStrategy[float] = numbers,
) -> Quantity:
    """A quantity over `dims` with any cells missing and any statuses."""
    shape = tuple(len(axis) for axis in dims.values())
    size = int(np.prod(shape))
    cells = draw(st.lists(st.none() | elements, min_size=size, max_size=size))
    status = draw(st.lists(st.integers(0, len(STATUSES) - 1), min_size=size, max_size=size))
    made = np.array([0.0 if c is None else c for c in cells]).reshape(shape)
    present = np.array([c is not None for c in cells], dtype=bool).reshape(shape)
    homes = np.array(draw(st.lists(st.integers(-1, 9), min_size=3 * size, max_size=3 * size)), np.int32)
    return Quantity(
        tuple(dims),
        tuple(tuple(axis) for axis in dims.values()),
        made,
        present,
        draw(units) if unit is None else unit,
        np.array(status, np.int8).reshape(shape),
        homes.reshape(*shape, 3),
    )


# -- changes -----------------------------------------------------------------------------------------

_YEARS = ("2023", "2024", "2025", "2026", "2027")
_CELLS = (
    *(f"value:{code}[; {year}]" for code in ("gdp", "consumption", "growth", "rate") for year in _YEARS),
    *(f"lever:investment[; {year}]" for year in _YEARS),
    *(f"value:{code}[{s}; {y}]" for code in ("output", "demand") for s in ("farm", "mine", "spare") for y in _YEARS),
    *(f"coefficient:technical[{a}, {b}]" for a in ("farm", "mine") for b in ("farm", "mine")),
    "coefficient:response",
)
_EQUATIONS = {
    "gdp": ("gdp = consumption + investment + rate", "# why\ngdp = 2*consumption"),
    "consumption": ("@behaviour\nconsumption = response*gdp", "@behaviour\nlog(consumption) = lag(log(gdp), 2)"),
    "output": ("for s in sector\noutput[s] = demand[s]", "for s in sector.tradable\noutput[s] = demand[s]\n  + 1"),
    "uses": ("check uses: gdp > 0",),
    "rate": ("rate = 5",),
    "other": ("check other:\n  abs(gdp) >= 0",),
}
_TARGETS = ("target:gdp[; 2026]", "target:gdp[; 2027]", "target:output[farm; 2025]", "target:output[mine; 2026]")
_KEPT_TARGETS = ("target:growth[; 2026]",)
_HELD = ("value:gdp[; 2025]", "value:consumption[; 2025]", "value:consumption[; 2027]", "value:output[mine; 2026]")
_NOWHERE = (
    "value:nothing[; 2025]", "value:gdp[; 1999]", "value:gdp[farm; 2025]", "value:demand[sea; 2025]", "value:gdp",
    "lever:investment", "coefficient:technical[farm]", "norm:gdp", "programme:roads", "rank:uses.growth",
    "rank:no.such", "plans/AKT/value:gdp[; 2025]",
    "addfactor:gdp[; 2025]", "set:nothing[farm]", "set:sector", "target:nothing[; 2025]",
)  # fmt: skip


def address(text: str) -> Address:
    """The address that `text` writes, which must be one."""
    parsed = Address.parse(text)
    assert parsed is not None, text
    return parsed


def held(plan: Plan, place: Address) -> float | None:
    """The value at which a cell is fixed now."""
    found = [f for f in plan.fixed if (f.indicator, f.labels, f.period) == (place.code, place.labels, place.period)]
    return found[0].value if found else None


def expected(plan: Plan, op: Op, place: Address) -> Any:
    """What a change of `op` at `place` must state as `old`."""
    return held(plan, place) if op in ("fix", "swap") else current(plan, place)


@st.composite
def _number_change(draw: st.DrawFn, places: Sequence[str], ops: Sequence[Op], missing: bool) -> tuple[Op, str, Any]:
    op = draw(st.sampled_from(ops))
    new = None if op == "delete" or (missing and op in ("set", "observe") and draw(st.booleans())) else draw(numbers)
    return op, draw(st.sampled_from(places)), new


@st.composite
def _equation_change(draw: st.DrawFn) -> tuple[Op, str, Any]:
    code = draw(st.sampled_from(sorted(_EQUATIONS)))
    op = draw(st.sampled_from(cast("tuple[Op, ...]", ("insert", "delete", "replace"))))
    return op, f"equation:{code}", None if op == "delete" else draw(st.sampled_from(_EQUATIONS[code]))


@st.composite
def _text_change(draw: st.DrawFn) -> tuple[Op, str, Any]:
    op = draw(st.sampled_from(cast("tuple[Op, ...]", ("insert", "delete", "replace"))))
    name = draw(st.sampled_from(("introduction.en", "introduction.kk", "outlook.ru")))
    return op, f"text:{name}", None if op == "delete" else draw(st.text(max_size=20))


@st.composite
def _member_change(draw: st.DrawFn, plan: Plan) -> tuple[Op, str, Any]:
    names = st.fixed_dictionaries({code: st.text(max_size=5) for code in ("kk", "ru", "en")})
    more: dict[str, st.SearchStrategy[Any]] = {
        "parent": st.sampled_from(("", "all", "farm")),
        "flags": st.lists(st.sampled_from(("tradable", "resource")), unique=True),
    }
    told = draw(names) | draw(st.fixed_dictionaries({}, optional=more))
    there = [label for label in ("spare", "sea", "river") if label in plan.sets["sector"].labels]
    absent = [label for label in ("spare", "sea", "river") if label not in there]
    op: Op = draw(st.sampled_from(cast("tuple[Op, ...]", ("insert", "delete", "replace"))))
    if op == "insert" and absent:
        if draw(st.booleans()):
            told["position"] = draw(st.integers(0, len(plan.sets["sector"].members)))
        return "insert", f"set:sector[{draw(st.sampled_from(absent))}]", told
    if op != "replace" and there:
        return "delete", f"set:sector[{draw(st.sampled_from(there))}]", None
    return "replace", f"set:sector[{draw(st.sampled_from(['farm', 'mine', *there]))}]", told


@st.composite
def _hold_change(draw: st.DrawFn) -> tuple[Op, str, Any]:
    op = draw(st.sampled_from(cast("tuple[Op, ...]", ("fix", "swap"))))
    place, value = draw(st.sampled_from(_HELD)), draw(numbers)
    if draw(st.integers(0, 3)) == 0:
        return op, place, None
    instrument = draw(st.sampled_from(("lever:investment[; 2025]", "value:rate[; 2026]", "value:gdp[; 2025]")))
    return op, place, value if op == "fix" else {"value": value, "instrument": instrument}


def _any_change(plan: Plan) -> st.SearchStrategy[tuple[Op, str, Any]]:
    cell_ops: tuple[Op, ...] = ("set", "add", "scale", "insert", "delete", "replace", "observe")
    kept_ops: tuple[Op, ...] = ("set", "add", "scale", "replace")
    judged = tuple(f"addfactor:consumption[; {year}]" for year in _YEARS[2:])
    return st.one_of(
        _number_change(_CELLS, cell_ops, True),
        _number_change(judged, cell_ops, True),
        _number_change(_TARGETS, cell_ops, True),
        _number_change(_KEPT_TARGETS, kept_ops, False),
        _equation_change(),
        _text_change(),
        _member_change(plan),
        _hold_change(),
        st.tuples(st.just("set"), st.just("rank:uses.rate"), st.integers(1, 5)),
        _number_change(("norm:response",), cell_ops, True),
    )


@st.composite
def change_lists(draw: st.DrawFn, plan: Plan, faults: bool = True) -> list[Change]:
    """Changes of every op and kind, each stating what it finds; with `faults` some are wrong on purpose.

    Left out is what the tests of `inverse` show one by one to be lost.
    """
    made: list[Change] = []
    for number in range(draw(st.integers(1, 8))):
        op, place, new = draw(_any_change(plan))
        fault = draw(st.sampled_from(("old", "address", *["none"] * 8))) if faults else "none"
        if fault == "address":
            place = draw(st.sampled_from(_NOWHERE))
        old = "something else" if fault == "old" else expected(plan, op, address(place))
        made.append(Change(op, address(place), old, new, f"person {number}", f"reason {number}"))
        plan, _ = apply(plan, made[-1:])
    return made
