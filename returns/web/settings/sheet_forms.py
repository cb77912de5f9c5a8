"""The editor of an inspection sheet: its head as a form, questions and grades as rows of fields.

Rows are added, moved and taken out by plain buttons: the page comes back with the rows as they
are then, and nothing is kept before "Save".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from returns.models import Disposition, Grade, Sheet, Verdict
from returns.services.sheets import MOST_QUESTIONS
from rmaproject.shared import money
from rmaproject.web.forms import RecordField
from stock.models import PartCategory

_CODE: Final = re.compile(r"[^a-z0-9]+")
MOST_GRADES: Final = 20
MOST_CHOICES: Final = 12
#: Choices that wait to be filled in.
SPARE: Final = 2
KIND_LABELS: Final = (
    ("yes_no", _l("Yes or no")),
    ("choice", _l("One of these")),
    ("number", _l("A number")),
    ("text", _l("Words")),
)

Row = dict[str, Any]


class SheetForm(forms.Form):
    """The head of a sheet: its name, what it is for, and what an inspection brings along."""

    name = forms.CharField(label=_l("Name"), max_length=200)
    category = RecordField(
        PartCategory.objects.none(),
        label=_l("For parts of"),
        required=False,
        empty_label=_l("All parts without a sheet of their own"),
    )
    photos = forms.IntegerField(
        label=_l("Photos at least"), min_value=0, max_value=20, required=False
    )
    serial_check = forms.BooleanField(label=_l("Serial number is scanned again"), required=False)
    active = forms.BooleanField(label=_l("In use"), required=False)

    def __init__(self, data: Any = None, *, sheet: Sheet | None) -> None:
        super().__init__(data, initial=_head(sheet))
        kept = sheet.category_id if sheet else None
        category: Any = self.fields["category"]
        category.queryset = PartCategory.objects.filter(Q(active=True) | Q(pk=kept))

    def values(self) -> dict[str, Any]:
        """The head as the service takes it."""
        return {**self.cleaned_data, "photos": self.cleaned_data["photos"] or 0}


def _head(sheet: Sheet | None) -> dict[str, Any]:
    if sheet is None:
        return {"active": True, "photos": 0}
    names = ("name", "category", "photos", "serial_check", "active")
    return {name: getattr(sheet, name) for name in names}


@dataclass
class Draft:
    """The rows of a sheet as they stand in the editor."""

    questions: list[Row] = field(default_factory=list)
    grades: list[Row] = field(default_factory=list)
    wrong: bool = False

    @property
    def codes(self) -> list[str]:
        """The codes of the grades, for the answers to name."""
        return [row["code"] for row in self.grades if row["code"]]


def draft_of(sheet: Sheet | None) -> Draft:
    """The rows of a sheet as they are kept; a new one begins with one of each."""
    if sheet is None:
        return Draft([_blank_question()], [_blank_grade()])
    return Draft(
        [_kept_question(row) for row in sheet.questions],
        [_kept_grade(row) for row in sheet.grades.select_related("disposition")],
    )


def _blank_question() -> Row:
    return {
        "code": "", "text": "", "help": "", "kind": "yes_no", "required": True, "yes": "",
        "no": "", "choices": _with_spare([]), "error": "",
    }  # fmt: skip


def _blank_grade() -> Row:
    return {
        "id": "", "code": "", "name": "", "criteria": "", "verdict": "accepted", "share": "",
        "disposition": "", "error": "",
    }  # fmt: skip


def _with_spare(choices: list[Row]) -> list[Row]:
    spare = [{"text": "", "grade": ""} for _number in range(SPARE)]
    return [*choices, *spare][:MOST_CHOICES]


def _kept_question(row: dict[str, Any]) -> Row:
    named = row.get("grades", {})
    choices = [{"text": text, "grade": named.get(text, "")} for text in row.get("choices", [])]
    return {
        **_blank_question(),
        "code": row["code"],
        "text": row["text"],
        "help": row.get("help", ""),
        "kind": row["kind"],
        "required": bool(row.get("required")),
        "yes": named.get("yes", ""),
        "no": named.get("no", ""),
        "choices": _with_spare(choices),
    }


def _kept_grade(row: Grade) -> Row:
    return {
        "id": str(row.uuid),
        "code": row.code,
        "name": row.name,
        "criteria": row.criteria,
        "verdict": row.verdict,
        "share": money.plain(row.share),
        "disposition": str(row.disposition.uuid) if row.disposition else "",
        "error": "",
    }


def posted_draft(posted: QueryDict) -> Draft:
    """The rows as they were typed."""
    questions = [_posted_question(posted, n) for n in _numbers(posted, "q", MOST_QUESTIONS)]
    grades = [_posted_grade(posted, n) for n in _numbers(posted, "g", MOST_GRADES)]
    return Draft(questions, grades)


def _numbers(posted: QueryDict, letter: str, most: int) -> range:
    name = "text" if letter == "q" else "code"
    many = next((n for n in range(most) if f"{letter}{n}_{name}" not in posted), most)
    return range(many)


def _text(posted: QueryDict, name: str, most: int) -> str:
    return posted.get(name, "").strip()[:most]


def _posted_question(posted: QueryDict, number: int) -> Row:
    def told(name: str, most: int = 300) -> str:
        return _text(posted, f"q{number}_{name}", most)

    choices = [
        {"text": told(f"c{place}", 100), "grade": told(f"g{place}", 64)}
        for place in range(MOST_CHOICES)
    ]
    kind = told("kind")
    return {
        **_blank_question(),
        "code": told("code", 64),
        "text": told("text"),
        "help": told("help", 500),
        "kind": kind if kind in dict(KIND_LABELS) else "text",
        "required": bool(told("required")),
        "yes": told("yes", 64),
        "no": told("no", 64),
        "choices": _with_spare([row for row in choices if row["text"]]),
    }


def _posted_grade(posted: QueryDict, number: int) -> Row:
    sizes = {"id": 36, "code": 64, "name": 200, "criteria": 2000, "verdict": 10, "share": 10}
    row = {name: _text(posted, f"g{number}_{name}", most) for name, most in sizes.items()}
    return {**row, "disposition": _text(posted, f"g{number}_disposition", 36), "error": ""}


def rearranged(draft: Draft, wish: str) -> None:
    """Carry out what a button of the editor asks for: "add-grade", "up-question-2", "drop-…"."""
    verb, _dash, rest = wish.partition("-")
    kind, _dash, place = rest.partition("-")
    rows = {"question": draft.questions, "grade": draft.grades}.get(kind)
    if rows is None:
        return
    if verb == "add":
        most = MOST_QUESTIONS if kind == "question" else MOST_GRADES
        if len(rows) < most:
            rows.append(_blank_question() if kind == "question" else _blank_grade())
        return
    number = int(place) if place.isdecimal() else -1
    if 0 <= number < len(rows):
        _rearrange(rows, verb, number)


def _rearrange(rows: list[Row], verb: str, number: int) -> None:
    other = {"up": number - 1, "down": number + 1}.get(verb, -1)
    if verb == "drop":
        del rows[number]
    elif 0 <= other < len(rows):
        rows[number], rows[other] = rows[other], rows[number]


def values_of(draft: Draft) -> dict[str, Any]:
    """The rows as the service takes them, empty ones left out; marks those that cannot be read."""
    known = {str(row.uuid): row for row in Disposition.objects.all()}
    codes = {row["code"] for row in draft.questions if row["code"]}
    questions = [_question(row, codes) for row in draft.questions if row["text"]]
    filled = [row for row in draft.grades if row["code"] or row["name"]]
    grades = [_grade(row, known) for row in filled]
    draft.wrong = any(row["error"] for row in [*draft.questions, *draft.grades])
    return {"questions": questions, "grades": grades}


def _question(row: Row, codes: set[str]) -> dict[str, Any]:
    code = row["code"] or _free_code(row["text"], codes)
    kept: dict[str, Any] = {
        "code": code,
        "text": row["text"],
        "kind": row["kind"],
        "required": row["required"],
    }
    if row["help"]:
        kept["help"] = row["help"]
    named = {}
    if row["kind"] == "yes_no":
        named = {key: row[key] for key in ("yes", "no") if row[key]}
    elif row["kind"] == "choice":
        filled = [choice for choice in row["choices"] if choice["text"]]
        kept["choices"] = [choice["text"] for choice in filled]
        named = {choice["text"]: choice["grade"] for choice in filled if choice["grade"]}
        if not filled:
            row["error"] = _("Write what there is to choose from.")
    return {**kept, "grades": named} if named else kept


def _free_code(text: str, codes: set[str]) -> str:
    """A code made of the text, that no other question has."""
    base = _CODE.sub("_", text.lower()).strip("_")[:56] or "question"
    tries = (base, *(f"{base}_{n}" for n in range(2, MOST_QUESTIONS + 2)))
    code = next(name for name in tries if name not in codes)
    codes.add(code)
    return code


def _grade(row: Row, known: dict[str, Disposition]) -> dict[str, Any]:
    if not row["code"] or not row["name"]:
        row["error"] = _("A grade has a code and a name.")
    share = _share(row)
    return {
        "code": row["code"],
        "name": row["name"],
        "criteria": row["criteria"],
        "verdict": row["verdict"] if row["verdict"] in Verdict.values else Verdict.ACCEPTED,
        "share": share,
        "disposition": known.get(row["disposition"]),
        **({"uuid": UUID(row["id"])} if _is_id(row["id"]) else {}),
    }


def _share(row: Row) -> Decimal:
    text = row["share"].replace(",", ".").removesuffix("%").strip()
    if not text:
        return Decimal(100) if row["verdict"] == Verdict.ACCEPTED else money.ZERO
    if not text.replace(".", "", 1).isdecimal() or Decimal(text) > 100:
        row["error"] = _("The share of the price is 0 to 100 percent.")
        return money.ZERO
    return Decimal(text)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
