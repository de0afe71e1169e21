"""Policy: variants, and the plan held against what happened."""
