"""What a plugged-in gateway says, believed only where it makes sense.

A gateway is somebody else's code: whatever it raises, and whatever it answers that cannot be, is
no answer. The refund is then `unknown` and asked for again by the same key, and the job goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from sales.gateways import Answer, NoAnswer, gateway_named
from sales.models import Refund

log = logging.getLogger(__name__)
STATES: Final = ("done", "failed", "pending")


def send(refund: Refund) -> Answer | None:
    """Send a payout by its key; None when nobody knows what became of it."""
    return _hear(refund, lambda: _sent(refund))


def ask(refund: Refund) -> Answer | None:
    """Ask for a payout, and send what the gateway never heard of; None when nobody knows."""
    return _hear(refund, lambda: _asked(refund))


def _sent(refund: Refund) -> Answer:
    (reference,) = {part.payment.gateway_reference for part in refund.parts.all()}
    amount = Decimal(refund.amount)
    return gateway_named(refund.gateway).refund(refund.key, reference, amount, refund.currency)


def _asked(refund: Refund) -> Answer:
    known = gateway_named(refund.gateway).ask(refund.key)
    return _sent(refund) if known is None else known


def _hear(refund: Refund, call: Callable[[], Answer]) -> Answer | None:
    """The answer, made fit to be written down. Only names are logged, nothing that was said."""
    try:
        answer = call()
        wrong = _nonsense(refund, answer)
    except NoAnswer:
        return None
    except Exception as error:  # foreign code: one refund's trouble must not end the others' turn
        log.warning(
            "Gateway %s broke on refund %s: %s", refund.gateway, refund.pk, type(error).__name__
        )
        return None
    if wrong:
        log.warning("Gateway %s answered refund %s with %s", refund.gateway, refund.pk, wrong)
        return None
    return replace(
        answer,
        reference=_printable(answer.reference),
        code=_printable(answer.code),
        text=_printable(answer.text),
    )


def _nonsense(refund: Refund, answer: object) -> str:
    """What of an answer cannot be; empty where all of it can."""
    if not isinstance(answer, Answer):
        return "no answer of the agreed kind"
    if answer.state not in STATES:
        return "a state that is not agreed"
    if any(not isinstance(text, str) for text in (answer.reference, answer.code, answer.text)):
        return "texts that are none"
    if answer.currency not in ("", refund.currency):
        return "another currency"
    if answer.amount is not None and answer.amount != refund.amount:
        return "another amount"
    return ""


def _printable(text: str) -> str:
    """The database keeps no zero bytes and no half characters."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
