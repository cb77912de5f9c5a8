"""Lists: pages by key instead of by number, all state in the address, capped counts."""

from __future__ import annotations

from rmaproject.web.lists.asking import Asked, Asking, link, searched
from rmaproject.web.lists.counts import counted, counted_together
from rmaproject.web.lists.declared import Column, Listing, Tab, page_of_only
from rmaproject.web.lists.filters import Filters
from rmaproject.web.lists.paging import PAGE_SIZE, Rows, Sort, paged

__all__ = [
    "PAGE_SIZE",
    "Asked",
    "Asking",
    "Column",
    "Filters",
    "Listing",
    "Rows",
    "Sort",
    "Tab",
    "counted",
    "counted_together",
    "link",
    "page_of_only",
    "paged",
    "searched",
]
