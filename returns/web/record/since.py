"""What happened to a return since somebody opened a form: told beside what was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from returns.models import Reason
from returns.web.record.history import places_named, timeline
from returns.web.record.loading import Dossier
from rmaproject.shared.errors import DomainError


def since_opened(
    request: HttpRequest, papers: Dossier, refusal: DomainError | None
) -> list[dict[str, Any]]:
    """Entries of the timeline after the version that the form showed, newest first.

    Empty for every refusal but `stale_version`. The form goes on with the version of now, so its
    owner looks and sends it once more.
    """
    given = request.POST.get("version", "")
    stale = refusal is not None and refusal.code == "stale_version"
    if not stale or not (given.isascii() and given.isdigit()):
        return []
    told = [entry for entry in papers.entries if entry.n > int(given)]
    names = {str(row.uuid): row.name for row in Reason.objects.all()}
    return timeline(replace(papers, entries=told), names | places_named(told))
