"""Texts of equations by the million: each is understood, or a finding says where it is not. Nothing else may happen.

python bench/fuzz.py 1000000            random texts and mutations of true equations, by a seed
python bench/fuzz.py --guided 600       guided by the coverage of the reader, for 600 seconds (needs atheris)
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

from bagdar.equations.code import code
from bagdar.equations.grammar import Parsed, parse
from bagdar.equations.shape import shape
from bagdar.finding import Home
from bagdar.statement import Statement, split

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted((ROOT / "src" / "bagdar" / "models").glob("*/*.eq"))
TOKENS = [
    *["x", "y", "s", "gdp", "lag", "lead", "diff", "dlog", "log", "exp", "sum", "prod", "min", "max", "lag(x, n=2)"],
    *[
        "for",
        "in",
        "if",
        "else",
        "and",
        "not",
        "lambda",
        "sector.private",
        "check a:",
        "@behaviour\n",
        "for s in sector\n",
    ],
    *["+", "-", "*", "/", "**", "(", ")", "[", "]", "{", "}", ",", ":", ";", "=", "==", "<", "<=", ">=", "!=", "."],
    *["@", "#", "\\", "'", '"', "`", "~", "^", "%", "&", "|", "\n", "\n    ", "\t", " ", "\r", "\x00", "\ufeff"],
    *["0", "1", "2.5", "1e9", "1e999", "0x1F", "1_000", "1j", "007", "қ", "ы", "∑", "²", "…", "🙂", "\u2028"],
]


def texts(seed: int) -> str:
    """One text: a mutation of a true equation, or a row of pieces of the language."""
    at = random.Random(seed)
    if at.random() < 0.4:
        return "x = " * (at.random() < 0.8) + "".join(at.choice(TOKENS) for _ in range(at.randint(1, 30)))
    text = at.choice(TRUE)
    for _ in range(at.choice([1, 1, 1, 2, 3, 8])):
        place = at.randrange(len(text) + 1)
        match at.randrange(5):
            case 0:
                text = text[:place] + at.choice(TOKENS) + text[place:]
            case 1:
                text = text[:place] + text[place + at.randint(1, 4) :]
            case 2:
                text = text[:place] + text[place : place + at.randint(1, 20)] * at.randint(2, 60) + text[place:]
            case 3:
                other = at.choice(TRUE)
                text = text[:place] + other[at.randrange(len(other)) :]
            case 4:
                text = text[:place] + chr(at.randrange(1, 0x2FFF)) + text[place:]
    return text


TRUE = [s.text for path in MODELS for s in split(path.read_text("utf-8"), path.name)[0]]


def tried(text: str) -> Counter[str]:
    """What became of a text: counts by kind; an error says which text it was."""
    told: Counter[str] = Counter()
    try:
        statements, found = split(text, "fuzz.eq")
        alone = Statement("x", "equation", text, home=Home("fuzz.eq", 1))
        for statement in (*statements, alone):
            parsed = parse(statement)
            if isinstance(parsed, Parsed):
                told["understood"] += 1
                made = shape(parsed.right, lambda _: False, lambda _: True)
                compile(code(made, "python", ""), "<fuzz>", "exec")
            else:
                assert parsed.home.row >= 1, parsed
                assert parsed.home.column >= 1, parsed
                told[parsed.rule] += 1
        told.update(f.rule for f in found)
    except Exception:
        print("FAILED:", repr(text))
        raise
    return told


def main(count: int) -> None:
    started, told = time.perf_counter(), Counter[str]()
    for seed in range(count):
        told += tried(texts(seed))
        if seed % 50_000 == 49_999:
            print(f"{seed + 1:,} texts, {time.perf_counter() - started:.0f} s", flush=True)
    for rule, times in told.most_common():
        print(f"{times:10,}  {rule}")


def guided(seconds: str) -> None:
    import atheris  # noqa: PLC0415  # only here, and only where it is installed

    def one(data: bytes) -> None:
        tried(atheris.FuzzedDataProvider(data).ConsumeUnicodeNoSurrogates(2000))

    corpus = ROOT / "build" / "fuzz"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(TRUE):
        (corpus / f"true{number}").write_bytes(b"\x01" + text.encode())
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-max_len=4000", "-timeout=20"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--guided"]:
        guided(sys.argv[2])
    else:
        main(int(sys.argv[1]))
