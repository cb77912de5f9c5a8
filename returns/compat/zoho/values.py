"""Reading JSON values of known types from a body, each with its place for a refusal."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from rmaproject.shared.errors import Malformed

#: Ten digits before the point and five after it: what our books hold.
MOST: Final = Decimal(10) ** 10
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Values:
    """A JSON object that knows where in the body it stands; what is null is not there."""

    def __init__(self, value: Any, at: str = "") -> None:
        if not isinstance(value, dict):
            raise invalid("an object", at)
        self.value, self.at = value, at

    def place(self, name: str) -> str:
        """The pointer of one of the object's values."""
        return f"{self.at}/{name}"

    def text(self, name: str, *, most: int) -> str:
        """A text without its outer spaces; "" when it is not there."""
        value = self.value.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or "\x00" in value or len(value) > most:
            raise invalid(f"a text of at most {most} characters", self.place(name))
        return value.strip()

    def ident(self, name: str) -> str:
        """What another record is named by; "" when it is not there."""
        return self.text(name, most=100)

    def need(self, name: str) -> str:
        """What another record is named by, which must be there."""
        found = self.ident(name)
        if not found:
            raise missing(self.place(name))
        return found

    def figure(self, name: str) -> Decimal | None:
        """A quantity of zero or more; None when it is not there."""
        value = self.value.get(name)
        if value is None:
            return None
        wanted = "a number of zero or more with at most 10 digits before and 5 after the point"
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise invalid(wanted, self.place(name))
        figure = Decimal(value)
        if not 0 <= figure < MOST or figure != round(figure, 5):
            raise invalid(wanted, self.place(name))
        return figure

    def day(self, name: str) -> date | None:
        """A day like 2026-03-02; None when it is not there, or empty."""
        text = self.text(name, most=10)
        if not text:
            return None
        try:
            if _DAY.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise invalid("a day like 2026-03-02", self.place(name))

    def each(self, name: str) -> list[Values]:
        """The objects of a list; none when it is not there."""
        at = self.place(name)
        return [Values(value, f"{at}/{place}") for place, value in enumerate(self._list(name))]

    def texts(self, name: str, *, most: int) -> list[str]:
        """The texts of a list, none of them empty; none when it is not there."""
        at = self.place(name)
        rows = [Values({"": value}, f"{at}/{n}") for n, value in enumerate(self._list(name))]
        found = [row.text("", most=most) for row in rows]
        if not all(found):
            raise invalid("a list of texts", at)
        return found

    def _list(self, name: str) -> list[Any]:
        value = self.value.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise invalid("a list", self.place(name))
        return value


def invalid(wanted: str, at: str) -> Malformed:
    """The refusal of a value of another type or range."""
    return Malformed(f"Give {wanted}.", code="invalid", pointer=at)


def missing(at: str) -> Malformed:
    """The refusal of a body that lacks a value."""
    return Malformed(f"{at.rpartition('/')[2]} is missing.", code="invalid", pointer=at)
