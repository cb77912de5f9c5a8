"""What each code of a refusal means and what to do about it, as data and as a public page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from rmaproject.rest.codes import BY_STATUS
from rmaproject.shared import requestid

#: What a caller can do, by the status.
ADVICE: Final[dict[int, str]] = {
    400: "Mend the request; the same one is refused again. `errors` points to what is wrong.",
    401: "Send `Authorization: Bearer` with a token that is valid, then repeat the request.",
    403: "Ask somebody who manages users, or do it with another token. Repeating does not help.",
    404: "Check the id and whether you may see the record. Repeating does not help.",
    405: "Use one of the methods that the header `Allow` names.",
    406: "Send `Accept: application/json`, or no such header.",
    409: "Read the record again: it is not in a state for this. `facts` says what is in the way.",
    412: "Read the record again, look at what changed, and repeat with its new ETag.",
    413: "Send less at once, by several requests.",
    415: "Send JSON with `Content-Type: application/json`; files go as `multipart/form-data`.",
    422: "The request was read and breaks a rule. Change what is asked; `facts` has the figures.",
    428: "Read the record, then repeat with its ETag as `If-Match`.",
    429: "Wait as long as `Retry-After` says. `RateLimit` tells beforehand what is left.",
    500: "Repeat it later with the same `Idempotency-Key`, and tell us the request id.",
    503: "Repeat the same request after `Retry-After`, with the same `Idempotency-Key`.",
}


def known_codes() -> list[str]:
    """Every code, sorted: the enumeration that the schema shows."""
    return sorted({code for codes in BY_STATUS.values() for code in codes})


def statuses_of(code: str) -> list[int]:
    """The HTTP statuses that a code comes with; none for an unknown one."""
    return [status for status, codes in BY_STATUS.items() if code in codes]


def meaning_of(code: str, status: int) -> str:
    """What the code says in a sentence; the status in words where the code is not known."""
    for known in (status, *statuses_of(code)):
        if code in BY_STATUS.get(known, {}):
            return BY_STATUS[known][code]
    return HTTPStatus(status).phrase


def address_of(code: str) -> str:
    """Where the page of a code is; absolute while a request for a known host is answered."""
    return requestid.absolute(reverse("api-problem", args=[code]))


@csrf_exempt
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page that a problem's `type` opens; nothing in it is secret, so anybody may read it."""
    shown = [
        {"status": status, "meaning": BY_STATUS[status][code], "advice": ADVICE[status]}
        for status in statuses_of(code)
    ]
    context = {"code": code, "shown": shown}
    return render(request, "api/problem.html", context, status=200 if shown else 404)


@csrf_exempt
def problem_index(request: HttpRequest) -> HttpResponse:
    """All codes on one page, by status."""
    groups = [
        {"status": status, "phrase": HTTPStatus(status).phrase, "codes": sorted(codes.items())}
        for status, codes in BY_STATUS.items()
    ]
    return render(request, "api/problems.html", {"groups": groups})
