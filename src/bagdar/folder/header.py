"""`plan.toml`: the plan's own account of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bagdar.finding import Finding, Home, finding, has_errors
from bagdar.folder.models import models
from bagdar.folder.text import read_toml, row_of
from bagdar.header import AccountCodes, Header
from bagdar.language import LANGUAGES, Names
from bagdar.period import Period
from bagdar.profile import GENERIC, profiles

KEYS = ("code", "title", "profile", "model", "base", "horizon", "history", "terminal", "currency", "plan_date", "data")
LISTS = ("headline", "charts")
NUMBERS = {
    "tolerance": ("solver", 1e-10),
    "iterations": ("solver", 50),
    "identity_tolerance": ("checks", 1e-6),
    "rank_slack": ("allocation", 1e-4),
    "growth": ("allocation", 0.0),
}
# How balances are allocated.
RANKS = ("epsilon", "exact", "weighted")
# [accounts]: one code each, or a list of codes.
ACCOUNTS = ("technical", "output", "imports", "exports", "value_added", "compensation")
ACCOUNT_LISTS = ("final_uses", "employment")
_DATA = ("as_of_plan_date", "revised")
_LONGEST = 1000  # periods from history to the horizon's end


def read_header(root: Path, findings: list[Finding]) -> Header | None:
    """`plan.toml`, or None with findings when it cannot carry a plan."""
    read = read_toml(root, "plan.toml", findings)
    if read is None:
        return None
    reader = _Reader(*read)
    header = reader.header(root.resolve().name)
    findings += reader.findings
    return None if has_errors(reader.findings) else header


@dataclass
class _Reader:
    told: dict[str, Any]
    text: str
    findings: list[Finding] = field(default_factory=list)

    def header(self, name: str) -> Header | None:
        for key in self.told.keys() - {*KEYS, *LISTS, "solver", "checks", "allocation", "accounts", "picture"}:
            self.findings.append(finding("header_field_unknown", self.home(key), key=key))
        base, history = self.period("base"), self.period("history", default=self.told.get("base"))
        first, last = self.horizon()
        terminal = self.period("terminal", default=str(last))
        if base is None or history is None or first is None or last is None or terminal is None:
            return None
        if not self.fit(history, base, first, last, terminal):
            return None
        planned, data = self.told.get("plan_date"), self.told.get("data", _DATA[0])
        if type(planned) is not date:  # a date with a time is none
            self.fault("plan_date", planned, "2005-03-31")
            return None
        if data not in _DATA:
            self.fault("data", data, ", ".join(_DATA))
            return None
        title, profile = self.table("title"), str(self.told.get("profile", GENERIC))
        if profile not in profiles():
            facts = {"found": profile, "known": ", ".join(profiles())}
            self.findings.append(finding("unknown_profile", self.home("profile"), **facts))
        return Header(
            code=str(self.told.get("code", name)),
            title=Names(*(str(title.get(code, "")) for code in LANGUAGES)),
            profile=profile,
            base=base,
            horizon=(first, last),
            history=history,
            terminal=terminal,
            frequency=base.frequency,
            currency=str(self.told.get("currency", "")),
            plan_date=planned,
            data=data,
            tolerance=self.number("tolerance"),
            iterations=int(self.number("iterations")),
            identity_tolerance=self.number("identity_tolerance"),
            ranks=self.ranks(),
            rank_slack=self.number("rank_slack"),
            growth_after=self.number("growth"),
            headline=self.codes("headline"),
            charts=self.codes("charts"),
            model=self.model(),
            accounts=self.accounts(),
            home=self.home("code"),
        )

    def model(self) -> str:
        """The model of Bagdar's own that the plan is built on; one that there is not is a finding."""
        name, known = str(self.told.get("model", "")), models()
        if name and name not in known:
            self.fault("model", name, ", ".join(known))
            return ""
        return name

    def horizon(self) -> tuple[Period | None, Period | None]:
        pair = self.told.get("horizon")
        if not isinstance(pair, list) or len(pair) != 2:
            self.fault("horizon", pair, '["2005", "2007"]')
            return None, None
        return self.period("horizon", default=pair[0]), self.period("horizon", default=pair[1])

    def fit(self, history: Period, base: Period, first: Period, last: Period, terminal: Period) -> bool:
        """Whether history, base, horizon and what lies beyond follow on one another in one frequency."""
        if len({p.frequency for p in (history, base, first, last, terminal)}) > 1:
            self.fault("horizon", f"{history}, {base}, {first}, {last}, {terminal}", "2004, 2004, 2005, 2007, 2007")
        elif not (history <= base and first == base + 1 and first <= last <= terminal):
            self.fault("horizon", f"{first}–{last}", f"{base + 1}–{base + 3}")
        elif terminal - history >= _LONGEST:
            self.fault("history", f"{history}–{terminal}", f"< {_LONGEST}")
        else:
            return True
        return False

    def period(self, key: str, default: object = None) -> Period | None:
        written = default if key == "horizon" else self.told.get(key, default)
        parsed = Period.parse(written) if isinstance(written, str) else None
        if parsed is None:
            self.fault(key, written, '"2004", "2004H1", "2004Q1", "2004M01"')
        return parsed

    def number(self, key: str) -> float:
        """A number of [solver] or [checks]; a wrong one is a finding, and the default stands in."""
        group, default = NUMBERS[key]
        value = self.table(group).get(key, default)
        least = 0 if key != "growth" else -1
        usable = isinstance(value, int | float) and not isinstance(value, bool)
        if not usable or not least < value < 1e6:
            self.fault(key, value, f"{default:g}")
            return default
        return float(value)

    def ranks(self) -> str:
        """How ranks are kept; what is none of `RANKS` is a finding, and the default stands in."""
        told = self.table("allocation").get("ranks", RANKS[0])
        if told not in RANKS:
            self.fault("ranks", told, ", ".join(RANKS))
            return RANKS[0]
        return str(told)

    def codes(self, key: str) -> tuple[str, ...]:
        value = self.told.get(key, [])
        if not isinstance(value, list):
            self.fault(key, value, '["gdp"]')
            return ()
        return tuple(str(code) for code in value)

    def accounts(self) -> AccountCodes | None:
        """`[accounts]`, or None: the plan has none, or it lacks what no table can do without."""
        if "accounts" not in self.told:
            return None
        told = self.told["accounts"]
        if not isinstance(told, dict):
            self.fault("accounts", told, '[accounts] technical = "technical"')
            return None
        for key in told.keys() - {*ACCOUNTS, *ACCOUNT_LISTS}:
            self.findings.append(finding("header_field_unknown", self.home(key), key=f"accounts.{key}"))
        usable = True
        for key in ACCOUNTS:
            if not isinstance(told.get(key, ""), str) or (key in ACCOUNTS[:2] and not told.get(key)):
                self.fault(key, told.get(key), f'"{key}"', "accounts")
                usable = False
        for key in ACCOUNT_LISTS:
            listed = told.get(key, [])
            if not isinstance(listed, list) or not all(isinstance(code, str) for code in listed):
                self.fault(key, listed, '["household_use"]' if key == "final_uses" else '["employees"]', "accounts")
                usable = False
        if not usable:
            return None
        single: dict[str, str] = {key: told[key] for key in ACCOUNTS if key in told}
        uses, people = (tuple(told.get(key, ())) for key in ACCOUNT_LISTS)
        return AccountCodes(**single, final_uses=uses, employment=people, home=self.home("accounts"))

    def table(self, key: str) -> dict[str, Any]:
        value = self.told.get(key, {})
        return value if isinstance(value, dict) else {}

    def fault(self, key: str, found: object, expected: str, group: str = "") -> None:
        facts = {"key": f"{group}.{key}" if group else key, "found": str(found)[:60], "expected": expected}
        self.findings.append(finding("header_field_unusable", self.home(key), **facts))

    def home(self, key: str) -> Home:
        return Home("plan.toml", row_of(self.text, key))
