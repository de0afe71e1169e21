"""Bagdar: indicative planning, where a plan is a value.

The functions that everything else is made of are `bagdar.folder.read`, `bagdar.checks.check`,
`bagdar.change.apply` and `bagdar.equations.simulate`; the command line only calls them.
"""

__version__ = "0.2.0"
