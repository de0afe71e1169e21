"""read: folder -> Plan, findings."""

from __future__ import annotations

from pathlib import Path

from bagdar.address import Address
from bagdar.change import OPS, Change
from bagdar.finding import Finding, Home, finding
from bagdar.folder import declarations
from bagdar.folder.balances import read_balances
from bagdar.folder.data import TableEntry, entry_proposed, read_entries, read_numbers
from bagdar.folder.errata import read_errata
from bagdar.folder.expectations import FILES, read_expectations
from bagdar.folder.header import read_header
from bagdar.folder.indicator_lists import read_indicator_lists
from bagdar.folder.maps import read_maps
from bagdar.folder.models import with_model
from bagdar.folder.norms import read_norms
from bagdar.folder.pictures import read_pictures
from bagdar.folder.rows import unknown_indicator
from bagdar.folder.table import read_table
from bagdar.folder.text import read_text, read_toml, row_of
from bagdar.folder.ties import sound_caps
from bagdar.language import LANGUAGES, Names
from bagdar.plan import LabelSet, Plan
from bagdar.statement import Statement, split

_FILES = {
    "plan.toml", "tables.toml", "indicators.csv", "sources.csv", "levers.csv", "targets.csv",
    "add_factors.csv", "accepted.csv", "norms.csv", "source_errata.csv", "indicator_lists.csv", "README.md", *FILES,
}  # fmt: skip
# What stands in a plan's folder and is no part of the plan: acts, nested plans, pages that `build` writes, estimates.
_OTHERS = ("acts", "plans", "build", "estimates")
# Folders whose files need no declaration, and the endings they may have.
_FOLDERS = {
    "sets": (".csv",),
    "equations": (".eq",),
    "variants": (".toml",),
    "chapters": (".md",),
    "maps": (".json",),
    "balances": (".toml",),
}

# Of these a file's name, in whatever folder below, is what it is called.
_NAMED = ("sets", "maps", "variants", "balances")


def read(folder: Path | str) -> tuple[Plan | None, list[Finding]]:
    """The plan that a folder holds, with everything that is wrong with how it is written.

    The plan is None only when there is none to speak of: no folder, or no usable `plan.toml`.
    Nothing is raised for bad input, and nothing is guessed: what cannot be read is left out, each a
    finding at its home.
    """
    root = Path(folder)
    findings: list[Finding] = []
    if not root.is_dir():
        return None, [finding("no_such_folder", Home())]
    files = _once(_listed(root, findings), findings)
    if not files:
        return None, [*findings, finding("empty_folder", Home())]
    header = read_header(root, findings)
    if header is None:
        return None, findings
    sets = _sets(root, files, findings)
    indicators = declarations.read_indicators(root, sets, findings)
    frame = Plan(header, sets, indicators)
    for code in (*header.headline, *header.charts):
        if code not in indicators:
            findings.append(unknown_indicator(header.home, code, indicators))
    entries = read_entries(root, findings)
    numbers = read_numbers(root, frame, entries, findings)
    _undeclared(root, files, entries, findings)
    variants, maps = _variants(root, files, findings), read_maps(root, files, sets, findings)
    left_out: set[str] = set()
    balances = read_balances(root, files, frame, findings, left_out)
    plan = Plan(
        header=header,
        sets=sets,
        indicators=sound_caps(indicators, balances, left_out, findings),
        sources=declarations.read_sources(root, sets, findings),
        values=numbers.values,
        statements=_statements(root, files, header.model, findings),
        add_factors=declarations.read_add_factors(root, frame, findings),
        levers=declarations.read_levers(root, frame, findings),
        targets=declarations.read_targets(root, frame, findings),
        balances=balances,
        norms=read_norms(root, frame, findings),
        chapters=_chapters(root, files, findings),
        outcomes=numbers.outcomes,
        stated=tuple(numbers.stated),
        notes=numbers.notes,
        ranges=numbers.ranges,
        factors=numbers.factors,
        origins=tuple(numbers.origins),
        variants={name: changes for name, (_, changes) in variants.items()},
        variant_titles={name: title for name, (title, _) in variants.items()},
        accepted=declarations.read_accepted(root, findings),
        errata=read_errata(root, findings),
        expectations=read_expectations(root, frame, findings),
        indicator_lists=read_indicator_lists(root, frame, findings),
        pictures=read_pictures(root, frame, maps, findings),
        maps=maps,
    )
    return plan, findings


def _sets(root: Path, files: list[str], findings: list[Finding]) -> dict[str, LabelSet]:
    """The classifications by code."""
    told = (
        declarations.read_set(root, file, findings)
        for file in files
        if file.startswith("sets/") and file.endswith(".csv")
    )
    return {found.code: found for found in told if found is not None}


def _listed(root: Path, findings: list[Finding]) -> list[str]:
    """The folder's files by their paths inside it, sorted; hidden ones and nested plans left out."""
    files = []
    try:
        for path in sorted(root.rglob("*")):
            parts = path.relative_to(root).parts
            if path.is_file() and not any(p.startswith((".", "~$")) for p in parts) and parts[0] not in _OTHERS:
                files.append("/".join(parts))
    except OSError as problem:
        findings.append(finding("unreadable_file", Home(), problem=problem.strerror or str(problem)))
    return files


def _once(files: list[str], findings: list[Finding]) -> list[str]:
    """The files without those that name a set, a map or a variant that an earlier one names, each a finding."""
    first: dict[tuple[str, str], str] = {}
    kept = []
    for file in files:
        folder, name = file.split("/")[0], Path(file).stem
        named = folder in _NAMED and file.endswith(_FOLDERS[folder])
        if named and (folder, name) in first:
            findings.append(finding("duplicate_key", Home(file), key=name, first=first[folder, name]))
            continue
        if named:
            first[folder, name] = file
        kept.append(file)
    return kept


def _undeclared(root: Path, files: list[str], entries: list[TableEntry], findings: list[Finding]) -> None:
    declared = {entry.file for entry in entries}
    for file in files:
        folder = file.split("/")[0] if "/" in file else ""
        if file in _FILES or file in declared or file.endswith(_FOLDERS.get(folder, ("\0",))):
            continue
        if file.endswith(".csv"):
            findings.append(finding("undeclared_file", Home(file), **entry_proposed(file, read_table(root, file, []))))
        else:
            findings.append(finding("file_of_no_plan", Home(file)))


def _statements(root: Path, files: list[str], model: str, findings: list[Finding]) -> tuple[Statement, ...]:
    statements: list[Statement] = []
    for file in files:
        if file.startswith("equations/") and file.endswith(".eq"):
            text = read_text(root, file, findings)
            found, wrong = split(text or "", file)
            statements += found
            findings += wrong
    whole, wrong = with_model(model, tuple(statements))
    findings += wrong
    return whole


def _chapters(root: Path, files: list[str], findings: list[Finding]) -> dict[str, str]:
    """Prose by ``name.language``."""
    chapters = {}
    for file in files:
        if file.startswith("chapters/") and file.endswith(".md"):
            name = file.removeprefix("chapters/").removesuffix(".md")
            if name.rpartition(".")[2] not in LANGUAGES:
                findings.append(finding("chapter_without_a_language", Home(file)))
            elif (text := read_text(root, file, findings)) is not None:
                chapters[name] = text
    return chapters


def _variants(root: Path, files: list[str], findings: list[Finding]) -> dict[str, tuple[Names, tuple[Change, ...]]]:
    variants = {}
    for file in files:
        if file.startswith("variants/") and file.endswith(".toml"):
            variants[Path(file).stem] = _read_variant(root, file, findings)
    return variants


def _read_variant(root: Path, file: str, findings: list[Finding]) -> tuple[Names, tuple[Change, ...]]:
    read_file = read_toml(root, file, findings)
    if read_file is None:
        return Names(), ()
    told, text = read_file
    titles = told.get("title")
    title = Names(*(str(titles.get(code, "")) for code in LANGUAGES)) if isinstance(titles, dict) else Names()
    changes, row = [], 0
    listed = told.get("change", [])
    if not isinstance(listed, list):
        findings.append(finding("variant_without_changes", Home(file, row_of(text, "change"))))
    for entry in listed if isinstance(listed, list) else []:
        row = row_of(text, "change", row)
        home = Home(file, row)
        address = Address.parse(str(entry.get("address", ""))) if isinstance(entry, dict) else None
        if address is None:
            findings.append(finding("address_unreadable", home, found=str(entry)[:80]))
        elif entry.get("op") not in OPS:
            expected = ", ".join(OPS)
            findings.append(finding("change_op_unknown", home, found=str(entry.get("op")), expected=expected))
        else:
            who, why = str(entry.get("who", "")), str(entry.get("why", ""))
            changes.append(Change(entry["op"], address, entry.get("old"), entry.get("new"), who, why, home))
    return title, tuple(changes)
