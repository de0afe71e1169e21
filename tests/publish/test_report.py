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
from bagdar.publish.page import LARGEST

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
        if "#" in href:
            self.targets.append(href)
        elif tag in ("script", "img", "iframe", "object") or told.get("src"):
            self.outside.append(tag)


def published(folder: Path) -> dict[str, str]:
    plan, found = read(folder)
    assert plan is not None
    solution, more = simulate(plan)
    return pages(solution, *check(plan, solution, found + more))


@pytest.fixture(scope="module")
def kazakhstan() -> dict[str, str]:
    return published(ROOT / "examples" / "kazakhstan")


def test_every_number_leads_somewhere_on_its_own_or_another_page(kazakhstan: dict[str, str]) -> None:
    pages = {file: Links(page) for file, page in kazakhstan.items()}
    known = {file: set(links.ids) for file, links in pages.items()}
    for file, links in pages.items():
        assert len(links.ids) == len(known[file])
        assert links.outside == []
        for there, _, anchor in {tuple(target.partition("#")) for target in links.targets}:
            assert anchor in known[there or file]
    assert all(len(pages[f"{language}.html"].targets) > 1000 for language in LANGUAGES)


def test_no_page_is_too_large_to_be_opened(kazakhstan: dict[str, str]) -> None:
    assert {file: n for file, page in kazakhstan.items() if (n := len(page.encode())) > 1.2 * LARGEST} == {}


def test_every_figure_of_a_table_is_a_link(kazakhstan: dict[str, str]) -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", kazakhstan["en.html"].split('id="notices"')[0], re.S)
    bare = [c for c in cells if re.search(r"\d", c) and "<a " not in c]
    assert bare == []


def test_a_missing_number_is_a_dash_and_nothing_is_nan(kazakhstan: dict[str, str]) -> None:
    for page in kazakhstan.values():
        assert not re.search(r">\W*(nan|inf|None)\W*<", page)
        assert "—" in page


def test_the_three_languages_hold_the_same_numbers(kazakhstan: dict[str, str]) -> None:
    def numbers(language: str) -> list[str]:
        pages = (page for file, page in kazakhstan.items() if file.startswith(language))
        anchors = (a for page in pages for a in re.findall(r'<a href="[^"#]*#([vo]:[\w:.-]+)">([^<]+)</a>', page))
        return sorted(f"{a} {re.sub(r'[^0-9]', '', t)}" for a, t in anchors)

    assert numbers("kk") == numbers("ru") == numbers("en") != []


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


def test_bodies_are_named_in_the_language_of_the_page(kazakhstan: dict[str, str]) -> None:
    kept = {language: "".join(p for f, p in kazakhstan.items() if f.startswith(language)) for language in LANGUAGES}
    assert "Министерство финансов" in kept["ru"]
    assert "Қаржы министрлігі" in kept["kk"]
    assert ">Ministry of Finance<" in kept["en"]
    assert ">Ministry of Finance<" not in kept["ru"] + kept["kk"]
