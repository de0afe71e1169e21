"""Input-output accounts: balance a table, analyse it."""
