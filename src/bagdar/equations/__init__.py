"""Equations: read, ordered, differentiated, compiled, solved, explained."""

from bagdar.equations.explain import Explanation, explain
from bagdar.equations.simulate import simulate
from bagdar.equations.solution import Solution

__all__ = ["Explanation", "Solution", "explain", "simulate"]
