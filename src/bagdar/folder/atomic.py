"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bagdar.finding import Finding, Home, finding


def write_files(root: Path, contents: Mapping[str, bytes]) -> list[Finding]:
    """Write `contents` (path inside `root` -> bytes); on any failure nothing is changed.

    Each file is written beside its place and moved there, so that none is ever half-written.
    """
    staged: list[tuple[str, Path]] = []
    try:
        for file, content in contents.items():
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            staged.append((name, path))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for name, path in staged:
            os.replace(name, path)
    except OSError as problem:
        return [finding("unwritable_folder", Home(), problem=problem.strerror or str(problem))]
    finally:
        for name, _ in staged:
            Path(name).unlink(missing_ok=True)
    return []
