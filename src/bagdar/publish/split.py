"""A report on several pages: what goes where, and every link led to the page of its target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

LONGER = len("kk-numbers-10.html")  # what a link to another page is longer by
_ID = re.compile(r'\sid="([^"]+)"')
_LINK = re.compile(r'href="#([^"]+)"')


def packed(pieces: Sequence[str], largest: int) -> list[list[str]]:
    """The pieces in order on as few piles as hold at most `largest` bytes each; a larger piece has its own."""
    piles: list[list[str]] = []
    room = 0
    for piece in pieces:
        size = len(piece.encode()) + LONGER * piece.count('href="#')
        if not piles or size > room:
            piles.append([])
            room = largest
        piles[-1].append(piece)
        room -= size
    return piles


def led_home(pages: Mapping[str, str]) -> dict[str, str]:
    """The pages with each link to an id of another page led there. An id stands on one page, or on each of them."""
    ids = {file: set(_ID.findall(page)) for file, page in pages.items()}
    homes = {name: file for file, names in reversed(ids.items()) for name in names}

    def led(page: str, own: set[str]) -> str:
        def link(match: re.Match[str]) -> str:
            name = match[1]
            away = name not in own and name in homes
            return f'href="{homes[name]}#{name}"' if away else match[0]

        return _LINK.sub(link, page)

    return {file: led(page, ids[file]) for file, page in pages.items()}
