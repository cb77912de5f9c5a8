"""`manage.py verify` names what is broken, and nothing else."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from returns.models import ReceiptLine
from returns.services import LineInput, add_extra_line, complete_return, credit_return
from rmaproject.access.actors import SYSTEM
from rmaproject.management.commands.verify import all_checks
from sales.models import Refund
from sales.services.refunding import approve_refund, confirm_refund, pay_refund
from stock.models import StockItem
from stock.services import book_in, relocate
from tests.factories import LocationFactory, PartFactory, discount, goods, sell
from tests.refunds.money import bank_of
from tests.returns.ruling import publish, rule
from tests.returns.steps import D, decided, dispose, receive, request


@pytest.fixture
def world(business, bo):
    """A return of goods with discount and fee, a unit's return, and stock that was carried."""
    rma = decided(sell(business, bo, goods("TENT", "3", "10.00"), discount("-1.00")), "2")
    fee = {"name": "Fee", "gross_unit_price": D("-1.00"), "vat_percent": D("21")}
    add_extra_line(rma.pk, fee, actor=SYSTEM)
    bank_of(bo)
    credit_return(rma.pk, actor=SYSTEM)
    complete_return(rma.pk, actor=SYSTEM)
    approve_refund(Refund.objects.get().pk, actor=SYSTEM)
    pay_refund(Refund.objects.get().pk, actor=SYSTEM)
    confirm_refund(Refund.objects.get().pk, actor=SYSTEM)
    bike = sell(business, bo, goods("BIKE", "1", "90.00", serials=("B-1",)), paid=False)
    back = request(bike, LineInput(stock_item=StockItem.objects.get(serial="B-1")))
    receive(back.lines.get())
    dispose(back.lines.get(), "quarantine")
    sell(business, bo, goods("BIKE", "1", "90.00", serials=("B-2",)))
    rope = sell(business, bo, goods("ROPE", "4", "2.00"))
    request(rope, LineInput(D("2"), waived=D("1"), order_line=rope.lines.get()))
    (item,) = book_in(PartFactory(), LocationFactory(), actor=SYSTEM, quantity=D("9"))
    relocate(item.pk, location=LocationFactory(), actor=SYSTEM, quantity=D("4"))
    return rma


def tamper(sql: str) -> None:
    """What only somebody with the database in his hands can do: no trigger, no foreign key."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = origin")


def verify() -> str:
    out = StringIO()
    call_command("verify", stdout=out)
    return out.getvalue()


def broken() -> list[str]:
    out = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command("verify", stdout=out)
    lines = [line for line in out.getvalue().splitlines() if line.startswith("BROKEN")]
    assert str(failure.value) == f"{len(lines)} broken."
    return [line.removeprefix("BROKEN ") for line in lines]


def test_sound_books_are_well(world):
    text = verify()

    assert text.endswith("All well.\n")
    assert "audit heads of returns.returnorder: 3 records, well" in text
    assert text.count("records, well") == len(all_checks())


def test_published_rules_that_were_changed_are_named(world, business):
    publish(business, rule("deadline", {"days": 14}))
    assert verify().endswith("All well.\n")

    tamper("UPDATE returns_policyversion SET rules = '{\"rules\": []}'")

    (told,) = broken()
    assert told.startswith(f"policy 1 of business {business.pk}: rules is ")


def test_an_empty_database_is_well(db):
    assert verify().endswith("All well.\n")


def test_a_changed_audit_entry_is_named(world):
    tamper(
        'UPDATE audit_auditentry SET facts = \'{"by": "nobody"}\' WHERE n = 2'
        f" AND aggregate_id = '{world.uuid}'"
    )

    (line,) = broken()

    assert line.startswith(f"returns.returnorder {world.uuid} entry 2 hash is ")


def test_a_missing_audit_entry_is_named(world):
    tamper(f"DELETE FROM audit_auditentry WHERE n = 3 AND aggregate_id = '{world.uuid}'")

    number, link = broken()

    name = f"returns.returnorder {world.uuid} entry 4"
    assert number == f"{name} number is 4, should be 3"
    assert link.startswith(f"{name} link is ")


def test_a_missing_last_entry_shows_on_the_record(world):
    last = world.version
    tamper(f"DELETE FROM audit_auditentry WHERE n >= {last} AND aggregate_id = '{world.uuid}'")

    (line,) = broken()

    assert line.startswith(f"returns.returnorder {world.uuid} head is version ")
    assert f"should be version {last - 1} " in line


def test_a_swapped_pair_of_audit_entries_is_named(world):
    chain = f"aggregate_id = '{world.uuid}'"
    tamper(f"UPDATE audit_auditentry SET n = 99 WHERE n = 2 AND {chain}")
    tamper(f"UPDATE audit_auditentry SET n = 2 WHERE n = 3 AND {chain}")
    tamper(f"UPDATE audit_auditentry SET n = 3 WHERE n = 99 AND {chain}")

    lines = broken()

    named = {line.split(" is ")[0].partition(f"{world.uuid} ")[2] for line in lines}
    assert named == {
        "entry 2 hash",
        "entry 2 link",
        "entry 3 hash",
        "entry 3 link",
        "entry 4 link",
    }


def test_a_record_that_was_removed_is_named(world):
    tamper("DELETE FROM stock_location WHERE code = (SELECT max(code) FROM stock_location)")

    assert any("stock.location" in line and "is gone" in line for line in broken())


def test_a_rewritten_chain_shows_on_the_record(world):
    """Who also rewrites the entry's own hash still meets the next one's link."""
    tamper(
        f"UPDATE audit_auditentry SET hash = repeat('0', 64) WHERE n = 1"
        f" AND aggregate_id = '{world.uuid}'"
    )

    assert [line.partition(f"{world.uuid} ")[2][:12] for line in broken()] == [
        "entry 1 hash",
        "entry 2 link",
    ]


TAMPERINGS = {
    "UPDATE returns_returnline SET received = 1, accepted = 1, disposed = 1, credited = 1"
    " WHERE credited = 2": [
        "line 1 of RMA-0001: received is 1, should be 2",
        "line 1 of RMA-0001: accepted is 1, should be 2",
        "line 1 of RMA-0001: disposed is 1, should be 2",
        "line 1 of RMA-0001: credited is 1, should be 2",
        "return RMA-0001: goods is received, should be partially_received",
    ],
    "UPDATE returns_returnline SET quantity = 3, released = 1 WHERE credited = 2": [
        "line 1 of RMA-0001: released is 1, should be 0",
    ],
    "UPDATE returns_returnline SET disposed = 1 WHERE disposed = 2": [
        "line 1 of RMA-0001: disposed is 1, should be 2",
    ],
    "UPDATE returns_inspection SET quantity = 3 WHERE quantity = 2": [
        "line 1 of RMA-0001: accepted is 2, should be 3",
        "receipt line {receipt}: inspected is 3, should be 2",
    ],
    "UPDATE returns_disposal SET quantity = 3 WHERE quantity = 2": [
        "line 1 of RMA-0001: disposed is 2, should be 3",
        "receipt line {receipt}: disposed is 3, should be 2",
    ],
    "UPDATE returns_returnline SET waived = 2 WHERE waived = 1": [
        "line 1 of RMA-0003: waived is 2, should be 1",
        "order line 1 of SALE-4: claimed is 3, should be 4",
    ],
    "UPDATE returns_returnorder SET money = 'due' WHERE reference = 'RMA-0001'": [
        "return RMA-0001: money is due, should be refunded",
    ],
    "UPDATE returns_returnorder SET credited_gross = 1 WHERE reference = 'RMA-0002'": [
        "return RMA-0002: credited_gross is 1, should be 0",
    ],
    "UPDATE returns_returnorder SET credit_owed = true WHERE reference = 'RMA-0001'": [
        "return RMA-0001: credit_owed is True, should be False",
        "return RMA-0001: money is refunded, should be partially_refunded",
    ],
    "UPDATE returns_returnorder SET credit_owed = false WHERE reference = 'RMA-0002'": [
        "return RMA-0002: credit_owed is False, should be True",
        "return RMA-0002: money is due, should be none",
    ],
    "UPDATE returns_inspection SET quantity = 1 WHERE quantity = 2": [
        "inspection {inspection}: credited is 2, should be 1",
        "line 1 of RMA-0001: accepted is 2, should be 1",
    ],
    "UPDATE returns_extraline SET credited = false": [
        "extra line 1 of RMA-0001: credited is False, should be True",
    ],
    "UPDATE sales_orderline SET claimed = 3 WHERE claimed = 2": [
        "order line 1 of SALE-1: claimed is 3, should be 2",
    ],
    "UPDATE sales_orderline SET shipped = 2 WHERE shipped = 3": [
        "order line 1 of SALE-1: shipped is 2, should be 3",
    ],
    "UPDATE sales_orderline SET quantity = 9, allocated = 1 WHERE shipped = 3": [
        "order line 1 of SALE-1: allocated is 1, should be 0",
    ],
    "UPDATE sales_invoice SET settled = 28 WHERE gross = 29": [
        "invoice INV-00001: settled is 28, should be 29",
    ],
    "UPDATE sales_invoice SET credited = 0 WHERE gross = 29": [
        "invoice INV-00001: credited is 0, should be 18.33",
    ],
    "UPDATE sales_invoiceline SET credited_units = 1 WHERE credited_units = 2": [
        "invoice line 1 of INV-00001: credited_units is 1, should be 2",
    ],
    "UPDATE sales_creditline SET live = false WHERE units IS NOT NULL": [
        "line 1 of RMA-0001: credited is 2, should be 0",
        "invoice line 1 of INV-00001: credited_units is 2, should be 0",
        "invoice line 1 of INV-00001: credited_gross is 20, should be 0",
    ],
    "UPDATE sales_account SET balance = balance + 1": [
        "account {account}: balance is 91, should be 90",
    ],
    "UPDATE sales_creditnote SET refunded = 0, refunding = 18.33": [
        "return RMA-0001: money is refunded, should be due",
        "credit note CN-{year}-00001: refunded is 0, should be 18.33",
        "credit note CN-{year}-00001: refunding is 18.33, should be 0",
    ],
    "UPDATE sales_payment SET refunded = 0, refunding = 1 WHERE refunded > 0": [
        "payment {payment}: refunded is 0, should be 18.33",
        "payment {payment}: refunding is 1, should be 0",
    ],
    "UPDATE sales_refundpart SET amount = 18": [
        "payment {payment}: refunded is 18.33, should be 18",
        "refund RF-00001: amount is 18.33, should be 18",
    ],
    "UPDATE sales_refund SET state = 'cancelled', settled_at = NULL": [
        "credit note CN-{year}-00001: refunded is 18.33, should be 0",
        "payment {payment}: refunded is 18.33, should be 0",
        "refund RF-00001: booked is 18.33, should be 0",
    ],
    "DELETE FROM sales_ledgerline WHERE ledger = 'tax' AND amount > 0": [
        "ledger entry {entry}: sum is -3.18, should be 0",
    ],
    "UPDATE stock_stockitem SET quantity = 6 WHERE quantity = 5": [
        "{bulk}: quantity is 6, should be 5",
    ],
    "UPDATE stock_stockitem SET state = 'held' WHERE serial = 'B-1'": [
        "unit BIKE B-1: place is {dock}, held, should be {dock}, quarantined",
    ],
    "UPDATE sales_unitsale SET until = NULL": [
        "unit BIKE B-1: holder is nobody, should be BO",
    ],
    "UPDATE sales_creditnote SET series_number = 3": [
        "credit note 1 of 1000 {year} is missing, should be there",
        "credit note 2 of 1000 {year} is missing, should be there",
    ],
}


@pytest.mark.parametrize("sql", TAMPERINGS)
def test_a_wrong_figure_is_named_with_the_right_one(world, sql):
    tamper(sql)

    assert sorted(broken()) == sorted(line.format(**names(world)) for line in TAMPERINGS[sql])


def names(world) -> dict[str, str]:
    """What the database named by itself."""
    from sales.models import Account, CreditNote, LedgerEntry, Payment

    item = StockItem.objects.filter(serial=None, quantity__in=[5, 6]).first()
    return {
        "payment": str(Payment.objects.get(amount=29).uuid),
        "account": str(Account.objects.get().uuid),
        "entry": str(LedgerEntry.objects.get(credit_note__isnull=False).pk),
        "inspection": str(world.inspections.get().uuid),
        "receipt": str(ReceiptLine.objects.get(quantity=2).uuid),
        "dock": world.business.returns_location.code,
        "bulk": f"bulk stock of {item.part.sku} at {item.location.code}, available,"
        f" item {item.uuid}",
        "year": CreditNote.objects.get().period,
    }
