"""The demo's money on its way back: by the sandbox, by bank, and still waiting."""

from __future__ import annotations

from typing import Final

from returns.demo.desk import Desk
from returns.demo.sold import CARD
from returns.demo.terms import keeps_accounts
from rmaproject.access.actors import SYSTEM
from sales.gateways import known_gateways
from sales.models import Behaviour, SandboxOrder
from sales.services.bank_files import make_bank_file
from sales.services.banking import BankAccount, keep_bank_details
from sales.services.refunding import approve_refund, pay_refund
from sales.states import RefundState

#: Account numbers that are published as examples.
ACCOUNT: Final = BankAccount(owner="Camping Het Duinhof", iban="DE89370400440532013000")
OTHER_ACCOUNT: Final = BankAccount(
    owner="Scouting Groep De Zwaluw", iban="FR1420041010050500013M02606"
)


def make_payouts(desk: Desk) -> None:
    """Make refunds on their way; where no money can go that way, they are left waiting."""
    desk.refund("SHOP-0418", {"BOTTLE-1": "1"}, "damaged")
    _by_gateway(desk)
    _by_bank(desk)


def _by_gateway(desk: Desk) -> None:
    """One is paid, of the other nobody knows: the sandbox was told to pay and be silent."""
    paid = desk.refund("WEB-10265", {"BOTTLE-1": "1"}, "damaged")
    lost = desk.refund("WEB-10266", {"PEG-10": "1"}, "damaged")
    if CARD not in known_gateways():
        return
    silent = Behaviour.TIMEOUT_AFTER
    SandboxOrder.objects.create(behaviour=silent, payment_reference="pay-WEB-10266")
    for refund in (paid, lost):
        pay_refund(refund.pk, actor=SYSTEM)


def _by_bank(desk: Desk) -> None:
    """One is approved and in a file for the bank, the other waits for the next file."""
    if not keeps_accounts():
        return
    customer = desk.world.companies["C-1005"]
    keep_bank_details(ACCOUNT, customer=customer, actor=SYSTEM)
    refund = desk.refund("SHOP-0425", {"MAT-L": "1"}, "damaged")
    approve_refund(refund.pk, actor=SYSTEM)
    make_bank_file(refund.business, [refund.pk], actor=SYSTEM)
    customer = desk.world.companies["C-1002"]
    keep_bank_details(OTHER_ACCOUNT, customer=customer, actor=SYSTEM)
    waiting = desk.refund("SHOP-0418", {"LAMP-L1": "1"}, "damaged")
    if waiting.state == RefundState.WAITING_APPROVAL:
        approve_refund(waiting.pk, actor=SYSTEM)
