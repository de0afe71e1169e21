"""Folder <-> Plan: reading, writing back, and the template of `bagdar new`."""

from bagdar.folder.new import new
from bagdar.folder.read import read
from bagdar.folder.write import write_changes

__all__ = ["new", "read", "write_changes"]
