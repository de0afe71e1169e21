"""A chapter's mark says which text it translates; the command renews it; no page shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bagdar.checks.translations import translation_stale
from bagdar.cli import app
from bagdar.folder import new, read
from bagdar.folder.translation import body, fingerprint, mark
from bagdar.publish.prose import chapter
from tests.checks.given import said

RUN = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "plan"
    assert new(root, "en") == []
    (root / "chapters").mkdir()
    (root / "chapters" / "outlook.en.md").write_text("Growth is steady.\n", "utf-8")
    (root / "chapters" / "outlook.kk.md").write_bytes("\ufeffӨсім тұрақты.\r\n".encode())
    return root


def rules(folder: Path) -> list[str]:
    plan, found = read(folder)
    assert plan is not None
    assert found == []
    return [f.rule for f in said(translation_stale, plan)]


def test_the_command_marks_a_chapter_and_a_change_of_its_source_makes_it_stale(folder: Path) -> None:
    assert rules(folder) == []  # without a mark nothing is said
    command = ["translated", "outlook.kk", str(folder), "--from", "en"]
    assert RUN.invoke(app, command).exit_code == 0
    assert rules(folder) == []
    (folder / "chapters" / "outlook.en.md").write_text("Growth\nis steady.\n", "utf-8")
    assert rules(folder) == []  # the same words
    (folder / "chapters" / "outlook.en.md").write_text("Growth slows down.\n", "utf-8")
    assert rules(folder) == ["translation_stale"]
    assert RUN.invoke(app, command).exit_code == 0
    assert rules(folder) == []


def test_the_command_keeps_every_other_byte_and_has_one_mark_however_often_it_runs(folder: Path) -> None:
    file = folder / "chapters" / "outlook.kk.md"
    held = file.read_bytes()
    for _ in range(2):
        assert RUN.invoke(app, ["translated", "outlook.kk", str(folder), "--from", "en"]).exit_code == 0
    first, rest = file.read_bytes().split(b"\r\n", 1)
    assert first == f"\ufeff<!-- translates en {fingerprint('Growth is steady.')} -->".encode()
    assert b"\xef\xbb\xbf" + rest == held


@pytest.mark.parametrize("arguments", [("outlook.ru", "en"), ("outlook.kk", "ru"), ("outlook.en", "en")])
def test_what_is_not_there_or_is_itself_is_not_marked(folder: Path, arguments: tuple[str, str]) -> None:
    held = {p: p.read_bytes() for p in (folder / "chapters").iterdir()}
    assert RUN.invoke(app, ["translated", arguments[0], str(folder), "--from", arguments[1]]).exit_code == 1
    assert {p: p.read_bytes() for p in (folder / "chapters").iterdir()} == held


def test_no_page_shows_the_mark(folder: Path) -> None:
    RUN.invoke(app, ["translated", "outlook.kk", str(folder), "--from", "en"])
    plan, _ = read(folder)
    assert plan is not None
    shown = chapter(plan, "outlook", "kk")
    assert "Өсім тұрақты." in shown
    assert "translates" not in shown


def test_a_mark_may_be_written_by_hand() -> None:
    assert mark("<!-- translates: ru 1a2b3c4d5e6f -->\nText\n") == ("ru", "1a2b3c4d5e6f")
    assert mark("<!-- translates ru -->\nText\n") == ("ru", "")
    assert mark("<!-- translates --> Text") == ("", "")
    assert mark("Text\n<!-- translates ru -->\n") is None
    assert body("<!-- translates ru -->\nText\n") == "Text\n"
    assert body("Text\n") == "Text\n"
