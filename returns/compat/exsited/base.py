"""What all addresses of this door share: the bearer token, the error envelope, the parameters."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request

from returns.compat.door import Door
from rmaproject.access.actors import Actor
from rmaproject.access.authentication import actor_of_header
from rmaproject.rest.problems import Refusal
from rmaproject.rest.rendering import dumps
from rmaproject.shared.errors import Malformed

#: Our words in a pointer, and the words of this system in its two kinds of bodies.
ASKING: Final = {
    "lines": "return_merchandise_authorisations.returns",
    "reference": "return_merchandise_authorisations.id",
    "quantity": "rma_quantity",
    "invoice_line": "uuid",
    "order_line": "uuid",
    "part": "item_uuid",
}
RECEIVING: Final = {
    "lines": "receive_return_merchandise_authorisations.receive_returns",
    "quantity": "rma_receive_quantity",
    "line": "uuid",
}


class ExsitedDoor(Door):
    """An address of this system; it takes the parameters that it names and no others."""

    challenge = "Bearer"
    parameters: ClassVar[frozenset[str]] = frozenset()
    words: ClassVar[dict[str, str]] = ASKING

    def credential(self, request: HttpRequest) -> Actor | None:
        return actor_of_header(request, door="exsited", schemes=("bearer",))

    def envelope(self, refusal: Refusal) -> Any:
        return envelope(refusal, self.words)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        require_known(request, self.parameters)


def require_known(request: Request, known: frozenset[str]) -> None:
    """Refuse parameters that would be passed over in silence.

    Raises Malformed `unknown_parameter`, `invalid_parameter` for one that is given twice.
    """
    for name, values in request.query_params.lists():
        if name not in known:
            message = f"There is no parameter {name}."
            raise Malformed(message, code="unknown_parameter", pointer=name)
        if len(values) > 1:
            message = f"{name} is given once."
            raise Malformed(message, code="invalid_parameter", pointer=name)


def envelope(refusal: Refusal, words: dict[str, str]) -> dict[str, Any]:
    """A refusal as this system writes it: each error with code, message and field."""
    errors = refusal.errors or [{"code": refusal.code, "detail": refusal.message, "pointer": ""}]
    return {
        "errors": [
            {
                "code": error["code"],
                "message": error["detail"],
                "field": field_of(error["pointer"], words),
            }
            for error in errors
        ]
    }


def field_of(pointer: str, words: dict[str, str]) -> str | None:
    """The field that a pointer means, as `returns[0].rma_quantity`; None for the whole body."""
    steps = [words.get(step, step) for step in pointer.split("/") if step]
    path = "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps)
    return path.removeprefix(".") or None


@csrf_exempt
def nowhere(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The answer for an address below this system's prefixes that leads nowhere."""
    refusal = Refusal(404, "not_found", "There is nothing at this address.")
    return HttpResponse(
        dumps(envelope(refusal, ASKING)), status=404, content_type="application/json"
    )
