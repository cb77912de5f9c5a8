"""A path works with and without its trailing slash, and no client has to follow a redirect."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import is_valid_path


class EitherSlashMiddleware:
    """Rewrites the path only where the other spelling, and not this one, is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        urlconf = getattr(request, "urlconf", None)
        if not is_valid_path(request.path_info, urlconf):
            other = other_spelling(request.path_info)
            if other and is_valid_path(other, urlconf):
                request.path = request.path[: -len(request.path_info)] + other
                request.path_info = request.META["PATH_INFO"] = other
        return self.get_response(request)


def other_spelling(path: str) -> str:
    """The same path with its last slash added or taken away; "" where there is none."""
    if path.endswith("//") or path == "/":
        return ""
    return path[:-1] if path.endswith("/") else f"{path}/"
