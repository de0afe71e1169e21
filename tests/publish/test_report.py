"""The published pages of the example: complete, linked, honest."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bagdar.checks import check
from bagdar.equations import simulate
from bagdar.folder import new, read
from bagdar.language import LANGUAGES
from bagdar.publish import pages

ROOT = Path(__file__).resolve().parent.parent.parent


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.outside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("id"):
            self.ids.append(str(told["id"]))
        href = told.get("href") or ""
        if href.startswith("#"):
            self.targets.append(href[1:])
        elif tag in ("script", "img", "iframe", "object") or told.get("src"):
            self.outside.append(tag)


def published(folder: Path) -> dict[str, str]:
    """The pages of a folder, small enough to be one a language."""
    plan, found = read(folder)
    assert plan is not None
    solution, more = simulate(plan)
    return pages(solution, *check(plan, solution, found + more))


@pytest.fixture(scope="module")
def kazakhstan() -> dict[str, str]:
    return published(ROOT / "examples" / "kazakhstan")


def test_every_number_leads_somewhere_on_its_own_page(kazakhstan: dict[str, str]) -> None:
    for page in kazakhstan.values():
        links = Links(page)
        assert len(links.ids) == len(set(links.ids))
        assert set(links.targets) <= set(links.ids)
        assert links.outside == []
        assert len(links.targets) > 1000


def test_every_figure_of_a_table_is_a_link(kazakhstan: dict[str, str]) -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", kazakhstan["en.html"].split('id="notices"')[0], re.S)
    bare = [c for c in cells if re.search(r"\d", c) and "<a " not in c]
    assert bare == []


def test_a_missing_number_is_a_dash_and_nothing_is_nan(kazakhstan: dict[str, str]) -> None:
    for page in kazakhstan.values():
        assert not re.search(r"\b(nan|inf|None)\b", page)
        assert "—" in page


def test_the_three_pages_hold_the_same_numbers(kazakhstan: dict[str, str]) -> None:
    def numbers(page: str) -> list[str]:
        anchors = re.findall(r'<a href="#([vo]:[\w:.-]+)">([^<]+)</a>', page)
        return [f"{a} {re.sub(r'[^0-9]', '', t)}" for a, t in anchors]

    assert numbers(kazakhstan["kk.html"]) == numbers(kazakhstan["ru.html"]) == numbers(kazakhstan["en.html"])


def test_the_page_says_what_it_is(kazakhstan: dict[str, str]) -> None:
    page = kazakhstan["en.html"]
    assert "pseudo ex ante" in page
    assert "Naive forecast" in page
    assert "What happened" in page
    assert re.search(r"plan hash [0-9a-f]{16}", page)
    for language in LANGUAGES:
        assert f'<html lang="{language}">' in kazakhstan[f"{language}.html"]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    new(tmp_path / "plan", "ru")
    assert published(tmp_path / "plan") == published(tmp_path / "plan")


def test_a_hostile_plan_cannot_write_html(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    new(folder, "en")
    for file in ("indicators.csv", "sources.csv"):
        text = (folder / file).read_text("utf-8")
        (folder / file).write_text(text.replace("GDP growth", "<script>alert(1)</script>"), "utf-8")
    chapters = folder / "chapters"
    chapters.mkdir()
    hostile = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) ![p](http://h/x.png)"
    (chapters / "introduction.en.md").write_text(hostile, "utf-8")
    page = published(folder)["en.html"]
    assert "<script>" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page


def test_an_unsolved_plan_is_still_published_with_its_findings(tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    new(folder, "en")
    path = folder / "equations" / "demand.eq"
    path.write_text(path.read_text("utf-8") + "\nnobody = 1\n", "utf-8")
    page = published(folder)["en.html"]
    assert "NOT SOLVED" in page
    assert "there is no indicator nobody" in page
