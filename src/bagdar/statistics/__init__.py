"""Statistics: growth, index numbers, naive forecasts."""
