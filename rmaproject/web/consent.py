"""The page on which somebody lets an application act as them, within scopes."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from oauth2_provider.models import get_application_model
from oauth2_provider.settings import oauth2_settings
from oauth2_provider.views import AuthorizationView

from rmaproject.access.roles import SECURITY
from rmaproject.shared.headers import HEADER, STRICT
from rmaproject.web.errors import trouble

LONGEST: Final = {"code_challenge": 128, "nonce": 255}


class Consent(AuthorizationView):
    """Ask, and send the answer to exactly an address that the application has registered.

    Nobody is sent anywhere before the application and its address are known to be right.
    """

    template_name = "consent.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = request.POST if request.method == "POST" else request.GET
        if not all(_can_be_kept(name, value) for name, value in told.items()):
            return self._wrong()
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Everybody is asked each time, whatever the application would like.
        asked = request.GET.copy()
        asked.pop("approval_prompt", None)
        request.GET = asked  # type: ignore[assignment]
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        told = form.cleaned_data
        client = self._client(told["client_id"])
        if client is None or not client.redirect_uri_allowed(told["redirect_uri"]):
            return self._wrong()
        answer: HttpResponse = super().form_valid(form)
        if told.get("allow") and answer.status_code == 302:
            words = "Application %s let in by %s for %s"
            SECURITY.info(words, client.name, self.request.user.get_username(), told["scope"])
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        return self._wrong()

    def redirect(self, redirect_to: str, application: Any) -> HttpResponse:
        client = application or self._client(self.request.GET.get("client_id", ""))
        # A refusal names us too, or a program that talks to several servers must not believe it.
        issuer = oauth2_settings.oauth2_authorization_server_issuer(self.request)
        answer: HttpResponse = super().redirect(_from(issuer, redirect_to), client)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        if "error" in context:
            return self._wrong(context["error"].description)
        answer: HttpResponse = super().render_to_response(context, **kwargs)
        # Browsers hold the answer's redirect against the form's own policy.
        parts = urlsplit(context["redirect_uri"])
        target = f"form-action 'self' {parts.scheme}://{parts.netloc}"
        answer.headers[HEADER] = STRICT.replace("form-action 'self'", target)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _client(self, client_id: str) -> Any:
        rows = get_application_model().objects.filter(client_id=client_id)
        client = rows.select_related("user").first()
        return client if client is not None and client.is_usable(None) else None

    def _wrong(self, why: str | None = "") -> HttpResponse:
        message = _("The application asked in a way that cannot be answered. Tell its makers.")
        told = f"{message} ({why})" if why else message
        return trouble(self.request, "errors/400.html", 400, message=told)


def _from(issuer: str, address: str) -> str:
    """The address that somebody is sent back to, with our name in it (RFC 9207)."""
    parts = urlsplit(address)
    told = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "iss"]
    return parts._replace(query=urlencode([*told, ("iss", issuer)])).geturl()


def _can_be_kept(name: str, value: Any) -> bool:
    """Whether the database has room for a parameter; its columns are those of the standard."""
    return "\0" not in value and len(value) <= LONGEST.get(name, len(value))
