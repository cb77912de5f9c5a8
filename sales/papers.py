"""Files that leave the house in an answer."""

from __future__ import annotations

from django.http import HttpResponse


def xml_answer(reference: str, text: str) -> HttpResponse:
    """A file to save, which no cache keeps."""
    name = "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in reference)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.xml"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(text.encode(), content_type="application/xml", headers=headers)
