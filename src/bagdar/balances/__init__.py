"""Balances: what there is of each product, of labour and money, who gets it by rank, and what is short."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bagdar.balances.allocation import Allocation, Options, Shortage, allocate

__all__ = ["Allocation", "Options", "Shortage", "allocate"]


def __getattr__(name: str) -> Any:
    # Reading a balance needs no solver: HiGHS and SciPy are loaded when something is allocated.
    if name not in __all__:
        raise AttributeError(name)
    from bagdar.balances import allocation  # noqa: PLC0415

    return getattr(allocation, name)
