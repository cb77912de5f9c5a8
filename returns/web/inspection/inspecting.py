"""The page of the inspector: one line at a time, its grade, and on to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from returns import services
from returns.counting import undecided
from returns.models import Inspection, ReturnLine, ReturnOrder, Verdict
from returns.selectors import active_sheets, sheet_of
from returns.services import InspectInput
from returns.web.inspection import rows as rows
from returns.web.inspection.disposing import Errors, goods_row, last_receipts, problems_of, text_of
from returns.web.inspection.queue import Queue, queue_of
from returns.web.inspection.reading import Findings, as_expected, findings
from returns.web.record import papers as show
from returns.web.record.history import person
from returns.web.record.loading import Dossier, opened
from returns.web.record.naming import line_name
from returns.web.record.since import since_opened
from rmaproject.shared.errors import DomainError, NotFound
from rmaproject.shared.http import status_of
from rmaproject.web.pages import page
from rmaproject.web.staff import StaffRequest, staff
from rmaproject.web.versions import at_version, shown_version


@staff
def inspect(request: StaffRequest, ident: UUID) -> HttpResponse:
    """Judge what is here, a line at a time; `line` of the address says which one."""
    papers, queue = opened(request, ident, "inspect"), queue_of(request)
    line = _line(request, papers)
    if request.method != "POST":
        return _page(request, papers, line)
    found = _found(request, papers, line)
    try:
        # A form that was sent twice is told so before its content is looked at.
        at_version(request, papers.order, lambda: _inspect(request, papers, found))
    except DomainError as refusal:
        return _page(request, papers, line, refusal=refusal)
    if found.errors:
        return _page(request, papers, line, errors=found.errors, status=422)
    messages.success(request, _done(found.wanted, papers.order))
    return redirect(_onwards(request, papers, line, queue))


@staff
@require_POST
def look(request: StaffRequest, ident: UUID) -> HttpResponse:
    """What the line would give as it is filled in now; nothing is written."""
    papers = opened(request, ident, "inspect")
    line = _line(request, papers)
    if line is None:
        raise NotFound(_("Nothing waits on this line any more."), code="not_found")
    again = _again(request, papers)
    units = again.quantity if again else undecided(line)
    shown = rows.result(request, line, sheet_of(active_sheets(), line), units)
    return page(request, "returns/_inspect_result.html", {"line": shown})


def _found(request: StaffRequest, papers: Dossier, line: ReturnLine | None) -> Findings:
    again = _again(request, papers)
    if again is not None and line is not None:
        found = findings(request, [line])
        found.wanted = [replace(entry, replaces=again) for entry in found.wanted]
        return found
    if request.POST.get("do") != "expected" or line is None:
        return findings(request, _waiting(papers))
    entry = as_expected(request, line)
    if entry is None:
        problem = _("The sheet asks for something that only you can see. Look at the goods first.")
        return Findings(errors={"": problem})
    return Findings(wanted=[entry])


def _inspect(request: StaffRequest, papers: Dossier, found: Findings) -> None:
    """Attach the new pictures of each line, then judge; all of it or nothing."""
    if found.errors:
        return
    wanted = found.wanted
    _describe(request, papers)
    attached: dict[int, list[UUID]] = {}
    for entry in wanted:
        if entry.line.pk not in attached:
            attached[entry.line.pk] = _attached(request, papers, entry.line)
    with_photos = [
        replace(entry, photos=[*entry.photos, *attached[entry.line.pk]]) for entry in wanted
    ]
    services.inspect_return(papers.order.pk, with_photos, actor=request.actor)


def _describe(request: StaffRequest, papers: Dossier) -> None:
    """Keep the captions that were written below photos."""
    captions = {
        name.removeprefix("caption_"): text_of(request, name)
        for name in request.POST
        if name.startswith("caption_")
    }
    if captions and request.actor.may("returns.comment_return"):
        services.describe_files(papers.order.pk, captions, actor=request.actor)


def _attached(request: StaffRequest, papers: Dossier, line: ReturnLine) -> list[UUID]:
    files = request.FILES.getlist(f"photos_{line.uuid}")
    if files:
        request.actor.require("returns.comment_return")
    return [_attach(request, papers, line, file) for file in files if file.name]


def _attach(request: StaffRequest, papers: Dossier, line: ReturnLine, file: File[bytes]) -> UUID:
    kept = services.attach_file(
        papers.order.pk,
        str(file.name),
        file.read(),
        about=line.uuid,
        kind="evidence",
        actor=request.actor,
    )
    return kept.uuid


def _done(wanted: list[InspectInput], order: ReturnOrder) -> str:
    names = ", ".join(dict.fromkeys(entry.grade for entry in wanted if entry.grade))
    if not names:
        return _("%(reference)s: inspected.") % {"reference": order.reference}
    words = _("%(reference)s: inspected, grade %(grades)s.")
    return words % {"reference": order.reference, "grades": names}


def _onwards(request: StaffRequest, papers: Dossier, line: ReturnLine | None, queue: Queue) -> str:
    """Where to go after saving: the next that waits, or back to the return."""
    here = reverse("returns:detail", args=[papers.order.uuid])
    if request.POST.get("do") not in ("next", "expected"):
        return here
    return queue.after(line) or queue.url()


def _waiting(papers: Dossier) -> list[ReturnLine]:
    return [line for line in papers.lines if not line.void and undecided(line) > 0]


def _line(request: StaffRequest, papers: Dossier) -> ReturnLine | None:
    """The line that the address names, else the first that waits."""
    waiting, again = _waiting(papers), _again(request, papers)
    if again is not None:
        return next((line for line in papers.lines if line.pk == again.line_id), None)
    key = request.GET.get("line", "")
    named = [line for line in waiting if str(line.uuid) == key]
    return next(iter([*named, *waiting]), None)


def _again(request: StaffRequest, papers: Dossier) -> Inspection | None:
    """The earlier inspection that the address asks to do again, if it still stands."""
    key = request.GET.get("again", "")
    return next((row for row in papers.order.inspections.all() if str(row.uuid) == key), None)


def _page(
    request: StaffRequest,
    papers: Dossier,
    line: ReturnLine | None,
    *,
    errors: Errors | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    errors, queue = errors or {}, queue_of(request)
    context = {
        "return_order": show.header(papers),
        "version": shown_version(request, papers.order, refusal),
        "since": since_opened(request, papers, refusal),
        "line": _shown(request, papers, line, errors) if line else None,
        "lines_empty": _empty(),
        "siblings": _siblings(papers, line, queue),
        "skip_url": queue.past(line),
        "queue_url": queue.url(),
        "waiting": queue.units(),
        "done_today": queue.done_today(),
        "problems": [errors[""]] if "" in errors else problems_of(errors, refusal),
        **_rights(request),
    }
    status = status_of(refusal) if refusal else status
    return page(request, "returns/inspect.html", context, status=status)


def _rights(request: StaffRequest) -> dict[str, Any]:
    actor = request.actor
    return {
        "may_override": actor.may("returns.override_inspection"),
        "may_dispose": actor.may("returns.dispose_return"),
        "may_attach": actor.may("returns.comment_return"),
        "verdicts": [{"value": value, "label": label} for value, label in Verdict.choices],
        "dispositions": rows.disposition_choices(),
    }


def _shown(
    request: StaffRequest, papers: Dossier, line: ReturnLine, errors: Errors
) -> dict[str, Any]:
    order, again = papers.order, _again(request, papers)
    units = again.quantity if again else undecided(line)
    look_at = f"?line={line.uuid}" + (f"&again={again.uuid}" if again else "")
    return {
        **goods_row(line, last_receipts(papers).get(line.pk)),
        **rows.line_sheet(request, line, sheet_of(active_sheets(), line), units),
        **(_former(again) if again else {}),
        **rows.pictures(request, order, line),
        "reason": line.reason.name if line.reason else "",
        "said": line.note,
        "error": errors.get(str(line.uuid), ""),
        "look_url": reverse("returns:inspect_look", args=[order.uuid]) + look_at,
        "photo_url": reverse("returns:add_photo", args=[order.uuid]),
        "record_url": reverse("returns:line", args=[order.uuid, line.uuid]),
        "inspected": line.accepted + line.rejected,
        "received": line.received,
    }


def _former(row: Inspection) -> dict[str, Any]:
    """The earlier inspection beside the new one: all its units are judged anew."""
    name = row.snapshot.get("grade", {}).get("name", "")
    return {
        "former": f"{row.grade} {name}".strip() or row.get_verdict_display(),
        "former_who": person(row.actor) or _("The program"),
        "former_at": row.at,
        "several": False,
        "expected": "",
    }


def _siblings(papers: Dossier, line: ReturnLine | None, queue: Queue) -> list[dict[str, Any]]:
    """The lines of the return that wait, as places to go to; none where it is one."""
    waiting = _waiting(papers)
    if len(waiting) < 2:
        return []
    return [
        {
            "label": line_name(row),
            "url": queue.place(row, papers.order),
            "current": row == line,
        }
        for row in waiting
    ]


def _empty() -> dict[str, Any]:
    text = _("Goods that were received and not inspected appear here.")
    action = {"label": _("What waits for inspection"), "url": reverse("returns:to_inspect")}
    return {"icon": "inspect", "title": _("Nothing to inspect"), "text": text, "action": action}
