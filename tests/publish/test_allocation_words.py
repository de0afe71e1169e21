"""What the page of an allocation says in words: how it was solved, what is capped, what nothing answers, how much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.balances.given import balance, plan_of, resource, use
from tests.balances.test_limits import energy
from tests.balances.test_reading import normed
from tests.publish.settled import capped, settled_of

from bagdar.balances import Options
from bagdar.balances.loop import Settled, settle
from bagdar.equations import simulate
from bagdar.language import LANGUAGES, Language
from bagdar.publish.allocation import AllocationWriter, allocation_document, allocation_section
from bagdar.publish.amounts import amount, money, shortest, span
from bagdar.publish.balances import balances_document
from bagdar.publish.ceilings import told_caps, unanswered
from bagdar.publish.document import Document, Grid, Part, as_markdown, as_text
from bagdar.publish.norms import norm_tables

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def settled() -> Settled:
    return settled_of(energy())


# -- how it was solved -----------------------------------------------------------------------------


def test_what_a_rank_may_give_is_a_percentage(settled: Settled) -> None:
    for language, share in zip(LANGUAGES, ("0,01 %", "0,01 %", "0.01 %"), strict=True):
        told = AllocationWriter(settled, language).solved()[1]
        assert share in told
        assert "e-" not in told


@pytest.mark.parametrize(("method", "weight"), [("simplex", "100"), ("hipdlp", "10")])
def test_weighted_ranks_are_told_with_the_weight_of_the_method(settled: Settled, method: Any, weight: str) -> None:
    first = settled.first
    answer = replace(first.answer, method=method)
    stages = (*first.ranked.stages[:-1], replace(first.ranked.stages[-1], answer=answer))
    made = replace(settled, first=replace(first, ranked=replace(first.ranked, way="weighted", stages=stages)))
    for language, times in zip(LANGUAGES, (f"{weight} есе", f"в {weight} раз ", f"{weight} times"), strict=True):
        assert times in AllocationWriter(made, language).solved()[1]


@pytest.mark.parametrize(
    ("count", "russian"),
    [(1, "Объяснён 1 дефицит"), (3, "Объяснены первые 3 дефицита."), (5, "Объяснены первые 5 дефицитов.")],
)
def test_what_is_explained_is_counted_as_the_language_counts(settled: Settled, count: int, russian: str) -> None:
    writer = AllocationWriter(settled, "ru")
    writer.explained = writer.explained[:1] * count
    writer.found = (*writer.found, *writer.found, *writer.found)
    assert writer.partly()[0].startswith(russian)


# -- ceilings --------------------------------------------------------------------------------------


def test_a_ceiling_is_told_by_the_names_of_the_indicator_and_its_labels_with_its_unit() -> None:
    items = (resource("mined", quantity="mined"), use("exports", quantity="exports", rank=1))
    numbers: dict[str, Any] = {
        "mined": {"north": [9, 9], "south": [9, 9]}, "exports": {"north": [5, 12], "south": [5, 8]},
    }  # fmt: skip
    plan = plan_of(
        {"coal": balance(*items, over=["region"])}, numbers, sets={"region": ["north", "south"]},
        capped={"exports": "coal.exports"},
    )  # fmt: skip
    made, _ = settle(simulate(plan)[0], Options("exact"))
    assert made is not None
    assert told_caps(made, "en") == "exports, north, 2005: 9 t"
    assert told_caps(made, "ru") == "exports, north, 2005: 9 т"
    assert not unanswered(made)


def test_shortages_that_cap_nothing_are_said_to_have_no_answer(settled: Settled) -> None:
    for language, word in zip(LANGUAGES, ("төбе шегі емес", "не отвечает", "does not answer"), strict=True):
        (told,) = AllocationWriter(settled, language).unanswered()
        assert word in told
        assert told in as_text(allocation_document(settled, language))
        assert told in allocation_section(settled, "x", language).prose
    place = ("mined", (), settled.first.plan.header.base + 1)
    for made in (capped(), replace(settled, caps={place: 1.0}), settled_of(energy(mined=[None, 20, 20]))):
        assert AllocationWriter(made, "en").unanswered() == []


# -- amounts ---------------------------------------------------------------------------------------


def test_a_small_cost_is_told_in_the_unit_that_shows_it() -> None:
    assert money([10.0, 2.5], "KZT", "ru") == (1.0, "тенге")
    assert money([10.0, 2.5e6], "KZT", "kk") == (1e6, "млн теңге")
    assert money([5e9], "TOY", "en") == (1e9, "bn TOY")
    assert money([], "", "en") == (1.0, "")
    assert amount(1e-5, "en") == "0.00001000"


def test_a_relief_without_a_price_says_so_on_the_page_and_in_markdown(settled: Settled) -> None:
    (cause, eased), *rest = settled.explained
    assert eased is not None
    made = replace(settled)
    made.__dict__["explained"] = ((cause, replace(eased, cost=None)), *rest)
    document = allocation_document(made, "en")
    for text in (as_text(document), as_markdown(document)):
        assert "not valued: one of the limits has no price" in text
    assert "0.0 mln" not in as_text(allocation_document(settled, "en"))


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        (4.0, 9.6, "4.000 – 9.600"),
        (16.5012, 16.5038, "16.501 – 16.504"),
        (16.5, 16.5000004, "16.5000000 – 16.5000004"),
        (16.5, 16.5 + 1e-12, "at this amount only"),
        (-float("inf"), 16.5, "… – 16.50"),
        (0.0, 0.0, "at this amount only"),
    ],
)
def test_a_range_has_as_many_digits_as_tell_its_ends_apart(low: float, high: float, shown: str) -> None:
    assert span(low, high, "en") == shown


def test_ends_of_a_range_that_are_one_are_said_to_be_in_each_language() -> None:
    assert [span(1, 1, language) for language in LANGUAGES] == [
        "тек осы мөлшерде", "только при этой величине", "at this amount only",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown"), [(0.01, "0.01"), (12.5, "12.5"), (1e-5, "0.00001"), (100, "100"), (0, "0")]
)
def test_a_share_has_no_last_zeros(value: float, shown: str) -> None:
    assert shortest(value, "en") == shown


# -- balances --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["labour", "material"])
def test_where_people_are_lacking_they_are_not_called_unemployed(kind: str) -> None:
    items = (resource("people", quantity="people"), use("jobs", quantity="jobs", rank=1))
    plan = plan_of({"labour": balance(*items, kind=kind)}, {"people": [9, 9], "jobs": [5, 12]})
    made = settled_of(plan)
    for document in (balances_document(made.before, "en"), allocation_document(made, "en")):
        text = as_text(document)
        assert f"Over (+), lacking ({MINUS})" in text
        assert "Unemployed" not in text


def test_a_balance_of_many_items_by_label_keeps_within_a_terminals_width() -> None:
    kinds = [f"kind_{k}" for k in range(12)]
    uses = [use(f"a_use_with_a_long_name_{k}", quantity="used") for k in range(9)]
    cells = {code: dict.fromkeys(kinds, told) for code, told in {"mined": [9, 9], "used": [1, 1]}.items()}
    plan = plan_of(
        {"coal": balance(resource("mined", quantity="mined"), *uses, over=["kind"])}, cells, sets={"kind": kinds}
    )
    document = balances_document(simulate(plan)[0], "en")
    lines = as_text(document).split("\n")
    assert max(map(len, lines)) <= 100
    heads = [line.split() for line in lines if line.startswith("Item ")]
    assert [kind for head in heads for kind in head[1:]] == kinds * 2  # base and plan period
    assert any(line.split() == ["Resources,", "total", *["9.000"] * (len(heads[0]) - 1)] for line in lines)


def test_a_label_that_leaves_no_room_stands_above_its_block() -> None:
    label, item = "l" * 70, "i" * 60
    grid = Grid(("Balance", item), ((label, "1.0"), ("short", "2.0")), turn="Item")
    lines = as_text(Document("t", (), (Part("p", (), (grid,)),))).split("\n")
    assert max(map(len, lines)) <= 100
    assert lines[lines.index(label) + 1].split() == [item, "1.0"]
    # A table that may not be turned is as wide as it is.
    assert max(map(len, as_text(Document("t", (), (Part("p", (), (replace(grid, turn=""),)),))).split("\n"))) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_norm_is_held_against_says_its_year(kazakhstan_solution: Any, language: Language) -> None:
    for table in norm_tables(kazakhstan_solution, language):
        held = table.columns[4:-1]
        assert all("2004" in head for head in held), held
        assert "norms.csv" in table.note


def test_what_was_shared_out_before_the_model_answered_is_shown_where_it_is_short(settled: Settled) -> None:
    document = as_text(allocation_document(capped(), "en"))
    first, _, after = document.partition("Balances after the allocation")
    title = "Balances that are short, before the model answers"
    assert first.count(title) == 1
    assert "exports" in first.split(title)[1].lower()
    assert title not in after
    assert title not in as_text(allocation_document(settled, "en"))


def test_the_normative_base_has_the_columns_that_a_norm_fills_and_no_others() -> None:
    plan = normed()
    (whole,) = norm_tables(simulate(plan)[0], "en")
    told = dict(zip(whole.columns, (figure.text for figure in whole.lines[0].figures), strict=True))
    assert told["Improved by"] == "Savings"
    bare = replace(plan, norms=tuple(replace(norm, programme="") for norm in plan.norms))
    (less,) = norm_tables(simulate(bare)[0], "en")
    assert [*less.columns] == [head for head in whole.columns if head != "Improved by"]
    assert all(len(line.figures) == len(less.columns) for line in less.lines)
