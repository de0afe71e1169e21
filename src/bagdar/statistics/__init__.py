"""Statistics: growth, index numbers, price and volume formulas, and the notation of multiples.

A missing number is None and stays so. Where there can be no index — a base that is not positive, a
change of sign — the answer is None too, and `growth.no_index` names the reason.
"""
