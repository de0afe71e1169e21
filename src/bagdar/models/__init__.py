"""Models as equation text."""
