"""The cells of a list: each value with how it looks and where it leads, for one template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rmaproject.web.lists import Asked, Column, Sort, link

Row = dict[str, Any]


def currency_of(rows: Sequence[Row], column: Column) -> str:
    """The currency that all amounts of a column share; "" for none or several."""
    found = {row["currency"] for row in rows if row.get(column.key) is not None}
    return found.pop() if len(found) == 1 else ""


def shown_columns(columns: list[Column], rows: Sequence[Row], *, chosen: bool) -> list[Column]:
    """Without those that would say the same in every row, unless somebody chose columns."""
    return [
        column
        for column in columns
        if chosen or not column.if_several or len({row[column.key] for row in rows}) > 1
    ]


def heads(columns: list[Column], rows: Sequence[Row], asked: Asked, sort: Sort) -> list[Row]:
    """The head of each column, with the address that sorts by it and how it sorts now."""
    return [_head(column, rows, asked, sort) for column in columns]


def _head(column: Column, rows: Sequence[Row], asked: Asked, sort: Sort) -> Row:
    current = sort.name.removeprefix("-") == column.key and bool(column.sort)
    turned = column.key if not current or sort.down else f"-{column.key}"
    return {
        "column": column,
        "currency": currency_of(rows, column) if column.is_amount else "",
        "url": link(asked, sort=turned) if column.sort else "",
        "direction": ("descending" if sort.down else "ascending") if current else "",
    }


def body(columns: list[Column], rows: Sequence[Row]) -> list[Row]:
    """The rows with their cells."""
    shared = {column.key: currency_of(rows, column) for column in columns if column.is_amount}
    return [
        {**row, "cells": [_cell(column, row, shared.get(column.key, "")) for column in columns]}
        for row in rows
    ]


def _cell(column: Column, row: Row, shared: str) -> Row:
    currency = row.get("currency", "")
    return {
        "column": column,
        "value": row.get(column.key),
        "row": row,
        "text": row.get(f"{column.key}_text", ""),
        "url": row.get(f"{column.key}_url", ""),
        "currency": currency,
        "own_currency": currency if column.is_amount and not shared else "",
    }
