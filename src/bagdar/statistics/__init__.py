"""Statistics: growth rates and their means."""
