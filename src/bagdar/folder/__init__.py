"""Folder <-> Plan: reading, writing back, and the template of `bagdar new`."""

from bagdar.folder.new import new
from bagdar.folder.read import read
from bagdar.folder.translation import mark_translated
from bagdar.folder.write import write_changes

__all__ = ["mark_translated", "new", "read", "write_changes"]
