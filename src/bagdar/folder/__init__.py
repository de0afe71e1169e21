"""Folder <-> Plan: reading, writing back, and the templates of `bagdar new`."""

from bagdar.folder.read import read
from bagdar.folder.write import write_changes

__all__ = ["read", "write_changes"]
