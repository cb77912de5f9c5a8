"""Read a sales ledger: its invoices become finished sales, its credit notes finished returns."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from contextlib import contextmanager
from decimal import localcontext
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from returns.importing import (
    IMPORT,
    Classifier,
    Columns,
    Import,
    LedgerFile,
    Progress,
    ReportFile,
    Shape,
    Tally,
    header_of,
    parse_mapping,
    survey,
    write_summary,
)
from returns.importing.columns import DEFAULT_COLUMNS
from returns.setup import dock
from rmaproject.shared import clock
from rmaproject.shared.errors import DomainError
from sales.models import Business
from sales.services.businesses import create_business

GO_ON = "What was imported so far stays; run the same command again to finish it."


#: The business of ledgers that name none, so that they never mix with the books of another.
OWN_BUSINESS = "LEDGER"


class Command(BaseCommand):
    help = (
        "Import a sales ledger from CSV, plain or gzip. Invoices become sold and invoiced orders, "
        "credit notes become returns; what is there already is left as it is, so a run that was "
        "interrupted is finished by running it again. Lines that cannot be imported go to a "
        "report file with their reason. A return counts as blind when no sale of it is known."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = ",".join(f"{name}={column}" for name, column in DEFAULT_COLUMNS.items())
        parser.add_argument("file", type=Path, help="the ledger")
        parser.add_argument(
            "--business",
            metavar="CODE",
            help=f"who sold; made when missing (the only one, or {OWN_BUSINESS} beside others)",
        )
        parser.add_argument("--currency", help="of the prices, by ISO 4217; for a new business")
        parser.add_argument("--time-zone", help="IANA name; for a new business (UTC)")
        parser.add_argument("--columns", default="", help=f"which column is what: {names}")
        parser.add_argument("--delimiter", default=",", help="between two columns (comma)")
        parser.add_argument("--encoding", default="utf-8", help="of the text (utf-8)")
        parser.add_argument("--credit-prefix", default="C", help="of credit note numbers (C)")
        parser.add_argument(
            "--report", type=Path, help="CSV of rejected lines (FILE.rejected.csv, here)"
        )
        parser.add_argument(
            "--remarks", type=Path, help="CSV of remarks on imported lines (FILE.remarks.csv, here)"
        )
        parser.add_argument("--summary", type=Path, help="JSON of counts and amounts")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            # Sums of money stay exact whatever numbers a file holds.
            with localcontext() as context:
                context.prec = 60
                tally = self._import(options)
        except DomainError as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code})") from refusal
        except OperationalError as problem:
            raise CommandError(f"The database does not answer: {problem} {GO_ON}") from problem
        except KeyboardInterrupt:
            raise CommandError(f"Interrupted. {GO_ON}", returncode=130) from None
        summary = tally.summary(time.monotonic() - started)
        if options["summary"]:
            write_summary(options["summary"], summary)
        self._tell(summary)

    def _import(self, options: dict[str, Any]) -> Tally:
        file = _file(options)
        columns = Columns(header_of(file), parse_mapping(options["columns"]))
        shape = Shape(columns, options["credit_prefix"])
        # The whole file is read once before anything is written: rubbish leaves no trace.
        found = survey(file, shape)
        business = _business(options)
        zone = ZoneInfo(business.time_zone)
        classifier = Classifier(shape, zone, clock.today(business))
        name = options["file"].name
        report = options["report"] or Path(f"{name}.rejected.csv")
        remarks = options["remarks"] or Path(f"{name}.remarks.csv")
        with (
            _kept(report, ["line", "reason", "sentence", *columns.header]) as rejected,
            _kept(remarks, ["remark", "return", "sku", "quantity"]) as remarked,
        ):
            progress = Progress(self._say)
            return Import(file, business, classifier, rejected, remarked, progress).run(found)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _tell(self, summary: dict[str, Any]) -> None:
        self._say(
            "{lines_read} lines: {lines_sold} sold, {lines_returned} returned, "
            "{lines_rejected} rejected.".format(**summary)
        )
        self._say(
            "{amount_read} in the file: {amount_imported} imported, {amount_rejected} "
            "rejected.".format(**summary)
        )
        self._say(
            "{orders} orders, {returns} returns ({blind_returns} blind); {seconds} s, "
            "{lines_per_second} lines/s, {peak_megabytes} MB at most.".format(**summary)
        )
        for reason, count in summary["rejected_by_reason"].items():
            self._say(f"  rejected {reason}: {count}")


@contextmanager
def _kept(path: Path, header: list[str]) -> Any:
    """A report that takes its place when all went well."""
    report = ReportFile(path, header)
    try:
        yield report
    except BaseException:
        report.discard()
        raise
    report.finish()


def _file(options: dict[str, Any]) -> LedgerFile:
    if not options["file"].is_file():
        raise CommandError(f"There is no file {options['file']}.")
    if len(options["delimiter"]) != 1:
        raise CommandError("A delimiter is one character.")
    if options["summary"] and not options["summary"].absolute().parent.is_dir():
        raise CommandError(f"There is no folder for the summary {options['summary']}.")
    try:
        b"".decode(options["encoding"])
    except LookupError:
        raise CommandError(f"There is no encoding {options['encoding']!r}.") from None
    return LedgerFile(options["file"], options["encoding"], options["delimiter"])


def _business(options: dict[str, Any]) -> Business:
    """The named business or the only one; among several, one of the ledger's own."""
    code, currency = options["business"], options["currency"]
    known = list(Business.objects.order_by("pk")[:2])
    if not code and len(known) > 1:
        code, options["currency"] = OWN_BUSINESS, currency or known[0].currency
    rows = Business.objects.filter(code__iexact=code) if code else Business.objects.all()
    found = list(rows[:1])
    if not found:
        return _new_business(code or "1000", options)
    if currency and currency != found[0].currency:
        raise CommandError(f"Business {found[0].code} sells in {found[0].currency}.")
    return found[0]


def _new_business(code: str, options: dict[str, Any]) -> Business:
    if not options["currency"]:
        raise CommandError(f"Business {code} will be made: say its --currency.")
    values = {
        "code": code,
        "name": f"Business {code}",
        "currency": options["currency"],
        "time_zone": options["time_zone"] or "UTC",
        "returns_location": dock(),
    }
    return create_business(values, actor=IMPORT)
