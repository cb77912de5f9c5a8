"""The verbs of a return over REST: one address each, the return as it then stands as answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from returns import services
from returns.api import inputs, outcome_inputs
from returns.api.outputs import ReturnOutput
from returns.api.previews import Previews, previewed
from returns.models import ReturnOrder
from returns.selectors import permission_for
from rmaproject.rest.inputs import Input, read

Answered = Response | HttpResponse
#: What a verb does with a return's key and the values of the request.
Act = Callable[[int, dict[str, Any]], Any]


def verb(form: type[Input], path: str | None = None) -> Callable[[Any], Any]:
    """A detail address that takes this body and answers with the return."""

    def mark(method: Any) -> Any:
        takes = None if form is inputs.NothingForm else form
        routed = action(detail=True, methods=["post"], url_path=path)(method)
        return extend_schema(request=takes, responses=ReturnOutput)(routed)

    return mark


class ReturnVerbs(Previews):
    """Each verb needs its own right and If-Match; an illegal one answers 409 with what is legal."""

    @verb(inputs.PreviewedForm)
    def issue(self, request: Request, uuid: str) -> Answered:
        """Give the customer the permission to send the goods."""
        act = previewed(
            partial(_call, services.issue_return, self.actor), "issue", actor=self.actor
        )
        return self._verb(uuid, "issue", inputs.PreviewedForm, act)

    @verb(inputs.PreviewedForm)
    def approve(self, request: Request, uuid: str) -> Answered:
        """Let a return go on that waits for approval."""
        service = partial(_call, services.approve_return, self.actor)
        act = previewed(service, "approve", actor=self.actor)
        return self._verb(uuid, "approve", inputs.PreviewedForm, act)

    @verb(inputs.ReasonForm)
    def reject(self, request: Request, uuid: str) -> Answered:
        """Refuse a return that waits for approval; what it claimed is free again."""
        return self._reasoned(uuid, "reject", services.reject_return)

    @verb(inputs.ReasonForm)
    def hold(self, request: Request, uuid: str) -> Answered:
        """Stop work on a return; goods may still be received."""
        return self._reasoned(uuid, "hold", services.hold_return)

    @verb(inputs.NothingForm)
    def resume(self, request: Request, uuid: str) -> Answered:
        """Go on with a held return where it was."""
        return self._plain(uuid, "resume", services.resume_return)

    @verb(inputs.NothingForm)
    def complete(self, request: Request, uuid: str) -> Answered:
        """Close a return of which nothing is expected, undecided or owed."""
        return self._plain(uuid, "complete", services.complete_return)

    @verb(inputs.MaybeReasonForm)
    def cancel(self, request: Request, uuid: str) -> Answered:
        """Call a return off of which nothing came and nothing was credited."""
        return self._reasoned(uuid, "cancel", services.cancel_return, inputs.MaybeReasonForm)

    @verb(inputs.ReasonForm)
    def reopen(self, request: Request, uuid: str) -> Answered:
        """Make a complete return workable again; nothing is undone."""
        return self._reasoned(uuid, "reopen", services.reopen_return)

    @verb(inputs.ReceiveForm)
    def receive(self, request: Request, uuid: str) -> Answered:
        """Book what arrived. Surplus, wrong and unknown goods go under `unexpected`."""

        def act(key: int, values: dict[str, Any]) -> Any:
            services.receive_return(key, inputs.receive_input(values), actor=self.actor)

        return self._verb(uuid, "receive", inputs.ReceiveForm, act)

    @verb(inputs.MatchForm)
    def match(self, request: Request, uuid: str) -> Answered:
        """Give lines without a sale their order line; they claim it and can be credited."""

        def act(key: int, values: dict[str, Any]) -> Any:
            services.match_return(key, inputs.match_input(values), actor=self.actor)

        return self._verb(uuid, "match", inputs.MatchForm, act)

    @verb(inputs.InspectForm)
    def inspect(self, request: Request, uuid: str) -> Answered:
        """Judge received goods by grade; a line may be split over several entries."""

        def act(key: int, values: dict[str, Any]) -> Any:
            services.inspect_return(key, inputs.inspect_input(values), actor=self.actor)

        return self._verb(uuid, "inspect", inputs.InspectForm, act)

    @verb(inputs.DisposeForm)
    def dispose(self, request: Request, uuid: str) -> Answered:
        """Decide what becomes of goods; without an inspection this judges them too."""

        def act(key: int, values: dict[str, Any]) -> Any:
            services.dispose_return(key, inputs.dispose_input(values), actor=self.actor)

        return self._verb(uuid, "dispose", inputs.DisposeForm, act)

    @verb(inputs.CreditForm)
    def credit(self, request: Request, uuid: str) -> Answered:
        """Book the credit for decided units and extra lines: all that is owed, or these lines."""

        def act(key: int, values: dict[str, Any]) -> Any:
            services.credit_return(key, inputs.credit_input(values), actor=self.actor)

        booked = previewed(act, "credit", actor=self.actor)
        return self._verb(uuid, "credit", inputs.CreditForm, booked)

    @verb(inputs.ReleaseForm)
    def release(self, request: Request, uuid: str) -> Answered:
        """Give up waiting for goods that were never sent: all of them, or these lines."""

        def act(key: int, values: dict[str, Any]) -> Any:
            wanted = inputs.quantities(values) if "lines" in values else None
            reason = values.get("reason", "")
            services.release_return(key, wanted, reason=reason, actor=self.actor)

        return self._verb(uuid, "release", inputs.ReleaseForm, act)

    @verb(inputs.WaiveForm)
    def waive(self, request: Request, uuid: str) -> Answered:
        """Credit goods that will not come, beside what is announced."""

        def act(key: int, values: dict[str, Any]) -> Any:
            wanted, reason = inputs.quantities(values), values.get("reason", "")
            services.waive_return(key, wanted, reason=reason, actor=self.actor)

        return self._verb(uuid, "waive", inputs.WaiveForm, act)

    @verb(outcome_inputs.ReplaceForm)
    def replace(self, request: Request, uuid: str) -> Answered:
        """Send other goods by a linked sales order; its line stands under `outbound`."""

        def act(key: int, values: dict[str, Any]) -> Any:
            wanted, early = outcome_inputs.replace_input(values), values["in_advance"]
            services.replace_return(key, wanted, in_advance=early, actor=self.actor)

        return self._verb(uuid, "replace", outcome_inputs.ReplaceForm, act)

    @verb(outcome_inputs.SendBackForm, "send-back")
    def send_back(self, request: Request, uuid: str) -> Answered:
        """Let goods go back to the customer; undecided ones are rejected by it, or repaired."""

        def act(key: int, values: dict[str, Any]) -> Any:
            wanted, told = outcome_inputs.send_back_input(values)
            services.send_back_return(key, wanted, told, actor=self.actor)

        return self._verb(uuid, "send_back", outcome_inputs.SendBackForm, act)

    @verb(outcome_inputs.ChargeForm)
    def charge(self, request: Request, uuid: str) -> Answered:
        """Invoice replacements whose goods never came, and charges that no credit bears."""

        def act(key: int, values: dict[str, Any]) -> Any:
            wanted, reason = outcome_inputs.charge_input(values), values.get("reason", "")
            services.charge_return(key, wanted, reason=reason, actor=self.actor)

        return self._verb(uuid, "charge", outcome_inputs.ChargeForm, act)

    def _plain(self, uuid: str, name: str, service: Callable[..., Any]) -> Answered:
        act = partial(_call, service, self.actor)
        return self._verb(uuid, name, inputs.NothingForm, act)

    def _reasoned(
        self,
        uuid: str,
        name: str,
        service: Callable[..., Any],
        form: type[Input] = inputs.ReasonForm,
    ) -> Answered:
        return self._verb(uuid, name, form, partial(_call, service, self.actor))

    def _verb(self, uuid: str, name: str, form: type[Input], act: Act) -> Answered:
        """Find the return, ask for the verb's right, read the body, act, answer."""
        order: ReturnOrder = self.record(uuid, permission_for(name))
        values = read(form, self.request, root=order)

        def run() -> ReturnOrder:
            act(order.pk, values)
            return order

        return self.write(run, root=order)


def _call(service: Callable[..., Any], actor: Any, key: int, values: dict[str, Any]) -> Any:
    return service(key, actor=actor, **values)
