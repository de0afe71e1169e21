"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bagdar.finding import Finding, Home, finding


def write_files(root: Path, contents: Mapping[str, bytes | None]) -> list[Finding]:
    """Write `contents` (path inside `root` -> bytes, None to delete); on any failure all is as it was.

    Each file is written beside its place and moved there, so that none is ever half-written; what was moved
    before a failure is put back.
    """
    staged: dict[Path, str] = {}
    earlier: dict[Path, bytes | None] = {}
    try:
        for file, content in contents.items():
            path = root / file
            if content is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, staged[path] = tempfile.mkstemp(dir=path.parent, prefix=".")
                with os.fdopen(handle, "wb") as stream:
                    stream.write(content)
                os.chmod(staged[path], path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for file, content in contents.items():
            path = root / file
            earlier[path] = path.read_bytes() if path.exists() else None
            if content is None:
                path.unlink(missing_ok=True)
            else:
                os.replace(staged[path], path)
    except OSError as problem:
        for path, content in earlier.items():
            _restore(path, content)
        return [finding("unwritable_folder", Home(), problem=problem.strerror or str(problem))]
    finally:
        for name in staged.values():
            Path(name).unlink(missing_ok=True)
    return []


def _restore(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    elif path.is_file():
        path.unlink()
