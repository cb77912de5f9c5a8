"""What was judged and decided about the goods of a return, with what that cost."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from returns.counting import costs_of
from returns.models import Disposal, Inspection, Verdict
from returns.web.record.history import person
from returns.web.record.loading import Dossier
from returns.web.record.naming import line_name
from rmaproject.shared import money

Words = dict[int, str]

#: The share of the price that is credited in full, in percent.
WHOLE: Final = 100


def decided_section(papers: Dossier) -> dict[str, Any]:
    """The rows of inspections and disposals, and their costs by currency."""
    names = {line.pk: line_name(line) for line in papers.lines}
    place = partial(reverse, "returns:line")
    urls = {line.pk: place(args=[papers.order.uuid, line.uuid]) for line in papers.lines}
    disposals = list(papers.order.disposals.all())
    moved = {row.line_id for row in disposals}
    found = [
        row for row in papers.order.inspections.all() if row.line_id not in moved or _tells(row)
    ]
    costs = cost_words(disposals)
    return {
        "inspections": [_inspection(row, names, urls) for row in found],
        "disposals": [_disposal(row, names, urls) for row in disposals],
        "disposal_costs": costs,
        "costly": bool(costs),
    }


def _tells(row: Inspection) -> bool:
    """Whether a verdict says more than the disposition that came with it."""
    said = row.grade or row.note or row.override_reason or row.disposition_id or row.snapshot
    return bool(said) or row.verdict != Verdict.ACCEPTED or row.share != WHOLE


def _inspection(row: Inspection, names: Words, urls: Words) -> dict[str, Any]:
    grade = row.snapshot.get("grade", {})
    said = row.snapshot.get("answers", [])
    answers = [f"{told['text']} {_word(told['answer'])}" for told in said]
    return {
        "at": row.at,
        "who": person(row.actor),
        "part": names.get(row.line_id, ""),
        "url": urls.get(row.line_id, ""),
        "photos": len(row.photos),
        "quantity": row.quantity,
        "verdict": row.get_verdict_display(),
        "tone": "ok" if row.verdict == "accepted" else "bad",
        "share": row.share if row.share != WHOLE and row.verdict == "accepted" else None,
        "grade": f"{row.grade} {grade.get('name', '')}".strip(),
        "disposition": row.disposition.name if row.disposition else "",
        "text": "; ".join(filter(None, [*answers, row.note])),
        "override": row.override_reason,
    }


def _word(answer: Any) -> str:
    if isinstance(answer, bool):
        return _("yes") if answer else _("no")
    return str(answer)


def _disposal(row: Disposal, names: Words, urls: Words) -> dict[str, Any]:
    return {
        "at": row.at,
        "part": names.get(row.line_id, ""),
        "url": urls.get(row.line_id, ""),
        "quantity": row.quantity,
        "disposition": row.disposition.name,
        "override": row.override_reason,
        "write_off": row.write_off or None,
        "cost_currency": row.cost_currency,
        "handling": row.handling or None,
        "handling_currency": row.handling_currency,
    }


def cost_words(rows: list[Disposal]) -> list[str]:
    """What these disposals cost in all, one text for each currency."""
    return [f"{money.amount(total, code)} {code}" for code, total in sorted(costs_of(rows).items())]
