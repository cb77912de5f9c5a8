"""The form of an inspection sheet: questions and grades are typed one to a line."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from returns.models import Disposition, Grade, Sheet, Verdict
from returns.services.sheets import KINDS
from rmaproject.shared import money
from rmaproject.web.forms import RecordField
from stock.models import PartCategory

PART: Final = "|"
_CODE: Final = re.compile(r"[^a-z0-9]+")


class SheetForm(forms.Form):
    """An inspection sheet. What cannot be read in a line is said with the number of the line."""

    name = forms.CharField(label=_l("Name"), max_length=200)
    category = RecordField(
        PartCategory.objects.none(),
        label=_l("For parts of"),
        required=False,
        empty_label=_l("All parts"),
    )
    questions = forms.CharField(
        label=_l("Questions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_l(
            "One to a line: text | yes_no, choice, number or text | choices parted by commas. "
            "A star at the end of the text: must be answered."
        ),
    )
    grades = forms.CharField(
        label=_l("Grades"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_l(
            "One to a line: code | name | accepted or rejected | share of the price in percent | "
            "code of the disposition | what it looks like."
        ),
    )
    photos = forms.IntegerField(
        label=_l("Photos at least"), min_value=0, max_value=20, required=False
    )
    serial_check = forms.BooleanField(label=_l("Serial number is scanned again"), required=False)
    active = forms.BooleanField(label=_l("In use"), required=False)

    def __init__(self, data: Any = None, *, sheet: Sheet | None) -> None:
        super().__init__(data, initial=_first(sheet))
        kept = sheet.category_id if sheet else None
        category: Any = self.fields["category"]
        category.queryset = PartCategory.objects.filter(Q(active=True) | Q(pk=kept))
        self._known = {row["text"]: row for row in sheet.questions} if sheet else {}

    def values(self) -> dict[str, Any]:
        """The sheet as the service takes it."""
        return {**self.cleaned_data, "photos": self.cleaned_data["photos"] or 0}

    def clean_questions(self) -> list[dict[str, Any]]:
        """The questions; one whose text stays keeps its code."""
        lines = _lines(self.cleaned_data["questions"])
        return [self._question(number, parts) for number, parts in lines]

    def _question(self, number: int, parts: list[str]) -> dict[str, Any]:
        text, kind, choices = [*parts, "", ""][:3]
        kind = kind or "text"
        required = text.endswith("*")
        text = text.rstrip("* ")
        if not 0 < len(text) <= 300 or kind not in KINDS or len(parts) > 3:
            raise _unreadable(number)
        known = self._known.get(text, {})
        found = {
            "code": known.get("code") or _code(text) or str(number),
            "text": text,
            "kind": kind,
            "required": required,
        }
        if choices:
            found["choices"] = [word.strip() for word in choices.split(",") if word.strip()]
        return found

    def clean_grades(self) -> list[dict[str, Any]]:
        """The grades in their order."""
        known = {row.code.lower(): row for row in Disposition.objects.all()}
        lines = _lines(self.cleaned_data["grades"])
        return [_grade(number, parts, known) for number, parts in lines]


def _code(text: str) -> str:
    return _CODE.sub("_", text.lower()).strip("_")[:60]


def _grade(number: int, parts: list[str], known: dict[str, Disposition]) -> dict[str, Any]:
    if not 3 <= len(parts) <= 6:
        raise _unreadable(number)
    code, name, verdict, share, disposition, criteria = [*parts, "", "", ""][:6]
    unknown = verdict not in Verdict.values or (disposition and disposition.lower() not in known)
    if unknown or not name or len(code) > 64 or len(name) > 200:
        raise _unreadable(number)
    return {
        "code": code,
        "name": name,
        "verdict": verdict,
        "share": _share(number, share, verdict),
        "disposition": known.get(disposition.lower()),
        "criteria": criteria,
    }


def _share(number: int, text: str, verdict: str) -> Decimal:
    if not text:
        return Decimal(100) if verdict == Verdict.ACCEPTED else money.ZERO
    try:
        share = Decimal(text.replace(",", ".").removesuffix("%").strip())
    except InvalidOperation as error:
        raise _unreadable(number) from error
    if not share.is_finite() or not 0 <= share <= 100:
        raise _unreadable(number)
    return share


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Numbered lines taken apart, blank ones left out."""
    rows = [[part.strip() for part in line.split(PART)] for line in text.splitlines()]
    return [(number, row) for number, row in enumerate(rows, start=1) if any(row)]


def _unreadable(number: int) -> forms.ValidationError:
    words = _("Line %(number)s cannot be read; see below how it is written.")
    return forms.ValidationError(words % {"number": number}, code="unreadable")


def _first(sheet: Sheet | None) -> dict[str, Any]:
    if sheet is None:
        return {"active": True, "photos": 0}
    return {
        "name": sheet.name,
        "category": sheet.category,
        "questions": "\n".join(_told_question(row) for row in sheet.questions),
        "grades": "\n".join(_told_grade(row) for row in sheet.grades.select_related("disposition")),
        "photos": sheet.photos,
        "serial_check": sheet.serial_check,
        "active": sheet.active,
    }


def _told_question(row: dict[str, Any]) -> str:
    star = " *" if row.get("required") else ""
    parts = [f"{row['text']}{star}", row["kind"], ", ".join(row.get("choices", []))]
    return f" {PART} ".join(part for part in parts if part)


def _told_grade(row: Grade) -> str:
    code = row.disposition.code if row.disposition else ""
    share = money.plain(row.share)
    parts = [row.code, row.name, row.verdict, share, code, " ".join(row.criteria.split())]
    return f" {PART} ".join(parts).rstrip(f" {PART}")
