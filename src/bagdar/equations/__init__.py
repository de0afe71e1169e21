"""Equations: read, ordered, differentiated, compiled, solved, explained."""

from bagdar.equations.explain import Explanation, explain
from bagdar.equations.simulate import Solution, simulate

__all__ = ["Explanation", "Solution", "explain", "simulate"]
