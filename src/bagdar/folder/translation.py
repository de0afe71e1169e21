"""The mark by which a chapter says what it translates: an HTML comment as its first line, shown nowhere.

``<!-- translates ru 1a2b3c4d5e6f -->`` says: this is a translation of the chapter of the same name in Russian,
whose text had this fingerprint when it was translated. `mark_translated` writes the mark anew.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from bagdar.finding import Finding, Home, finding
from bagdar.folder.atomic import write_files
from bagdar.folder.text import read_text
from bagdar.language import Language
from bagdar.plan import Plan

_MARK = re.compile(r"\s*<!--\s*translates\b(?P<told>[^\n]*?)-->[^\S\n]*\n?")


def mark(text: str) -> tuple[str, str] | None:
    """(language, fingerprint) that a chapter's first line tells of what it translates; None if it tells nothing.

    Either is '' where the mark leaves it out.
    """
    match = _MARK.match(text)
    if match is None:
        return None
    words = [*match["told"].strip(": ").split(), "", ""]
    return words[0], words[1]


def body(text: str) -> str:
    """A chapter without its mark."""
    return _MARK.sub("", text, count=1) if _MARK.match(text) else text


def fingerprint(text: str) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of a chapter's words; marks, line ends and breaks do not count."""
    return hashlib.sha256(" ".join(body(text).split()).encode()).hexdigest()[:12]


def mark_translated(folder: Path | str, plan: Plan, chapter: str, source: Language) -> list[Finding]:
    """Write into `chapter` (``name.language``) that it translates the same chapter in `source` as that stands now.

    Findings, and nothing written, if either chapter is missing or the two are one.
    """
    root, file = Path(folder), f"chapters/{chapter}.md"
    original = f"{chapter.rpartition('.')[0]}.{source}"
    for code in (chapter, original):
        if code not in plan.chapters:
            return [finding("missing_file", Home(f"chapters/{code}.md"))]
    if chapter == original:
        return [finding("translation_of_nothing", Home(file, 1), chapter=chapter, source=original, language=source)]
    findings: list[Finding] = []
    text = read_text(root, file, findings)
    if text is None:
        return findings
    ending = "\r\n" if "\r\n" in text else "\n"
    written = f"<!-- translates {source} {fingerprint(plan.chapters[original])} -->{ending}{body(text)}"
    bom = b"\xef\xbb\xbf" if (root / file).read_bytes()[:3] == b"\xef\xbb\xbf" else b""
    return findings + write_files(root, {file: bom + written.encode()})
