"""Policy: levers, targets, variants."""
