"""Models of other programs as plan folders."""

from __future__ import annotations

from pathlib import Path

from bagdar.finding import Finding, Home, finding, in_order
from bagdar.folder.atomic import write_files
from bagdar.importers.eviews import read_eviews
from bagdar.importers.pcim import read_pcim
from bagdar.importers.plan_folder import Imported, as_folder

__all__ = ["FORMATS", "Imported", "import_model"]

FORMATS = {".pcim": read_pcim, ".txt": read_eviews, ".prg": read_eviews}


def import_model(file: Path | str, folder: Path | str) -> tuple[Imported | None, list[Finding]]:
    """Write the model in `file` as a plan's folder; nothing that exists is overwritten.

    None, with findings, if nothing was written. What of the model could not be taken over is a finding; the rest is
    written all the same.
    """
    path, root = Path(file), Path(folder)
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        return None, [finding("folder_not_empty", Home())]
    reader = FORMATS.get(path.suffix.lower())
    if reader is None:
        expected = ", ".join(FORMATS)
        return None, [finding("foreign_format_unknown", Home(path.name), found=path.suffix or "—", expected=expected)]
    findings: list[Finding] = []
    model = reader(path, findings)
    if model is None:
        return None, list(in_order(findings))
    imported = as_folder(model, findings)
    wrong = write_files(root, imported.files)
    return (None if wrong else imported), list(in_order([*findings, *wrong]))
