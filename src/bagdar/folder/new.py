"""new: a plan folder from a template, in the language asked for."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bagdar.finding import Finding, Home, finding
from bagdar.language import LANGUAGES, Language, catalogue

_PLACE = re.compile(r"@([a-z_]+)@")
_TITLES = {"kk": "Индикативтік жоспар", "ru": "Индикативный план", "en": "Indicative plan"}


def new(folder: Path | str, language: Language) -> list[Finding]:
    """Make `folder` a small plan that checks and solves, to be filled; nothing that exists is overwritten.

    The folder is made aside and moved into place, so that it is whole or not there at all.
    """
    root = Path(folder)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        return [finding("folder_not_empty", Home())]
    words = {key: text[language] for key, text in catalogue("template").items()}
    name = re.sub(r"[^\w-]", "_", root.resolve().name)
    words |= {"code": name, **{f"title_{code}": _TITLES[code] for code in LANGUAGES}}
    staged = None
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(dir=root.parent, prefix=".new-"))
        _copy(files("bagdar").joinpath("folder", "templates", "start"), staged, words)
        staged.chmod(0o755)
        if root.exists():  # an empty folder, perhaps the one we stand in: it stays, and its contents move in
            for entry in staged.iterdir():
                os.replace(entry, root / entry.name)
            staged.rmdir()
        else:
            os.replace(staged, root)
    except OSError as problem:
        if staged is not None:
            shutil.rmtree(staged, ignore_errors=True)
        return [finding("unwritable_folder", Home(), problem=problem.strerror or str(problem))]
    return []


def _copy(source: Traversable, target: Path, words: dict[str, str]) -> None:
    for entry in source.iterdir():
        if entry.is_dir():
            (target / entry.name).mkdir()
            _copy(entry, target / entry.name, words)
        else:
            text = entry.read_text("utf-8")
            (target / entry.name).write_text(_PLACE.sub(lambda m: words.get(m[1], m[0]), text), "utf-8")
