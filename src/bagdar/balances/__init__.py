"""Balances: what there is of each product, of labour and money, who gets it by rank, and what is short."""

from bagdar.balances.allocate import Allocation, Options, Shortage, allocate

__all__ = ["Allocation", "Options", "Shortage", "allocate"]
