"""What the functions of ModelFlow and of EViews mean, in Bagdar's own operators.

ModelFlow: the functions of its business logic language (its manual, chapter on the language; its modules
`modelnormalize`, `modelBLfunk`, `modeluserfunk` say what each computes). EViews: User's Guide, appendix on
operators and functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce

from bagdar.equations.expression import ONE, Cell, Expression, Number, Op, shift, substitute
from bagdar.importers.formula import Argument, Made, Misread, Notation, as_condition, as_number

Function = Callable[[Sequence[Argument], Made], Expression]
HUNDRED = Number(100.0)
_LONGEST = 1000  # the farthest a lag reaches
_TIMES = 8  # differences of differences: each writes its argument out twice


def _plain(name: str) -> Function:
    """A function that Bagdar has too, of one argument."""
    return lambda args, _: Op(name, (_only(args, name),))


def _only(args: Sequence[Argument], name: str) -> Expression:
    if len(args) != 1:
        raise Misread("foreign_function_unknown", found=f"{name}(…, …)" if args else f"{name}()")
    return as_number(args[0])


def _count(args: Sequence[Argument], at: int, default: int) -> int:
    """The whole number that stands at a place of the arguments."""
    if len(args) <= at:
        return default
    value = args[at]
    if isinstance(value, Number) and value.value == int(value.value) and 0 <= value.value <= _LONGEST:
        return int(value.value)
    raise Misread("foreign_equation_not_understood", found=str(value) if isinstance(value, str) else "(…, …)")


def _difference(args: Sequence[Argument], logs: bool) -> Expression:
    """``d(x, n, s)``: n times the difference to the period before, then, if told, to s periods before."""
    if not 1 <= len(args) <= 3:
        raise Misread("foreign_function_unknown", found="dlog(…)" if logs else "d(…)")
    now = as_number(args[0])
    times, season = _count(args, 1, 1), _count(args, 2, 0)
    value = Op("log", (now,)) if logs else now
    if times > _TIMES:
        raise Misread("foreign_equation_not_understood", found=f"d(…, {times})")
    steps = [1] * times + ([season] if season else [])
    for step in steps:
        value = Op("sub", (value, shift(value, step)))
    return value


def _growth(args: Sequence[Argument], back: int, scale: float, power: int = 1) -> Expression:
    """x/lag(x, back) - 1, times `scale`; its `power` turns a quarter's growth into a year's."""
    now = _only(args, "pct")
    ratio: Expression = Op("div", (now, shift(now, back)))
    if power != 1:
        ratio = Op("pow", (ratio, Number(float(power))))
    change = Op("sub", (ratio, ONE))
    return change if scale == 1 else Op("mul", (Number(scale), change))


def _moving(args: Sequence[Argument], mean: bool) -> Expression:
    """The sum, or mean, of this and the periods before."""
    count = _count(args, 1, 0)
    if len(args) != 2 or not 1 <= count <= 400:
        raise Misread("foreign_function_unknown", found="movavg(…)")
    now = as_number(args[0])
    total = reduce(lambda a, b: Op("add", (a, b)), [shift(now, lag) for lag in range(count)])
    return Op("div", (total, Number(float(count)))) if mean else total


def _choice(args: Sequence[Argument], _: Made) -> Expression:
    if len(args) != 3:
        raise Misread("foreign_function_unknown", found="recode(…)")
    return as_condition(args[0])(as_number(args[1]), as_number(args[2]))


def _most(name: str, args: Sequence[Argument], _: Made) -> Expression:
    if not args:
        raise Misread("foreign_function_unknown", found=f"{name}()")
    numbers = tuple(as_number(arg) for arg in args)
    return Op(name, numbers) if len(numbers) > 1 else numbers[0]


def _log_odds(args: Sequence[Argument], _: Made) -> Expression:
    share = _only(args, "logit")
    return Op("log", (Op("div", (share, Op("sub", (ONE, share)))),))


def _tanh(args: Sequence[Argument], _: Made) -> Expression:
    twice = Op("mul", (Number(2.0), _only(args, "tanh")))
    return Op("sub", (Op("mul", (Number(2.0), Op("logistic", (twice,)))), ONE))


def _total(args: Sequence[Argument], _: Made) -> Expression:
    if not args:
        raise Misread("foreign_function_unknown", found="sum()")
    return reduce(lambda a, b: Op("add", (a, b)), [as_number(arg) for arg in args])


def _identity(args: Sequence[Argument], _: Made) -> Expression:
    return _only(args, "float")


def _inverse(args: Sequence[Argument], _: Made) -> Expression:
    return Op("div", (ONE, _only(args, "inv")))


def _log_of_base(args: Sequence[Argument], base: float) -> Expression:
    return Op("div", (Op("log", (_only(args, "log"),)), Op("log", (Number(base),))))


def _clock(name: str, args: Sequence[Argument], made: Made) -> Expression:
    """A series that only time determines: its numbers are written beside the model's own."""
    told = tuple(_written(arg) for arg in args)
    code = "_".join([name, *(part for text in told for part in text.lower().split())])
    code = "".join(c if c.isalnum() else "_" for c in code)
    made.clocks[code] = (name, told)
    return Cell(code)


def _element(args: Sequence[Argument], made: Made) -> Expression:
    """``@elem(x, "2010")``: x in one period; each of its series is a coefficient then."""
    if len(args) != 2:
        raise Misread("foreign_function_unknown", found="@elem(…)")
    period = _written(args[1])
    word = "".join(c if c.isalnum() else "_" for c in period)

    def fixed(cell: Cell) -> Cell:
        if cell.lag:
            raise Misread("foreign_equation_not_understood", found=f"@elem({cell.code}(…), …)"[:60])
        code = f"{cell.code}_in_{word}"
        made.fixed[code] = (cell.code, period)
        return Cell(code)

    return substitute(as_number(args[0]), fixed)


def _coefficient(_args: Sequence[Argument], _: Made) -> Expression:
    """``c(1)`` stands for a coefficient that only an estimated equation object knows."""
    raise Misread("foreign_function_unknown", found="c(…)")


def _written(arg: Argument) -> str:
    """A period as an argument: a text, or a year as a number."""
    if isinstance(arg, str):
        return arg.strip()
    if isinstance(arg, Number) and arg.value == int(arg.value):
        return str(int(arg.value))
    raise Misread("foreign_equation_not_understood", found="(…)")


_SHARED: dict[str, Function] = {
    **{name.upper(): _plain(name) for name in ("log", "exp", "abs", "sqrt")},
    "MIN": partial(_most, "min"),
    "MAX": partial(_most, "max"),
    "RECODE": _choice,
    "D": lambda args, _: _difference(args, logs=False),
    "DLOG": lambda args, _: _difference(args, logs=True),
}

MODELFLOW = Notation(
    {
        **_SHARED,
        "DIFF": lambda args, _: _difference(args, logs=False),
        "PCT": lambda args, _: _growth(args, 1, 100.0),
        "PCT_GROWTH": lambda args, _: _growth(args, 1, 100.0),
        "PCY": lambda args, _: _growth(args, 4, 100.0),
        "MOVAVG": lambda args, _: _moving(args, mean=True),
        "LOGIT": _log_odds,
        "LOGIT_INVERSE": _plain("logistic"),
        "TANH": _tanh,
        "SUM_EXCEL": _total,
        "FLOAT": _identity,
    }
)


def eviews(per_year: int) -> Notation:
    """EViews' notation, for series with so many periods a year."""
    bare: dict[str, Function] = {
        **{name: function for name, function in _SHARED.items() if name not in ("MIN", "MAX")},
        "SQR": _plain("sqrt"),
        "LOG10": lambda args, _: _log_of_base(args, 10.0),
        "LOGIT": _plain("logistic"),  # EViews' @logit is the logistic function
        "INV": _inverse,
        "EMAX": partial(_most, "max"),
        "EMIN": partial(_most, "min"),
        "PCH": lambda args, _: _growth(args, 1, 1.0),
        "PC": lambda args, _: _growth(args, 1, 100.0),
        "PCHY": lambda args, _: _growth(args, per_year, 1.0),
        "PCY": lambda args, _: _growth(args, per_year, 100.0),
        "PCHA": lambda args, _: _growth(args, 1, 1.0, per_year),
        "PCA": lambda args, _: _growth(args, 1, 100.0, per_year),
        "MOVAV": lambda args, _: _moving(args, mean=True),
        "MOVSUM": lambda args, _: _moving(args, mean=False),
    }
    marked: dict[str, Function] = {
        **{f"@{name}": function for name, function in bare.items()},
        "@ELEM": _element,
        **{f"@{name.upper()}": partial(_clock, name) for name in CLOCKS},
    }
    unmarked = {**{name: bare[name] for name in _BARE}, "C": _coefficient}
    return Notation({**unmarked, **marked}, sign_first=True, numbered=frozenset({"C"}))


# What EViews lets stand without its mark.
_BARE = ("LOG", "EXP", "ABS", "SQRT", "SQR", "D", "DLOG")
# Functions of time: what each counts is computed in `clocks`.
CLOCKS = ("trend", "during", "isperiod", "before", "after", "year", "quarter", "month", "seas")
